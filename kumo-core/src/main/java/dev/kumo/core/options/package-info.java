/**
 * Binds tables of documented keys to builders.
 */
@NullMarked
package dev.kumo.core.options;

import org.jspecify.annotations.NullMarked;
