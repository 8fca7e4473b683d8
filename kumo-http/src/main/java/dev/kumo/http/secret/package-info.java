/** Passwords and tokens, as clients show them and as they are compared. Hidden. */
@NullMarked
package dev.kumo.http.secret;

import org.jspecify.annotations.NullMarked;
