package dev.kumo.smtp.server;

/**
 * What a client shows to be somebody, by the mechanism PLAIN (RFC 4616).
 *
 * @param authorization whom it wants to act as; the same as {@code authentication} if it did not say
 * @param authentication who it is
 * @param password what proves it; never log it
 */
public record PlainCredentials(String authorization, String authentication, String password) {

    /** Who it is, without the password. */
    @Override
    public String toString() {
        return "PlainCredentials[authorization=" + authorization + ", authentication=" + authentication
                + ", password=(hidden)]";
    }
}
