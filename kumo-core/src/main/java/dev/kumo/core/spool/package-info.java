/**
 * Keeps messages from their reception until they are delivered.
 */
@NullMarked
package dev.kumo.core.spool;

import org.jspecify.annotations.NullMarked;
