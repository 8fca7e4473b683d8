package dev.kumo.http;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.MessageId;
import java.time.Instant;

/** {@code Received} of a message that came over HTTP, RFC 5321 section 4.4. */
final class ReceivedOverHttp {

    static final String NAME = "Received";

    private ReceivedOverHttp() {}

    static String value(Caller caller, String hostname, MessageId id, EnvelopeAddress to, boolean utf8, Instant now) {
        String recipient = to.toString();
        boolean told = !to.isPostmaster() && (utf8 || recipient.chars().allMatch(c -> c < 0x80));
        return "from " + AddressLiteral.of(caller.client().getAddress()) + "\r\n\tby " + hostname + " with HTTP id "
                + id + (told ? "\r\n\tfor <" + recipient + ">" : "") + ";\r\n\t" + MailDate.of(now);
    }
}
