package dev.kumo.smtp.server;

/**
 * What to do with message content that holds a carriage return or a line feed on its own, which RFC 5321 section 2.3.8
 * forbids. The key is {@code invalid_line_endings}; the default is {@link #DENY}.
 *
 * <p>Whatever is chosen, the end of the content is CRLF, dot, CRLF and nothing else, and a bare CR or LF never starts a
 * line that a dot could be stuffed into. So no sequence of bare line endings can end a message early and smuggle a
 * second one into the session.
 */
public enum InvalidLineEndings {

    /** Refuses the message with {@code 554 5.6.0}. */
    DENY,

    /**
     * Keeps the message as it is. A server further on that takes a bare line ending for a line may then be led to see
     * other messages in it than this one did; use it only in front of servers that do not.
     */
    ALLOW,

    /** Turns each bare CR and each bare LF into CRLF. */
    FIX
}
