package dev.kumo.http.mime;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.MessageId;
import java.net.InetAddress;
import java.time.Instant;

/** {@code Received} of a message that came over HTTP, RFC 5321 section 4.4. */
public final class ReceivedOverHttp {

    public static final String NAME = "Received";

    private ReceivedOverHttp() {}

    public static String value(
            InetAddress client, String hostname, MessageId id, EnvelopeAddress to, boolean utf8, Instant now) {
        String recipient = to.toString();
        boolean told = !to.isPostmaster() && (utf8 || recipient.chars().allMatch(c -> c < 0x80));
        return "from " + AddressLiteral.of(client) + "\r\n\tby " + hostname + " with HTTP id " + id
                + (told ? "\r\n\tfor <" + recipient + ">" : "") + ";\r\n\t" + MailDate.of(now);
    }
}
