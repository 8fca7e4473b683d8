package dev.kumo.http;

import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import dev.kumo.http.secret.Secrets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Your say in what an HTTP listener does: one method per event, each with a neutral default.
 *
 * <p>A method may block; it runs on a thread that can wait. It may be called on several threads at once. If it throws,
 * the client is told {@code 500} and nothing of the cause, which goes to the log. Of several policies, any may accept
 * credentials, and the first refusal of a message decides.
 *
 * <p>Credentials that were accepted are not asked about again for a minute, if they come from the same address.
 */
public interface HttpPolicy {

    /**
     * A client says who it is with HTTP Basic authentication (RFC 7617): the event
     * {@code http_server_validate_auth_basic}.
     *
     * @param caller where it comes from
     * @param user the user
     * @param password the password, perhaps empty; never to be logged
     * @return whether it is the user
     */
    default boolean validateAuthBasic(Caller caller, String user, String password) {
        return false;
    }

    /**
     * A client shows a token (RFC 6750): the event {@code http_server_validate_auth_bearer}.
     *
     * @param caller where it comes from
     * @param token the token; never to be logged
     * @return whose token it is; empty if it is nobody's
     */
    default Optional<String> validateAuthBearer(Caller caller, String token) {
        return Optional.empty();
    }

    /**
     * A message was made of an injection, and is about to be received: the event {@code http_message_generated}. It
     * carries its {@code Received} header, if one is asked for, and not yet the supplemental trace header. With
     * {@code deferred_generation} this comes after the answer, perhaps after a restart: a refusal with 4xx, and what it throws, which goes to the log alone, is tried
     * again, and any other is told of as {@link dev.kumo.core.log.LogRecord.Bounce}.
     *
     * @param caller who injects it
     * @param message for one recipient; may be changed in every way
     * @return a refusal refuses this recipient alone
     */
    default Verdict messageGenerated(Caller caller, Message message) {
        return Verdict.proceed();
    }

    /**
     * A policy that knows users and their passwords. Comparing takes as long whatever is wrong, and the passwords are not
     * kept.
     *
     * @param passwords by user
     * @return the policy
     */
    static HttpPolicy basic(Map<String, String> passwords) {
        Secrets secrets = new Secrets(passwords);
        return onAuthBasic(secrets::fit);
    }

    /**
     * A policy that knows users and their tokens. Comparing takes as long whatever is wrong, and the tokens are not kept.
     *
     * @param tokens by user
     * @return the policy
     */
    static HttpPolicy bearer(Map<String, String> tokens) {
        Secrets secrets = new Secrets(tokens);
        return onAuthBearer(secrets::owner);
    }

    /**
     * A policy for {@link #validateAuthBasic} alone.
     *
     * @param decide called with user and password
     * @return the policy
     */
    static HttpPolicy onAuthBasic(BiPredicate<String, String> decide) {
        return new HttpPolicy() {
            @Override
            public boolean validateAuthBasic(Caller caller, String user, String password) {
                return decide.test(user, password);
            }
        };
    }

    /**
     * A policy for {@link #validateAuthBearer} alone.
     *
     * @param lookup called with a token
     * @return the policy
     */
    static HttpPolicy onAuthBearer(Function<String, Optional<String>> lookup) {
        return new HttpPolicy() {
            @Override
            public Optional<String> validateAuthBearer(Caller caller, String token) {
                return lookup.apply(token);
            }
        };
    }

    /**
     * A policy for {@link #messageGenerated} alone.
     *
     * @param decide called for each message
     * @return the policy
     */
    static HttpPolicy onMessageGenerated(BiFunction<Caller, Message, Verdict> decide) {
        return new HttpPolicy() {
            @Override
            public Verdict messageGenerated(Caller caller, Message message) {
                return decide.apply(caller, message);
            }
        };
    }
}
