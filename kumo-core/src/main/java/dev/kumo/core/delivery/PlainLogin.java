package dev.kumo.core.delivery;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * As whom to log in with AUTH PLAIN (RFC 4616).
 *
 * @param username not empty
 * @param password not empty; never printed
 */
public record PlainLogin(String username, String password) {

    /**
     * Checks both.
     *
     * @param username not empty
     * @param password not empty
     * @throws IllegalArgumentException if one is empty, or has a NUL in it
     */
    public PlainLogin {
        if (username.isEmpty() || password.isEmpty() || username.indexOf('\0') >= 0 || password.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a user name and a password are not empty, and hold no NUL");
        }
    }

    static Optional<PlainLogin> of(@Nullable String username, @Nullable String password) {
        if (username == null && password == null) {
            return Optional.empty();
        }
        if (username == null || password == null) {
            throw new IllegalArgumentException(
                    username == null
                            ? "smtp_auth_plain_password is set but smtp_auth_plain_username is not; set both"
                            : "smtp_auth_plain_username is set but smtp_auth_plain_password is not; set both");
        }
        return Optional.of(new PlainLogin(username, password));
    }

    /** The name only. */
    @Override
    public String toString() {
        return "PlainLogin[username=" + username + "]";
    }
}
