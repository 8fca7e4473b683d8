package dev.kumo.http.endpoint;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.wire.Takeover;
import org.jspecify.annotations.Nullable;

/**
 * A path, and what it answers to one method.
 *
 * @param open whether everybody may ask; otherwise {@code trusted_hosts} alone
 * @param operation what is told of it
 * @param takeover what goes on in place of an answer; if there is one, the action answers HEAD alone
 */
public record Endpoint(
        String method,
        String path,
        boolean open,
        Operation operation,
        Action action,
        @Nullable Takeover takeover) {

    /** Does what is asked. It may block. */
    @FunctionalInterface
    public interface Action {

        Answer answer(Ask ask) throws Exception;
    }

    static Endpoint open(String method, String path, Operation operation, Action action) {
        return new Endpoint(method, path, true, operation, action, null);
    }

    public static Endpoint trusted(String method, String path, Operation operation, Action action) {
        return new Endpoint(method, path, false, operation, action, null);
    }

    /** One of GET for {@code trusted_hosts} that goes on. */
    public static Endpoint taken(String path, Operation operation, Takeover takeover) {
        return new Endpoint("GET", path, false, operation, ask -> Answer.of(200), takeover);
    }
}
