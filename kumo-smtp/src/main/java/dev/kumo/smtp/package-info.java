/**
 * The grammar of SMTP commands: RFC 5321 section 4 and nothing else.
 */
@NullMarked
package dev.kumo.smtp;

import org.jspecify.annotations.NullMarked;
