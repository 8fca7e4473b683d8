/**
 * Bounces and complaints that arrive as mail.
 */
@NullMarked
package dev.kumo.core.report;

import org.jspecify.annotations.NullMarked;
