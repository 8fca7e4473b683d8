package dev.kumo.lua;

import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.server.Peer;
import dev.kumo.smtp.server.PlainCredentials;
import dev.kumo.smtp.server.Policy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events of a session as policies: one for each that the script handles, so that the others cost nothing. */
final class SessionPolicies {

    /** Calls the handlers of a session's script. */
    @FunctionalInterface
    interface Caller {
        @Nullable Object call(Peer peer, String event, boolean first, @Nullable Object... arguments);
    }

    private final Caller script;

    private SessionPolicies(Caller script) {
        this.script = script;
    }

    static List<Policy> of(Set<String> events, Caller script) {
        SessionPolicies session = new SessionPolicies(script);
        List<Policy> policies = new ArrayList<>();
        Events.OF_A_SESSION.stream().filter(events::contains).forEach(event -> policies.add(session.policy(event)));
        return policies;
    }

    private Policy policy(String event) {
        return switch (event) {
            case Events.CONNECTION_ACCEPTED -> Policy.onConnectionAccepted(peer -> verdict(peer, event, peer));
            case Events.EHLO -> Policy.onEhlo((peer, name) -> ehlo(peer, name.text()));
            case Events.AUTH_PLAIN ->
                new Policy() {
                    @Override
                    public Optional<Verdict> authPlain(Peer peer, PlainCredentials credentials) {
                        return SessionPolicies.this.authPlain(peer, credentials);
                    }
                };
            case Events.MAIL_FROM -> Policy.onMailFrom((peer, from) -> verdict(peer, event, from.sender(), peer));
            case Events.LISTENER_DOMAIN -> Policy.onListenerDomain(this::listenerDomain);
            case Events.RCPT_TO -> Policy.onRcptTo((peer, to) -> verdict(peer, event, to.address(), peer));
            case Events.DATA -> Policy.onData((peer, message) -> verdict(peer, event, message, peer));
            case Events.MESSAGE_RECEIVED ->
                Policy.onMessageReceived((peer, message) -> verdict(peer, event, message, peer));
            default -> throw new IllegalStateException(event + " is no event of a session");
        };
    }

    private Verdict verdict(Peer peer, String event, Object... arguments) {
        try {
            script.call(peer, event, false, arguments);
            return Verdict.proceed();
        } catch (LuaRefusal refusal) {
            return refusal.verdict();
        }
    }

    private Verdict ehlo(Peer peer, String name) {
        try {
            Object result = script.call(peer, Events.EHLO, true, name, peer);
            if (result instanceof List || result instanceof Map) {
                throw new IllegalArgumentException(
                        "a handler of smtp_server_ehlo returned a list of extensions; these are the listener's own here");
            }
            return Verdict.proceed();
        } catch (LuaRefusal refusal) {
            return refusal.verdict();
        }
    }

    private Optional<Verdict> authPlain(Peer peer, PlainCredentials shown) {
        Object result;
        try {
            result = script.call(
                    peer,
                    Events.AUTH_PLAIN,
                    true,
                    shown.authorization(),
                    shown.authentication(),
                    shown.password(),
                    peer);
        } catch (LuaRefusal refusal) {
            return Optional.of(refusal.verdict());
        }
        if (result == null || result instanceof Boolean) {
            return Boolean.TRUE.equals(result) ? Optional.of(Verdict.proceed()) : Optional.empty();
        }
        AuthInfo.requireOnly(
                Events.AUTH_PLAIN,
                AuthInfo.identities(Events.AUTH_PLAIN, result),
                shown.authorization(),
                shown.authentication());
        return Optional.of(Verdict.proceed());
    }

    private Optional<DomainOptions> listenerDomain(Peer peer, String domain) {
        InetSocketAddress local = peer.local();
        String ip = IpLiteral.format(local.getAddress());
        String listener = (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + local.getPort();
        Object result;
        try {
            result = script.call(peer, Events.LISTENER_DOMAIN, true, domain, listener, peer);
        } catch (LuaRefusal refusal) {
            throw new IllegalArgumentException(
                    "kumo.reject has no effect in get_listener_domain; return nil, or options", refusal);
        }
        if (result == null || result instanceof DomainOptions) {
            return Optional.ofNullable((DomainOptions) result);
        }
        throw new IllegalArgumentException(
                "a handler of get_listener_domain must return kumo.make_listener_domain { … } or nil");
    }
}
