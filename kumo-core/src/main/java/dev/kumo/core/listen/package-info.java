/** What listeners of all protocols share and embedders need not know. */
@NullMarked
package dev.kumo.core.listen;

import org.jspecify.annotations.NullMarked;
