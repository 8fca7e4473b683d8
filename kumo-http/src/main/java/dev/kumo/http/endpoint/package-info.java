/** What the house itself answers, one endpoint a file, and how that is described (OpenAPI). Hidden. */
@NullMarked
package dev.kumo.http.endpoint;

import org.jspecify.annotations.NullMarked;
