/**
 * The front door: an MTA composed of listeners, a reception, a spool and a delivery.
 */
@NullMarked
package dev.kumo.core;

import org.jspecify.annotations.NullMarked;
