/**
 * Text of others, made fit to be shown. Not exported.
 */
@NullMarked
package dev.kumo.core.text;

import org.jspecify.annotations.NullMarked;
