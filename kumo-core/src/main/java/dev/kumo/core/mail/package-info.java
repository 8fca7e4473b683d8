/**
 * A message: its envelope, headers, content and meta data; and the replies of SMTP.
 */
@NullMarked
package dev.kumo.core.mail;

import org.jspecify.annotations.NullMarked;
