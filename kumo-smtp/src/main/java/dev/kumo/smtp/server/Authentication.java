package dev.kumo.smtp.server;

import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.server.Policies.Event;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * AUTH, RFC 4954, by the mechanism PLAIN, RFC 4616, and under TLS only. What a client sends here is shown to the policy and
 * to nobody else: no log, no reply.
 */
final class Authentication {

    static final Set<Event> ASKS = Set.of(Event.AUTH_PLAIN);

    private static final String MECHANISM = "PLAIN";
    private static final int MOST_FAILURES = 3;
    private static final Verdict UNKNOWN = Verdict.reject(535, "5.7.8", "authentication failed");

    private final Policies policies;
    private final Peer peer;
    private int failures;

    Authentication(Policies policies, Peer peer) {
        this.policies = policies;
        this.peer = peer;
    }

    /** Whether any policy handles it; if so, MAIL takes the parameter AUTH, of which nothing is made (RFC 4954 section 5). */
    boolean isKnown() {
        return policies.handleAny(ASKS);
    }

    /** Whether EHLO says so, RFC 4954 section 3: not before TLS, as a password would be sent in clear. */
    boolean isOffered() {
        return isKnown() && peer.tls().isPresent() && peer.identity().isEmpty();
    }

    /** The command, with or without an initial response. */
    Answer begin(String argument) {
        if (!isKnown()) {
            return Answer.of(Replies.NOT_IMPLEMENTED);
        }
        if (peer.tls().isEmpty()) {
            return Answer.of(Replies.TLS_NEEDED);
        }
        if (peer.identity().isPresent()) {
            return Answer.of(Replies.AUTHENTICATED_ALREADY);
        }
        int blank = argument.indexOf(' ');
        String mechanism = blank < 0 ? argument : argument.substring(0, blank);
        if (!mechanism.equalsIgnoreCase(MECHANISM)) {
            return Answer.of(Replies.UNKNOWN_MECHANISM);
        }
        return blank < 0
                ? new Answer(Replies.SASL_CHALLENGE, Answer.Next.SASL)
                : respond(argument.substring(blank + 1).strip());
    }

    /** The client's response, RFC 4616 section 2. */
    Answer respond(String response) {
        if (response.equals("*")) {
            return Answer.of(Replies.SASL_CANCELLED);
        }
        PlainCredentials credentials = decoded(response);
        if (credentials == null) {
            return Answer.of(Replies.SASL_MALFORMED);
        }
        Verdict verdict = policies.authPlain(peer, credentials).orElse(UNKNOWN);
        Answer answer = Answer.of(verdict, () -> {
            peer.authenticated(credentials);
            return Answer.of(Replies.AUTHENTICATED);
        });
        if (answer.reply().isPositive()) {
            return answer;
        }
        // Who guesses has to connect again for every few guesses.
        return ++failures < MOST_FAILURES ? answer : Answer.close(answer.reply());
    }

    private static @Nullable PlainCredentials decoded(String response) {
        try {
            byte[] bytes = Base64.getDecoder().decode(response);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            String[] parts = text.split("\0", -1);
            if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
                return null;
            }
            return new PlainCredentials(parts[0].isEmpty() ? parts[1] : parts[0], parts[1], parts[2]);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }
}
