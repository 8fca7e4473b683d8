/**
 * What every place has that records go to: a bounded wait, and a count of what was lost. Not exported.
 */
@NullMarked
package dev.kumo.core.log.sink;

import org.jspecify.annotations.NullMarked;
