package dev.kumo.http;

import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The policies of a listener as one. Knows which credentials any of them looks at. */
final class Policies implements HttpPolicy {

    private final List<HttpPolicy> policies;
    private final boolean knowBasic;
    private final boolean knowBearer;

    Policies(List<HttpPolicy> policies) {
        this.policies = List.copyOf(policies);
        this.knowBasic = this.policies.stream().anyMatch(policy -> handles(policy, "validateAuthBasic"));
        this.knowBearer = this.policies.stream().anyMatch(policy -> handles(policy, "validateAuthBearer"));
    }

    private static boolean handles(HttpPolicy policy, String method) {
        return Arrays.stream(policy.getClass().getMethods())
                .anyMatch(candidate ->
                        candidate.getName().equals(method) && candidate.getDeclaringClass() != HttpPolicy.class);
    }

    boolean knowBasic() {
        return knowBasic;
    }

    boolean knowBearer() {
        return knowBearer;
    }

    @Override
    public boolean validateAuthBasic(Caller caller, String user, String password) {
        return policies.stream().anyMatch(policy -> policy.validateAuthBasic(caller, user, password));
    }

    @Override
    public Optional<String> validateAuthBearer(Caller caller, String token) {
        return policies.stream()
                .flatMap(policy -> policy.validateAuthBearer(caller, token).stream())
                .findFirst();
    }

    @Override
    public Verdict messageGenerated(Caller caller, Message message) {
        for (HttpPolicy policy : policies) {
            Verdict verdict =
                    Objects.requireNonNull(policy.messageGenerated(caller, message), "a policy's verdict is null");
            if (!(verdict instanceof Verdict.Proceed)) {
                return verdict;
            }
        }
        return Verdict.proceed();
    }
}
