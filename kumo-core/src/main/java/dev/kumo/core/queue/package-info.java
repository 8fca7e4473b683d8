/**
 * When a message is tried, and how often: queues, back-off, rates.
 */
@NullMarked
package dev.kumo.core.queue;

import org.jspecify.annotations.NullMarked;
