package dev.kumo.core.options;

import org.jspecify.annotations.Nullable;

/** A configuration that cannot be used: which key, and what is wrong with it. It comes before the first client does. */
public final class OptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String where;

    /**
     * Names a key and its trouble.
     *
     * @param where the path of the key, such as {@code start_esmtp_listener.domains['example.com'].relay_to}
     * @param text what is wrong with it and, if possible, the mend; without secrets
     */
    public OptionException(String where, String text) {
        this(where, text, null);
    }

    /**
     * Names a key, its trouble, and what found it.
     *
     * @param where the path of the key, such as {@code start_esmtp_listener.domains['example.com'].relay_to}
     * @param text what is wrong with it and, if possible, the mend; without secrets
     * @param cause what found it; null if nothing did
     */
    public OptionException(String where, String text, @Nullable Throwable cause) {
        super(where + ": " + text, cause);
        this.where = where;
    }

    /**
     * The path of the key.
     *
     * @return such as {@code start_esmtp_listener.domains['example.com'].relay_to}
     */
    public String where() {
        return where;
    }
}
