package dev.kumo.examples;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.EnvelopeAddress;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes one line per message, and one per refusal. What strangers said is escaped, so that a line stays a line. */
final class MessageLines implements MtaObserver {

    private final PrintStream out;

    MessageLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void record(LogRecord record) {
        if (record instanceof LogRecord.Delivery delivery) {
            write(
                    delivery.at(),
                    "delivered",
                    delivery.message(),
                    delivery.reply().toString());
        } else if (record instanceof LogRecord.TransientFailure failure) {
            write(failure.at(), "deferred", failure.message(), failure.reply().toString());
        } else if (record instanceof LogRecord.Bounce bounce) {
            write(bounce.at(), "refused", bounce.message(), bounce.reply().toString());
        } else if (record instanceof LogRecord.Feedback feedback) {
            write(feedback.at(), "complaint", feedback.message(), "logged");
        } else if (record instanceof LogRecord.Oob oob) {
            write(oob.at(), "bounce", oob.message(), "logged");
        } else if (record instanceof LogRecord.Rejection rejection) {
            write(rejection);
        }
    }

    private void write(Instant at, String what, MessageFacts message, String reply) {
        String recipients =
                message.recipients().stream().map(EnvelopeAddress::toString).collect(Collectors.joining(","));
        out.println(at + " " + what + " id=" + message.id() + " from=<"
                + escaped(message.sender().toString()) + "> to=<"
                + escaped(recipients) + "> size=" + message.size() + " client="
                + message.meta().getOrDefault("received_from", "-") + " reply=\"" + escaped(reply) + "\"");
    }

    private void write(LogRecord.Rejection rejection) {
        out.println(rejection.at() + " rejected " + (rejection.verb().isEmpty() ? "-" : rejection.verb()) + " from=<"
                + escaped(text(rejection.sender())) + "> to=<" + escaped(text(rejection.recipient())) + "> client="
                + rejection.client().getAddress().getHostAddress() + ":"
                + rejection.client().getPort() + " reply=\""
                + escaped(rejection.reply().toString()) + "\"");
    }

    private static String text(Optional<EnvelopeAddress> address) {
        return address.map(EnvelopeAddress::toString).orElse("");
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c < ' ' || c >= 0x7f && c < 0xa0 || c == '"' || c == '\\' || c == 0x2028 || c == 0x2029) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }

    void flush() {
        out.flush();
    }
}
