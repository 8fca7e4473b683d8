/** What clients are told: answers, refusals, and the JSON that is read and written. Hidden. */
@NullMarked
package dev.kumo.http.answer;

import org.jspecify.annotations.NullMarked;
