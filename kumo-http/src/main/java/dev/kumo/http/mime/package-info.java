/** Headers and parts of mail, RFC 5322 and RFC 2045 to 2047, without a thought of HTTP. Hidden. */
@NullMarked
package dev.kumo.http.mime;

import org.jspecify.annotations.NullMarked;
