package dev.kumo.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Certificates or keys that cannot be had or cannot be used: which source, what is wrong with it, and the mend. Its text
 * and its causes never hold a key, a password, a token, or what a source contained.
 */
public sealed class TlsException extends IOException permits TlsException.Passing {

    private static final long serialVersionUID = 1L;

    TlsException(String text) {
        this(text, null);
    }

    TlsException(String text, @Nullable Throwable cause) {
        super(text, cause);
    }

    /**
     * Whether the trouble may be gone at the next try, and nothing needs to be changed here: Vault cannot be reached, or
     * is not ready.
     *
     * @return false if a file, a secret, or what names it is to be mended first
     */
    public boolean mayPass() {
        return false;
    }

    /** One that may be gone at the next try. */
    static final class Passing extends TlsException {

        private static final long serialVersionUID = 1L;

        Passing(String text, @Nullable Throwable cause) {
            super(text, cause);
        }

        @Override
        public boolean mayPass() {
            return true;
        }
    }
}
