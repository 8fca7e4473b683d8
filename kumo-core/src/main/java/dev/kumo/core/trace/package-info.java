/**
 * The {@code Received} header and the supplemental trace header.
 */
@NullMarked
package dev.kumo.core.trace;

import org.jspecify.annotations.NullMarked;
