/**
 * What happens to mail, told to the JDK Flight Recorder.
 */
@NullMarked
package dev.kumo.core.log.jfr;

import org.jspecify.annotations.NullMarked;
