package dev.kumo.lua;

import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import dev.kumo.http.Caller;
import dev.kumo.http.HttpPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of an HTTP listener as policies: one for each that the script handles, since a listener offers only those schemes of
 * authentication that a policy of its looks at.
 */
final class HttpPolicies {

    private static final String TRUSTED = "kumomta:http-listener-trusted-ip";

    private HttpPolicies() {}

    static List<HttpPolicy> of(Set<String> events, Sessions script) {
        List<HttpPolicy> policies = new ArrayList<>();
        if (events.contains(Events.AUTH_BASIC)) {
            policies.add(HttpPolicy.onAuthBasic((user, password) -> authBasic(script, user, password)));
        }
        if (events.contains(Events.AUTH_BEARER)) {
            policies.add(HttpPolicy.onAuthBearer(token -> authBearer(script, token)));
        }
        if (events.contains(Events.MESSAGE_GENERATED)) {
            policies.add(HttpPolicy.onMessageGenerated((caller, message) -> generated(script, caller, message)));
        }
        return policies;
    }

    private static boolean authBasic(Sessions script, String user, String password) {
        Object result = answer(script, Events.AUTH_BASIC, user, password);
        if (result == null || result instanceof Boolean) {
            return Boolean.TRUE.equals(result);
        }
        AuthInfo.requireOnly(Events.AUTH_BASIC, AuthInfo.identities(Events.AUTH_BASIC, result), user);
        return true;
    }

    private static Optional<String> authBearer(Sessions script, String token) {
        Object result = answer(script, Events.AUTH_BEARER, token);
        if (result == null || Boolean.FALSE.equals(result)) {
            return Optional.empty();
        }
        if (Boolean.TRUE.equals(result)) {
            throw new IllegalArgumentException(
                    "a handler of " + Events.AUTH_BEARER + " returned true; whose token it is has to be"
                            + " known: return { identities = { { identity = 'name', context = 'BearerToken' } } }");
        }
        return Optional.of(AuthInfo.identities(Events.AUTH_BEARER, result).get(0));
    }

    private static @Nullable Object answer(Sessions script, String event, String... shown) {
        try {
            return script.call(event, true, (Object[]) shown);
        } catch (LuaRefusal refusal) {
            throw new IllegalArgumentException(
                    "kumo.reject has no effect in " + event + "; return false, or whose credentials they are", refusal);
        }
    }

    private static Verdict generated(Sessions script, Caller caller, Message message) {
        try {
            script.call(Events.MESSAGE_GENERATED, false, message, authInfo(caller));
            return Verdict.proceed();
        } catch (LuaRefusal refusal) {
            return refusal.verdict();
        }
    }

    private static Map<String, Object> authInfo(Caller caller) {
        return AuthInfo.of(
                caller.client().getAddress(), caller.user(), caller.trusted() ? List.of(TRUSTED) : List.of());
    }
}
