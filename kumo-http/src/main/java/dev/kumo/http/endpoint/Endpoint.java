package dev.kumo.http.endpoint;

import dev.kumo.http.answer.Answer;

/**
 * A path, and what it answers to one method.
 *
 * @param open whether everybody may ask; otherwise {@code trusted_hosts} alone
 * @param operation what is told of it
 */
public record Endpoint(String method, String path, boolean open, Operation operation, Action action) {

    /** Does what is asked. It may block. */
    @FunctionalInterface
    public interface Action {

        Answer answer(Ask ask) throws Exception;
    }

    static Endpoint open(String method, String path, Operation operation, Action action) {
        return new Endpoint(method, path, true, operation, action);
    }

    static Endpoint trusted(String method, String path, Operation operation, Action action) {
        return new Endpoint(method, path, false, operation, action);
    }
}
