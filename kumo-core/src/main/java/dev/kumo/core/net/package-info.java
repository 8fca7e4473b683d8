/**
 * Addresses, CIDR sets, listen strings and durations as text.
 */
@NullMarked
package dev.kumo.core.net;

import org.jspecify.annotations.NullMarked;
