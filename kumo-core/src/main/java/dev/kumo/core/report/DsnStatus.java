package dev.kumo.core.report;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.text.Utf8;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The part of a report for programs: RFC 3464 section 2, or RFC 6533 section 4. */
final class DsnStatus {

    private final MtaName reportingMta;
    private final boolean utf8;

    DsnStatus(MtaName reportingMta, boolean utf8) {
        this.reportingMta = reportingMta;
        this.utf8 = utf8;
    }

    static String type(boolean utf8) {
        return utf8 ? "message/global-delivery-status" : "message/delivery-status";
    }

    byte[] write(FailedDelivery failure, List<FailedDelivery.Recipient> recipients) {
        Folded fields = new Folded(utf8);
        failure.envelopeId().ifPresent(id -> fields.field("Original-Envelope-Id", id));
        fields.field("Reporting-MTA", reportingMta.toString());
        date(fields, "Arrival-Date", failure.arrivalDate());
        for (FailedDelivery.Recipient recipient : recipients) {
            fields.emptyLine();
            write(fields, recipient);
        }
        return fields.bytes();
    }

    private void write(Folded fields, FailedDelivery.Recipient recipient) {
        recipient
                .originalRecipient()
                .filter(original -> Typed.isType(original.type()))
                .ifPresent(original -> fields.field("Original-Recipient", original.toString()));
        fields.field("Final-Recipient", address(recipient.address()));
        fields.field("Action", recipient.action().keyword());
        fields.field("Status", recipient.status().toString());
        recipient
                .remoteMta()
                .filter(remote -> Typed.isType(remote.type()))
                .ifPresent(remote -> fields.field("Remote-MTA", remote.toString()));
        recipient.reply().ifPresent(reply -> fields.field("Diagnostic-Code", "smtp; " + words(reply)));
        date(fields, "Last-Attempt-Date", recipient.lastAttempt());
        if (recipient.action() == BounceReport.Action.DELAYED) {
            date(fields, "Will-Retry-Until", recipient.willRetryUntil());
        }
    }

    private static void date(Folded fields, String name, Optional<Instant> date) {
        date.ifPresent(at -> fields.field(name, ReportDate.write(at)));
    }

    private String address(EnvelopeAddress address) {
        String text = address.toString();
        if (Utf8.length(text) == text.length()) {
            return "rfc822; " + text;
        }
        return "utf-8; " + (utf8 ? text : xtext(text));
    }

    /** RFC 6533 section 3, utf-8-addr-xtext. */
    private static String xtext(String address) {
        StringBuilder xtext = new StringBuilder();
        address.codePoints().forEach(c -> {
            if (c <= ' ' || c >= 0x7f || "\\+=".indexOf(c) >= 0) {
                xtext.append(Folded.escaped(c));
            } else {
                xtext.appendCodePoint(c);
            }
        });
        return xtext.toString();
    }

    /** A reply with its lines joined. */
    static String words(Reply reply) {
        String status = reply.status().map(code -> " " + code).orElse("");
        return reply.code() + status + " " + String.join(" ", reply.lines());
    }
}
