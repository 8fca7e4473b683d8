/**
 * What happened, told to observers that decide nothing.
 */
@NullMarked
package dev.kumo.core.log;

import org.jspecify.annotations.NullMarked;
