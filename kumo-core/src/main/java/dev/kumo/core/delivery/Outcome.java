package dev.kumo.core.delivery;

import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Reply;
import java.util.List;
import java.util.Optional;

/** How one attempt to deliver one message ended. */
public sealed interface Outcome {

    /**
     * What the other side said, or what a store that speaks no SMTP would have said.
     *
     * @return of the class that fits the outcome
     */
    Reply reply();

    /**
     * How it was tried.
     *
     * @return {@link Attempt#NONE} where nothing is known
     */
    Attempt attempt();

    /**
     * The other side has the message and answers for it.
     *
     * @param reply 200 to 299
     * @param attempt how it was tried
     */
    record Delivered(Reply reply, Attempt attempt) implements Outcome {

        /**
         * Checks the class of the reply.
         *
         * @param reply 200 to 299
         * @param attempt how it was tried
         * @throws IllegalArgumentException if it has another code
         */
        public Delivered {
            if (!reply.isPositive()) {
                throw new IllegalArgumentException("a delivery has a reply of 200 to 299, not " + reply.code());
            }
        }

        /**
         * Without saying how it was tried.
         *
         * @param reply 200 to 299
         * @throws IllegalArgumentException if it has another code
         */
        public Delivered(Reply reply) {
            this(reply, Attempt.NONE);
        }
    }

    /**
     * Not now: another attempt may succeed.
     *
     * @param reply 400 to 499
     * @param attempt how it was tried
     */
    record Deferred(Reply reply, Attempt attempt) implements Outcome {

        /**
         * Checks the class of the reply.
         *
         * @param reply 400 to 499
         * @param attempt how it was tried
         * @throws IllegalArgumentException if it has another code
         */
        public Deferred {
            if (!reply.isTransient()) {
                throw new IllegalArgumentException("a deferral has a reply of 400 to 499, not " + reply.code());
            }
        }

        /**
         * Without saying how it was tried.
         *
         * @param reply 400 to 499
         * @throws IllegalArgumentException if it has another code
         */
        public Deferred(Reply reply) {
            this(reply, Attempt.NONE);
        }
    }

    /**
     * Not ever: another attempt would fail again.
     *
     * @param reply 500 to 599
     * @param attempt how it was tried
     */
    record Refused(Reply reply, Attempt attempt) implements Outcome {

        /**
         * Checks the class of the reply.
         *
         * @param reply 500 to 599
         * @param attempt how it was tried
         * @throws IllegalArgumentException if it has another code
         */
        public Refused {
            if (!reply.isPermanent()) {
                throw new IllegalArgumentException("a refusal has a reply of 500 to 599, not " + reply.code());
            }
        }

        /**
         * Without saying how it was tried.
         *
         * @param reply 500 to 599
         * @throws IllegalArgumentException if it has another code
         */
        public Refused(Reply reply) {
            this(reply, Attempt.NONE);
        }
    }

    /**
     * The recipients of one message fared differently.
     *
     * @param outcomes one for each recipient of the message, in their order; none of them is a {@link PerRecipient}
     */
    record PerRecipient(List<Outcome> outcomes) implements Outcome {

        /**
         * Copies the outcomes.
         *
         * @param outcomes one for each recipient, at least one
         * @throws IllegalArgumentException if there are none, or one is a {@link PerRecipient}
         */
        public PerRecipient {
            outcomes = List.copyOf(outcomes);
            if (outcomes.isEmpty() || outcomes.stream().anyMatch(PerRecipient.class::isInstance)) {
                throw new IllegalArgumentException("give one outcome for each recipient, and no list in a list");
            }
        }

        /** That of {@link #leading()}. */
        @Override
        public Reply reply() {
            return leading().reply();
        }

        /** That of {@link #leading()}. */
        @Override
        public Attempt attempt() {
            return leading().attempt();
        }

        /**
         * What stands for all: a deferral goes before a refusal, as something may still be done about it, and a refusal before a
         * delivery.
         *
         * @return one of the outcomes
         */
        public Outcome leading() {
            return first(Deferred.class).or(() -> first(Refused.class)).orElse(outcomes.get(0));
        }

        private Optional<Outcome> first(Class<? extends Outcome> kind) {
            return outcomes.stream().filter(kind::isInstance).findFirst();
        }
    }
}
