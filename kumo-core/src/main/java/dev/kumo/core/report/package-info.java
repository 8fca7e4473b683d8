/**
 * Tells bounces and complaints that arrive as mail from other mail.
 */
@NullMarked
package dev.kumo.core.report;

import org.jspecify.annotations.NullMarked;
