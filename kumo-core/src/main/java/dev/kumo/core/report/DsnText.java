package dev.kumo.core.report;

import java.util.List;
import java.util.Optional;

/** The part of a report for people. */
final class DsnText {

    /** What is told, the gravest first. */
    private enum News {
        FAILURE(
                "Your message could not be delivered",
                "Your message could not be delivered to the following recipients, and no further attempt will be made:"),
        DELAY(
                "Your message is delayed",
                "Your message could not yet be delivered to the following recipients. You need not send it again:"),
        SUCCESS("Your message was delivered", "Your message was delivered to the following recipients, or passed on:");

        private final String subject;
        private final String sentence;

        News(String subject, String sentence) {
            this.subject = subject;
            this.sentence = sentence;
        }

        static News of(FailedDelivery.Recipient recipient) {
            return switch (recipient.action()) {
                case FAILED -> FAILURE;
                case DELAYED -> DELAY;
                case DELIVERED, RELAYED, EXPANDED -> SUCCESS;
            };
        }
    }

    private final MtaName reportingMta;
    private final Folded text;

    DsnText(MtaName reportingMta, boolean utf8) {
        this.reportingMta = reportingMta;
        this.text = new Folded(utf8);
    }

    static String subject(List<FailedDelivery.Recipient> recipients) {
        return recipients.stream().map(News::of).sorted().findFirst().orElseThrow().subject;
    }

    byte[] write(List<FailedDelivery.Recipient> recipients, Optional<ReturnedContent> returned) {
        text.paragraph(0, "This is the mail system at " + reportingMta.name() + ".");
        for (News news : News.values()) {
            List<FailedDelivery.Recipient> concerned = recipients.stream()
                    .filter(recipient -> News.of(recipient) == news)
                    .toList();
            if (!concerned.isEmpty()) {
                text.emptyLine();
                text.paragraph(0, news.sentence);
                concerned.forEach(this::write);
            }
        }
        text.emptyLine();
        text.paragraph(
                0,
                "The same follows in a form for programs"
                        + returned.map(content -> content.isFull()
                                        ? ", and then your message."
                                        : ", and then the header of your message.")
                                .orElse("."));
        return text.bytes();
    }

    private void write(FailedDelivery.Recipient recipient) {
        text.emptyLine();
        text.paragraph(2, "<" + recipient.address() + ">");
        String who =
                recipient.remoteMta().map(remote -> remote.name() + " said: ").orElse("");
        String what = recipient.reply().map(DsnStatus::words).orElse("status " + recipient.status());
        text.paragraph(4, who + what);
        if (recipient.action() == BounceReport.Action.DELAYED) {
            recipient
                    .willRetryUntil()
                    .ifPresent(until ->
                            text.paragraph(4, "Delivery will be tried until " + ReportDate.write(until) + "."));
        }
    }
}
