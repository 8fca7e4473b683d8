/**
 * Where a message goes when it leaves: deliveries and their outcomes.
 */
@NullMarked
package dev.kumo.core.delivery;

import org.jspecify.annotations.NullMarked;
