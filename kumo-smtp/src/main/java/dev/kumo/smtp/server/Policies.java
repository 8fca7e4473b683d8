package dev.kumo.smtp.server;

import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.ClientName;
import dev.kumo.smtp.MailFrom;
import dev.kumo.smtp.Recipient;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The policies of a listener as one: in order, the first refusal decides. Knows which events any of them handles. */
final class Policies implements Policy {

    /** The events of {@link Policy}, in the order in which a session asks them. */
    enum Event {
        CONNECTION_ACCEPTED("connectionAccepted", "smtp_server_connection_accepted"),
        EHLO("ehlo", "smtp_server_ehlo"),
        AUTH_PLAIN("authPlain", "smtp_server_auth_plain"),
        MAIL_FROM("mailFrom", "smtp_server_mail_from"),
        LISTENER_DOMAIN("listenerDomain", "get_listener_domain"),
        RCPT_TO("rcptTo", "smtp_server_rcpt_to"),
        DATA("data", "smtp_server_data"),
        MESSAGE_RECEIVED("messageReceived", "smtp_server_message_received");

        private final String method;
        private final String documentedName;

        Event(String method, String documentedName) {
            this.method = method;
            this.documentedName = documentedName;
        }

        /** What KumoMTA calls it. */
        String documentedName() {
            return documentedName;
        }

        /** Whether it has more than the default; a class that is no policy may bring it in. */
        private boolean isHandledBy(Policy policy) {
            return Arrays.stream(policy.getClass().getMethods())
                    .filter(candidate -> candidate.getName().equals(method))
                    .anyMatch(candidate -> candidate.getDeclaringClass() != Policy.class);
        }
    }

    private final List<Policy> policies;
    private final Set<Event> handled = EnumSet.noneOf(Event.class);

    Policies(List<Policy> policies) {
        this.policies = List.copyOf(policies);
        for (Event event : Event.values()) {
            if (policies.stream().anyMatch(event::isHandledBy)) {
                handled.add(event);
            }
        }
    }

    /** Whether user code runs at one of these events, so that the step needs a thread that can wait. */
    boolean handleAny(Set<Event> events) {
        return !handled.isEmpty() && !Collections.disjoint(handled, events);
    }

    private boolean handle(Event event) {
        return handled.contains(event);
    }

    private Verdict first(Event event, Peer peer, Function<Policy, Verdict> decide) {
        if (!handle(event)) {
            return Verdict.proceed();
        }
        @Nullable Verdict verdict = null;
        try {
            verdict = first(decide);
            return verdict;
        } finally {
            told(peer, event, verdict);
        }
    }

    private static void told(Peer peer, Event event, @Nullable Verdict verdict) {
        Tracer tracer = peer.tracer();
        if (tracer != null) {
            tracer.asked(event, verdict);
        }
    }

    private Verdict first(Function<Policy, Verdict> decide) {
        for (Policy policy : policies) {
            Verdict verdict = Objects.requireNonNull(decide.apply(policy), "a policy's verdict is null");
            if (!(verdict instanceof Verdict.Proceed)) {
                return verdict;
            }
        }
        return Verdict.proceed();
    }

    @Override
    public Verdict connectionAccepted(Peer peer) {
        return first(Event.CONNECTION_ACCEPTED, peer, policy -> policy.connectionAccepted(peer));
    }

    @Override
    public Verdict ehlo(Peer peer, ClientName name) {
        return first(Event.EHLO, peer, policy -> policy.ehlo(peer, name));
    }

    @Override
    public Optional<Verdict> authPlain(Peer peer, PlainCredentials credentials) {
        if (handle(Event.AUTH_PLAIN)) {
            for (Policy policy : policies) {
                Optional<Verdict> verdict = policy.authPlain(peer, credentials);
                if (verdict.isPresent()) {
                    told(peer, Event.AUTH_PLAIN, verdict.get());
                    return verdict;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Verdict mailFrom(Peer peer, MailFrom from) {
        return first(Event.MAIL_FROM, peer, policy -> policy.mailFrom(peer, from));
    }

    @Override
    public Optional<DomainOptions> listenerDomain(Peer peer, String domain) {
        if (handle(Event.LISTENER_DOMAIN)) {
            for (Policy policy : policies) {
                Optional<DomainOptions> options = policy.listenerDomain(peer, domain);
                if (options.isPresent()) {
                    told(peer, Event.LISTENER_DOMAIN, Verdict.proceed());
                    return options;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Verdict rcptTo(Peer peer, Recipient to) {
        return first(Event.RCPT_TO, peer, policy -> policy.rcptTo(peer, to));
    }

    @Override
    public Verdict data(Peer peer, Message message) {
        return first(Event.DATA, peer, policy -> policy.data(peer, message));
    }

    @Override
    public Verdict messageReceived(Peer peer, Message message) {
        return first(Event.MESSAGE_RECEIVED, peer, policy -> policy.messageReceived(peer, message));
    }
}
