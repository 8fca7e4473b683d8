/**
 * The log of every message's life, sent to a web server.
 */
@NullMarked
package dev.kumo.core.log.webhook;

import org.jspecify.annotations.NullMarked;
