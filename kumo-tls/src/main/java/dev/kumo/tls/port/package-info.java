/** The port of a listener on Netty, whatever is spoken there; embedders need not know it. */
@NullMarked
package dev.kumo.tls.port;

import org.jspecify.annotations.NullMarked;
