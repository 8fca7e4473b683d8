package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a listener says: every text in one place, each with its right code, made once. */
final class Replies {

    static final Reply NO_OPERATION = Reply.OK;
    static final Reply RESET = Reply.OK;
    static final Reply SENDER_OK = Reply.of(250, "2.1.0", "OK");
    static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "OK");
    static final Reply SEND_CONTENT = Reply.plain(354, "send the message, end it with CRLF.CRLF");
    static final Reply CHUNK_TAKEN = Reply.of(250, "2.0.0", "chunk taken");
    static final Reply HELP =
            Reply.of(214, "2.0.0", "commands: EHLO HELO STARTTLS MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY HELP");

    // RFC 5321 section 3.5.3: the honest answer of a server that does not look users up.
    static final Reply NOT_VERIFIED = Reply.of(252, "2.5.2", "cannot verify, but send mail and it will be tried");

    static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2", "line too long");
    static final Reply NOT_UTF8 = Reply.of(501, "5.5.2", "command is not UTF-8");
    static final Reply CONTROL_CHARACTER =
            Reply.of(500, "5.5.2", "command holds a control character; lines end with CRLF");
    static final Reply UNKNOWN_COMMAND = Reply.of(500, "5.5.1", "command not known");
    static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1", "command not implemented");

    static final Reply EHLO_FIRST = Reply.of(503, "5.5.1", "EHLO or HELO first");
    static final Reply EHLO_ALONE = Reply.of(503, "5.5.1", "EHLO first, HELO will not do");
    static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "MAIL first");
    static final Reply RCPT_FIRST = Reply.of(503, "5.5.1", "RCPT first");
    static final Reply MORE_CHUNKS = Reply.of(503, "5.5.1", "more of the message first, with BDAT; RSET drops it");
    static final Reply OPEN_TRANSACTION = Reply.of(503, "5.5.1", "a transaction is open already; RSET ends it");

    static final Reply START_TLS = Reply.of(220, "2.0.0", "begin TLS");
    static final Reply TLS_ACTIVE = Reply.of(503, "5.5.1", "TLS is active already");
    static final Reply TLS_UNAVAILABLE = Reply.of(454, "4.7.0", "TLS cannot be had now"); // RFC 3207 section 4

    // RFC 4954 sections 4 to 6.
    static final Reply SASL_CHALLENGE = Reply.plain(334, "");
    static final Reply AUTHENTICATED = Reply.of(235, "2.7.0", "authenticated");
    static final Reply AUTHENTICATED_ALREADY = Reply.of(503, "5.5.1", "authenticated already");
    static final Reply UNKNOWN_MECHANISM = Reply.of(504, "5.5.4", "mechanism not known; use PLAIN");
    static final Reply TLS_NEEDED = Reply.of(538, "5.7.11", "authentication needs STARTTLS first");
    static final Reply SASL_CANCELLED = Reply.of(501, "5.7.0", "authentication cancelled");
    static final Reply SASL_MALFORMED = Reply.of(501, "5.5.2", "response cannot be read");

    static final Reply UNKNOWN_PARAMETER = Reply.of(555, "5.5.4", "parameter not known");
    static final Reply PARAMETER_WITHOUT_EHLO = Reply.of(555, "5.5.4", "parameters need EHLO");
    static final Reply SMTPUTF8_NEEDED = Reply.of(553, "5.6.7", "this address needs SMTPUTF8"); // RFC 6531 section 3.5
    static final Reply MESSAGE_TOO_BIG = Reply.of(552, "5.3.4", "message too big");
    static final Reply TOO_MANY_RECIPIENTS = Reply.of(452, "4.5.3", "too many recipients");
    static final Reply TOO_MANY_MESSAGES =
            Reply.of(451, "4.3.2", "too many messages on this connection; connect again");
    static final Reply RELAYING_DENIED = Reply.of(550, "5.7.1", "relaying denied");
    static final Reply REPORT_TAKEN = Reply.of(250, "2.6.0", "report logged");
    static final Reply NOT_STORED = Reply.of(451, "4.3.0", "message not stored; try again later");

    final Reply greeting;
    final Reply helo;
    final Reply ehlo;
    final Reply ehloOfferingTls;
    final Reply ehloOfferingAuth;
    final Reply bye;
    final Reply trouble;
    final Reply idle;
    final Reply shuttingDown;
    final Reply tooManyConnections;
    final Reply tooManyErrors;
    final Reply tooManyCommands;
    final Reply overloaded;

    Replies(EsmtpListenerOptions options) {
        String hostname = options.hostname();
        greeting = greeting(hostname, options.banner());
        helo = Reply.plain(250, hostname);
        ehlo = ehlo(options);
        ehloOfferingTls = ehlo(options, "STARTTLS"); // RFC 3207
        ehloOfferingAuth = ehlo(options, "AUTH PLAIN"); // RFC 4954
        bye = Reply.of(221, "2.0.0", hostname + " closing the connection");
        trouble = Reply.of(421, "4.3.0", hostname + " technical difficulties; try again later");
        idle = Reply.of(421, "4.4.2", hostname + " waited too long");
        shuttingDown = Reply.of(421, "4.3.2", hostname + " shutting down; try again later");
        tooManyConnections = Reply.of(421, "4.3.2", hostname + " too many connections; try again later");
        tooManyErrors = Reply.of(421, "4.7.0", hostname + " too many errors");
        tooManyCommands = Reply.of(421, "4.7.0", hostname + " too many commands without a message");
        overloaded = Reply.of(421, "4.3.2", hostname + " too busy; try again later");
    }

    static Reply greeting(String hostname, String banner) {
        return Reply.plain(220, (hostname + " " + banner).lines().toList());
    }

    private static Reply ehlo(EsmtpListenerOptions options, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                options.hostname(),
                "PIPELINING", // RFC 2920
                "SIZE " + options.maxMessageSize(), // RFC 1870
                "8BITMIME", // RFC 6152
                "SMTPUTF8", // RFC 6531
                "CHUNKING", // RFC 3030
                "ENHANCEDSTATUSCODES")); // RFC 2034
        limits(options).ifPresent(lines::add);
        lines.addAll(List.of(more));
        lines.add("HELP");
        return Reply.plain(250, lines);
    }

    /** RFC 9422 section 4: how many transactions a session has, and recipients a transaction; six digits at most. */
    private static Optional<String> limits(EsmtpListenerOptions options) {
        String mails = limit(" MAILMAX=", options.maxMessagesPerConnection());
        String recipients = limit(" RCPTMAX=", options.maxRecipientsPerMessage());
        return Optional.of("LIMITS" + mails + recipients).filter(line -> line.indexOf('=') > 0);
    }

    private static String limit(String name, int value) {
        return value >= 1 && value <= 999_999 ? name + value : "";
    }
}
