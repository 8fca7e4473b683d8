/**
 * Policy scripts in Lua, run with the documented functions and events.
 */
@NullMarked
package dev.kumo.lua;

import org.jspecify.annotations.NullMarked;
