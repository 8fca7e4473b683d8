/**
 * The log of every message's life in files: JSON lines, zstd.
 */
@NullMarked
package dev.kumo.core.log.file;

import org.jspecify.annotations.NullMarked;
