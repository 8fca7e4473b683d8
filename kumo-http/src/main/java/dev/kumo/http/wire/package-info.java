/**
 * Octets to requests and answers to octets: HTTP/1.1 (RFC 9112) and HTTP/2 (RFC 9113), and what strangers may cost. Knows
 * neither paths nor mail, but a {@link dev.kumo.http.wire.Service}. Hidden.
 */
@NullMarked
package dev.kumo.http.wire;

import org.jspecify.annotations.NullMarked;
