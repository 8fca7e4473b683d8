/**
 * The HTTP listener: injection and administration.
 */
@NullMarked
package dev.kumo.http;

import org.jspecify.annotations.NullMarked;
