/**
 * The ESMTP listener, its options, and the session that answers commands.
 */
@NullMarked
package dev.kumo.smtp.server;

import org.jspecify.annotations.NullMarked;
