/** What SMTP sessions say and hear, shown to administrators. Hidden. */
@NullMarked
package dev.kumo.http.trace;

import org.jspecify.annotations.NullMarked;
