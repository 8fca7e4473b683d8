/**
 * What every room asks of text: how long it is on the wire, and how to show what a stranger wrote. Not exported.
 */
@NullMarked
package dev.kumo.core.text;

import org.jspecify.annotations.NullMarked;
