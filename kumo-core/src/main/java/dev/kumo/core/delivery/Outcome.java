package dev.kumo.core.delivery;

import dev.kumo.core.mail.Reply;

/** How one attempt to deliver one message ended. */
public sealed interface Outcome {

    /**
     * What the other side said, or what a store that speaks no SMTP would have said.
     *
     * @return of the class that fits the outcome
     */
    Reply reply();

    /**
     * The other side has the message and answers for it.
     *
     * @param reply 200 to 299
     */
    record Delivered(Reply reply) implements Outcome {

        /**
         * Checks the class of the reply.
         *
         * @param reply 200 to 299
         * @throws IllegalArgumentException if it has another code
         */
        public Delivered {
            if (!reply.isPositive()) {
                throw new IllegalArgumentException("a delivery has a reply of 200 to 299, not " + reply.code());
            }
        }
    }

    /**
     * Not now: another attempt may succeed.
     *
     * @param reply 400 to 499
     */
    record Deferred(Reply reply) implements Outcome {

        /**
         * Checks the class of the reply.
         *
         * @param reply 400 to 499
         * @throws IllegalArgumentException if it has another code
         */
        public Deferred {
            if (!reply.isTransient()) {
                throw new IllegalArgumentException("a deferral has a reply of 400 to 499, not " + reply.code());
            }
        }
    }

    /**
     * Not ever: another attempt would fail again.
     *
     * @param reply 500 to 599
     */
    record Refused(Reply reply) implements Outcome {

        /**
         * Checks the class of the reply.
         *
         * @param reply 500 to 599
         * @throws IllegalArgumentException if it has another code
         */
        public Refused {
            if (!reply.isPermanent()) {
                throw new IllegalArgumentException("a refusal has a reply of 500 to 599, not " + reply.code());
            }
        }
    }
}
