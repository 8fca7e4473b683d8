package dev.kumo.auth.dkim;

import java.util.Locale;

/** What a header or a body may suffer on its way without breaking a signature, RFC 6376 section 3.4. */
public enum Canonicalization {

    /** White space may be changed: lines folded anew, runs of blanks made one, blanks at the end of a line lost. */
    RELAXED,

    /** Nothing, but for empty lines at the end of the body. */
    SIMPLE;

    /** The value in {@code c=}. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
