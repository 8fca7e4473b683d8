/**
 * Bounces and complaints that arrive as mail, told from other mail and read; and bounces written.
 *
 * <p>Reports are read with code of our own, not with a library for MIME: only direct parts of a message count, so that no
 * nesting has to be followed, and what a stranger sends is bounded in one pass.
 */
@NullMarked
package dev.kumo.core.report;

import org.jspecify.annotations.NullMarked;
