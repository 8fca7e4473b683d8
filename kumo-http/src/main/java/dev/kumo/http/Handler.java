package dev.kumo.http;

/** Answers the requests of a route. */
@FunctionalInterface
public interface Handler {

    /**
     * Answers a request. This may block: it runs on a thread that can wait, and for several requests at once.
     *
     * @param request read to its end
     * @return the answer
     * @throws Exception if there is none: the client is told {@code 500} and nothing of the cause, which goes to the log
     */
    Response handle(Request request) throws Exception;
}
