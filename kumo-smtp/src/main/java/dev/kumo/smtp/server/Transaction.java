package dev.kumo.smtp.server;

import dev.kumo.smtp.MailFrom;
import dev.kumo.smtp.Recipient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A mail transaction, RFC 5321 section 3.3: a sender and the recipients taken so far. */
final class Transaction {

    private final MailFrom from;
    private final ContentBudget budget;
    private final List<Recipient> recipients = new ArrayList<>(1);

    Transaction(MailFrom from, ContentBudget budget) {
        this.from = from;
        this.budget = budget;
    }

    MailFrom from() {
        return from;
    }

    List<Recipient> recipients() {
        return Collections.unmodifiableList(recipients);
    }

    /**
     * Takes a recipient, unless memory is short. One recipient is the price of a session; many sessions with many
     * recipients would be that of the heap.
     */
    boolean add(Recipient recipient) {
        return (recipients.isEmpty() || budget.takeRecipient()) && recipients.add(recipient);
    }

    /** Gives back the memory of its recipients. */
    void end() {
        budget.releaseRecipients(Math.max(0, recipients.size() - 1));
    }
}
