package dev.kumo.core.policy;

import dev.kumo.core.mail.Reply;

/**
 * What a policy decides about one step of a session.
 *
 * <p>A reply that would contradict itself cannot be made ({@link Reply}); one that is not a refusal cannot be given to
 * {@link #reject(Reply)}.
 */
public sealed interface Verdict {

    /** Goes on; the step's usual reply is given. */
    record Proceed() implements Verdict {
        private static final Proceed INSTANCE = new Proceed();
    }

    /**
     * Refuses the step; the session goes on, unless the code is 421.
     *
     * @param reply 400 to 599
     */
    record Reject(Reply reply) implements Verdict {
        /**
         * Checks that the reply refuses.
         *
         * @param reply 400 to 599
         * @throws IllegalArgumentException if it does not
         */
        public Reject {
            requireRefusal(reply);
        }
    }

    /**
     * Refuses the step and closes the connection after the reply.
     *
     * @param reply 400 to 599
     */
    record Disconnect(Reply reply) implements Verdict {
        /**
         * Checks that the reply refuses.
         *
         * @param reply 400 to 599
         * @throws IllegalArgumentException if it does not
         */
        public Disconnect {
            requireRefusal(reply);
        }
    }

    /**
     * Goes on.
     *
     * @return the verdict
     */
    static Verdict proceed() {
        return Proceed.INSTANCE;
    }

    /**
     * Refuses the step.
     *
     * @param code 400 to 599; 421 also closes the connection
     * @param status an enhanced status of the same class, such as {@code 5.7.1}
     * @param text what the other side's operator may read
     * @return the verdict
     * @throws IllegalArgumentException if the code is not a refusal or contradicts the status
     */
    static Verdict reject(int code, String status, String text) {
        return new Reject(Reply.of(code, status, text));
    }

    /**
     * Refuses the step.
     *
     * @param reply 400 to 599
     * @return the verdict
     * @throws IllegalArgumentException if the reply is not a refusal
     */
    static Verdict reject(Reply reply) {
        return new Reject(reply);
    }

    /**
     * Refuses the step and closes the connection.
     *
     * @param code 400 to 599
     * @param status an enhanced status of the same class
     * @param text what the other side's operator may read
     * @return the verdict
     * @throws IllegalArgumentException if the code is not a refusal or contradicts the status
     */
    static Verdict disconnect(int code, String status, String text) {
        return new Disconnect(Reply.of(code, status, text));
    }

    private static void requireRefusal(Reply reply) {
        if (reply.code() < 400) {
            throw new IllegalArgumentException("a refusal has a code of 400 to 599, not " + reply.code());
        }
    }
}
