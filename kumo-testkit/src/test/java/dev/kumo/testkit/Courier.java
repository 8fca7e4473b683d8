package dev.kumo.testkit;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.smtp.client.SmtpDelivery;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Brings messages to scripted next hops. */
final class Courier {

    static final String TEXT = "Subject: hello\r\n\r\nbody\r\n";

    /** A greeting, and what most servers offer. */
    static final String HELLO = """
            S: 220 mx.example.com ESMTP
            C: EHLO client.example
            S: 250-mx.example.com
            S: 250-PIPELINING
            S: 250 8BITMIME
            """;

    /** A greeting of a server that offers nothing. */
    static final String PLAIN = """
            S: 220 mx.example.com ESMTP
            C: EHLO client.example
            S: 250 mx.example.com
            """;

    /** One message to one recipient, pipelined. */
    static final String SENT = """
            C: MAIL FROM:<a@example.org>*
            C: RCPT TO:<b@example.com>
            C: DATA
            S: 250 2.1.0 ok
            S: 250 2.1.5 ok
            S: 354 go ahead
            C: (content)
            S: 250 2.0.0 queued
            """;

    static final String BYE = """
            C: QUIT
            S: 221 2.0.0 bye
            """;

    private Courier() {}

    static Message mail(String... recipients) {
        return mail(TEXT, recipients.length == 0 ? new String[] {"b@example.com"} : recipients);
    }

    static Message mail(String content, String[] recipients) {
        return new Message(
                MessageId.next(TestClock.START, new SplittableRandom(1)),
                Envelope.of(
                        EnvelopeAddress.parse("a@example.org"),
                        Arrays.stream(recipients).map(EnvelopeAddress::parse).toArray(EnvelopeAddress[]::new)),
                new Meta(),
                Content.of(content.getBytes(StandardCharsets.UTF_8)));
    }

    static Message mailOf(String content) {
        return mail(content, new String[] {"b@example.com"});
    }

    static SmtpDelivery.Builder to(Consumer<EgressPathOptions.Builder> options) {
        EgressPathOptions.Builder path = EgressPathOptions.builder();
        options.accept(path);
        return SmtpDelivery.builder().ehloName("client.example").path(path.build());
    }

    /** Delivers one message, ends the connection, and looks whether all was as the script has it. */
    static Outcome deliver(ScriptedNextHop hop, Message message) {
        return deliver(hop, path -> {}, message);
    }

    static Outcome deliver(ScriptedNextHop hop, Consumer<EgressPathOptions.Builder> options, Message message) {
        return deliver(hop, options, builder -> builder, message).get(0);
    }

    static List<Outcome> deliver(
            ScriptedNextHop hop,
            Consumer<EgressPathOptions.Builder> options,
            UnaryOperator<SmtpDelivery.Builder> changes,
            Message... messages) {
        return deliver(List.of(hop), changes.apply(to(options)), messages);
    }

    /** Delivers to the first of some hops that takes it. */
    static List<Outcome> deliver(List<ScriptedNextHop> hops, SmtpDelivery.Builder builder, Message... messages) {
        try {
            List<Outcome> outcomes;
            try (SmtpDelivery delivery =
                    builder.to(hops.stream().map(ScriptedNextHop::address).toList())) {
                outcomes = delivery.deliver(List.of(messages));
            }
            hops.forEach(ScriptedNextHop::verify);
            return outcomes;
        } finally {
            hops.forEach(ScriptedNextHop::close);
        }
    }
}
