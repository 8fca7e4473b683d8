/**
 * Where certificates and private keys come from, and the TLS contexts made of them.
 */
@NullMarked
package dev.kumo.tls;

import org.jspecify.annotations.NullMarked;
