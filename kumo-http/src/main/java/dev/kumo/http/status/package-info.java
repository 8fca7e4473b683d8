/** How it stands with the whole of an MTA: the status page and its live figures. Hidden. */
@NullMarked
package dev.kumo.http.status;

import org.jspecify.annotations.NullMarked;
