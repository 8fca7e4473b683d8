package dev.kumo.smtp.server;

import dev.kumo.core.log.SessionEvent;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.RelayDecision;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.report.ReportKind;
import dev.kumo.smtp.Verb;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells one session's dialogue to whoever listens to the trace. Credentials are not told, and neither is what may be some: any line
 * that is no command once AUTH was tried.
 */
final class Tracer {

    static final String LEFT_OUT = "[left out, as it may hold credentials]";

    private static final Set<String> VERBS = Arrays.stream(Verb.values())
            .filter(verb -> verb != Verb.UNKNOWN)
            .map(Verb::name)
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> MECHANISMS =
            Set.of("PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER", "SCRAM-SHA-1", "SCRAM-SHA-256");

    private final SessionTrace trace;
    private final InstantSource time;
    private final Peer peer;
    private boolean authTried;

    /** What was told last, as the session may be at work while its connection ends. */
    private volatile @Nullable Map<String, Object> meta;

    Tracer(SessionTrace trace, InstantSource time, Peer peer) {
        this.trace = trace;
        this.time = time;
        this.peer = peer;
    }

    /** Whether anybody listens, so that it is worth telling. */
    boolean isHeard() {
        return trace.isHeard(peer.client().getAddress());
    }

    private void tell(SessionEvent.What what) {
        Map<String, Object> known = peer.meta().asMap();
        meta = known;
        trace.tell(new SessionEvent(time.instant(), peer.client(), known, what));
    }

    void connected() {
        if (isHeard()) {
            tell(new SessionEvent.Connected());
        }
    }

    /** May be called while a step of the session runs. */
    void closed() {
        if (isHeard()) {
            Map<String, Object> known = meta;
            trace.tell(new SessionEvent(
                    time.instant(), peer.client(), known == null ? Map.of() : known, new SessionEvent.Closed()));
        }
    }

    void line(String line) {
        String said = line.strip();
        authTried |= said.regionMatches(
                true, 0, Verb.AUTH.name(), 0, Verb.AUTH.name().length());
        if (isHeard()) {
            tell(said);
        }
    }

    private void tell(String line) {
        String[] words = line.split("[ \t]+", 3);
        String verb = words[0].toUpperCase(Locale.ROOT);
        if (verb.startsWith(Verb.AUTH.name())) {
            String mechanism = words.length > 1 ? words[1].toUpperCase(Locale.ROOT) : "";
            read(
                    verb.equals("AUTH") && MECHANISMS.contains(mechanism)
                            ? "AUTH " + mechanism + (words.length > 2 ? " " + LEFT_OUT : "")
                            : LEFT_OUT);
        } else if (VERBS.contains(verb)) {
            read(line);
        } else {
            boolean harmless = !authTried && !line.toUpperCase(Locale.ROOT).contains("AUTH");
            read(harmless ? line : LEFT_OUT);
        }
    }

    /** A response to a challenge of AUTH. */
    void response() {
        if (isHeard()) {
            read(LEFT_OUT);
        }
    }

    /** A piece of content, which was read from here to the position of the buffer. */
    void content(ByteBuffer bytes, int from) {
        if (bytes.position() > from && isHeard()) {
            ByteBuffer piece = bytes.duplicate().limit(bytes.position()).position(from);
            read(StandardCharsets.UTF_8.decode(piece).toString());
        }
    }

    private void read(String text) {
        tell(new SessionEvent.Read(text));
    }

    void said(Reply reply) {
        if (isHeard()) {
            tell(new SessionEvent.Write(reply.wire()));
        }
    }

    void refusedUnread(Reply reply) {
        if (isHeard()) {
            tell(new SessionEvent.Diagnostic(
                    System.Logger.Level.WARNING, "a line is not looked at: " + String.join(" ", reply.lines())));
        }
    }

    void secured(String protocol, String cipher) {
        if (isHeard()) {
            tell(new SessionEvent.Diagnostic(System.Logger.Level.INFO, "TLS begins: " + protocol + " " + cipher));
        }
    }

    /**
     * A policy was asked.
     *
     * @param verdict null if it failed
     */
    void asked(Policies.Event event, @Nullable Verdict verdict) {
        if (verdict == null) {
            asked(event, Optional.empty(), Optional.of("it failed; the log of the server has the cause"));
        } else if (verdict instanceof Verdict.Reject reject) {
            asked(event, Optional.empty(), Optional.of(reject.reply().toString()));
        } else if (verdict instanceof Verdict.Disconnect disconnect) {
            asked(event, Optional.empty(), Optional.of(disconnect.reply().toString()));
        } else {
            asked(event, Optional.of("proceed"), Optional.empty());
        }
    }

    void asked(Policies.Event event, Optional<String> result, Optional<String> error) {
        if (isHeard()) {
            tell(new SessionEvent.Callback(event.documentedName(), result, error));
        }
    }

    void disposed(Message message, EnvelopeAddress recipient, RelayDecision decision, ReportKind kind) {
        if (isHeard()) {
            RelayDecision.Fate fate = decision.fate(kind);
            tell(new SessionEvent.MessageDisposition(
                    message.id(),
                    message.sender(),
                    recipient,
                    message.queue(),
                    message.meta().asMap(),
                    decision.relay(),
                    decision.logArf(),
                    decision.logOob(),
                    fate == RelayDecision.Fate.LOG_ONLY || fate == RelayDecision.Fate.LOG_AND_SPOOL,
                    fate == RelayDecision.Fate.SPOOL || fate == RelayDecision.Fate.LOG_AND_SPOOL));
        }
    }
}
