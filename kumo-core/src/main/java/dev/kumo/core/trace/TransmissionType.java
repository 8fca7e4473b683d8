package dev.kumo.core.trace;

/**
 * How a message came, for the {@code with} clause of {@code Received}: the mail transmission types of RFC 3848 and RFC
 * 6531 section 4.3.
 */
public enum TransmissionType {
    /** After {@code HELO}. */
    SMTP,
    /** After {@code EHLO}. */
    ESMTP,
    /** After {@code EHLO}, by an authenticated client. */
    ESMTPA,
    /** After {@code EHLO}, over TLS. */
    ESMTPS,
    /** After {@code EHLO}, over TLS, by an authenticated client. */
    ESMTPSA,
    /** With {@code SMTPUTF8}. */
    UTF8SMTP,
    /** With {@code SMTPUTF8}, by an authenticated client. */
    UTF8SMTPA,
    /** With {@code SMTPUTF8}, over TLS. */
    UTF8SMTPS,
    /** With {@code SMTPUTF8}, over TLS, by an authenticated client. */
    UTF8SMTPSA;

    /**
     * The type that fits the facts of a session.
     *
     * @param extended whether the client said {@code EHLO}; without it the type is {@link #SMTP} whatever the rest, as
     *     no other fact can be told of such a session
     * @param tls whether the session is over TLS
     * @param authenticated whether the client has authenticated
     * @param utf8 whether the client asked for {@code SMTPUTF8} for this message
     * @return the type
     */
    public static TransmissionType of(boolean extended, boolean tls, boolean authenticated, boolean utf8) {
        if (!extended) {
            return SMTP;
        }
        if (tls) {
            return authenticated ? (utf8 ? UTF8SMTPSA : ESMTPSA) : (utf8 ? UTF8SMTPS : ESMTPS);
        }
        return authenticated ? (utf8 ? UTF8SMTPA : ESMTPA) : (utf8 ? UTF8SMTP : ESMTP);
    }

    boolean isUtf8() {
        return compareTo(UTF8SMTP) >= 0;
    }
}
