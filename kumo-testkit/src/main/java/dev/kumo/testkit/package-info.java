/**
 * Mail flows in one process: dialogues without a socket, and a whole MTA for a test.
 */
@NullMarked
package dev.kumo.testkit;

import org.jspecify.annotations.NullMarked;
