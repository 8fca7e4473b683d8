/**
 * What happens to mail, counted for Micrometer under the names of KumoMTA's metrics. Needs the library
 * {@code io.micrometer:micrometer-core}, which nothing else here does.
 */
@NullMarked
package dev.kumo.core.log.micrometer;

import org.jspecify.annotations.NullMarked;
