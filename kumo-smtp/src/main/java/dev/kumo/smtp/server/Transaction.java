package dev.kumo.smtp.server;

import dev.kumo.smtp.MailFrom;
import dev.kumo.smtp.Recipient;
import java.util.ArrayList;
import java.util.List;

/** A mail transaction, RFC 5321 section 3.3: a sender and the recipients taken so far. */
record Transaction(MailFrom from, List<Recipient> recipients) {

    static Transaction begin(MailFrom from) {
        return new Transaction(from, new ArrayList<>(1));
    }
}
