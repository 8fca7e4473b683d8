/** What a listener counts. Hidden. */
@NullMarked
package dev.kumo.http.metric;

import org.jspecify.annotations.NullMarked;
