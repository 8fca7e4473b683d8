/** Templates in their dialects, and what filling them may cost. Hidden. */
@NullMarked
package dev.kumo.http.template;

import org.jspecify.annotations.NullMarked;
