package dev.kumo.core.report;

import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link DsnWriter} has to tell: a message, and what became of it for some of its recipients.
 *
 * @param message the message; its envelope and header are read, its content only to be returned
 * @param recipients what became of it, at least one
 * @param arrivalDate when the message came in
 * @param envelopeId the ENVID of its sender, RFC 3461 section 4.4, decoded from xtext
 * @param returned the RET of its sender, RFC 3461 section 4.3
 */
public record FailedDelivery(
        Message message,
        List<Recipient> recipients,
        Optional<Instant> arrivalDate,
        Optional<String> envelopeId,
        Optional<Return> returned) {

    /**
     * Copies the recipients.
     *
     * @param message the message
     * @param recipients at least one
     * @param arrivalDate when the message came in
     * @param envelopeId the ENVID
     * @param returned the RET
     * @throws IllegalArgumentException if there are no recipients
     */
    public FailedDelivery {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a delivery fails for at least one recipient; the list is empty");
        }
    }

    /**
     * A message of a sender who asked for nothing in particular.
     *
     * @param message the message
     * @param recipients what became of it, at least one
     * @return the description
     * @throws IllegalArgumentException if there are no recipients
     */
    public static FailedDelivery of(Message message, Recipient... recipients) {
        return new FailedDelivery(message, List.of(recipients), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** How much of a message its sender wants back: RET, RFC 3461 section 4.3. */
    public enum Return {
        /** All of it. */
        FULL,
        /** Its header alone. */
        HDRS
    }

    /** When a sender wants to hear: NOTIFY, RFC 3461 section 4.1. */
    public enum Notify {
        /** Never; stands alone. */
        NEVER,
        /** If the message is delivered. */
        SUCCESS,
        /** If it cannot be delivered. */
        FAILURE,
        /** If it takes longer than usual. */
        DELAY
    }

    /**
     * What became of a message for one recipient.
     *
     * @param address the forward-path
     * @param action what happened
     * @param status why
     * @param reply what the far side said, or this system on its own
     * @param remoteMta who said it; empty if this system did
     * @param lastAttempt when delivery was last tried
     * @param willRetryUntil how long it will be tried; only for {@link BounceReport.Action#DELAYED}
     * @param originalRecipient the ORCPT of the sender, RFC 3461 section 4.2, decoded from xtext
     * @param notifyOn the NOTIFY of the sender; if empty, failures and delays are told
     */
    public record Recipient(
            EnvelopeAddress address,
            BounceReport.Action action,
            EnhancedStatus status,
            Optional<Reply> reply,
            Optional<MtaName> remoteMta,
            Optional<Instant> lastAttempt,
            Optional<Instant> willRetryUntil,
            Optional<BounceReport.Address> originalRecipient,
            Optional<Set<Notify>> notifyOn) {

        /**
         * Copies the set, and checks that action and status agree.
         *
         * @param address the forward-path
         * @param action what happened
         * @param status of class 4 or 5 for what failed, 4 for what is delayed, else 2
         * @param reply what was said
         * @param remoteMta who said it
         * @param lastAttempt when delivery was last tried
         * @param willRetryUntil how long it will be tried
         * @param originalRecipient the ORCPT
         * @param notifyOn the NOTIFY
         * @throws IllegalArgumentException if action and status contradict each other
         */
        public Recipient {
            notifyOn = notifyOn.map(Set::copyOf);
            boolean agree = switch (action) {
                case FAILED -> status.statusClass() != 2;
                case DELAYED -> status.statusClass() == 4;
                case DELIVERED, RELAYED, EXPANDED -> status.statusClass() == 2;
            };
            if (!agree) {
                throw new IllegalArgumentException("the status " + status + " contradicts the action "
                        + action.keyword() + "; give one of the class that fits");
            }
        }

        /**
         * A recipient who was refused, of a sender who asked for nothing in particular.
         *
         * @param address the forward-path
         * @param reply 400 to 599: what the far side said; the status is that of the reply, or x.0.0 if it has none
         * @param remoteMta who said it
         * @param lastAttempt when
         * @return the recipient
         * @throws IllegalArgumentException if the reply is positive or intermediate
         */
        public static Recipient failed(EnvelopeAddress address, Reply reply, MtaName remoteMta, Instant lastAttempt) {
            return new Recipient(
                    address,
                    BounceReport.Action.FAILED,
                    reply.status().orElseGet(() -> new EnhancedStatus(reply.code() / 100, 0, 0)),
                    Optional.of(reply),
                    Optional.of(remoteMta),
                    Optional.of(lastAttempt),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** Whether the sender wants to hear of it. */
        boolean isWanted() {
            Notify event = switch (action) {
                case FAILED -> Notify.FAILURE;
                case DELAYED -> Notify.DELAY;
                case DELIVERED, RELAYED, EXPANDED -> Notify.SUCCESS;
            };
            return notifyOn.map(wanted -> wanted.contains(event) && !wanted.contains(Notify.NEVER))
                    .orElse(event != Notify.SUCCESS);
        }
    }
}
