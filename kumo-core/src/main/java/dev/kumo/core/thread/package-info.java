/** Threads for what may block, which the modules of this project share and embedders need not know. */
@NullMarked
package dev.kumo.core.thread;

import org.jspecify.annotations.NullMarked;
