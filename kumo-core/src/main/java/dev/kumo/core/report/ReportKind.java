package dev.kumo.core.report;

import dev.kumo.core.mail.Headers;

/** What kind of report a message is, told by its top-level {@code Content-Type}. */
public enum ReportKind {

    /** Not a report. */
    NONE,

    /** A complaint in the Abuse Reporting Format, RFC 5965: {@code report-type=feedback-report}. */
    ARF,

    /**
     * A bounce that arrives as mail, "out of band": a delivery status notification, RFC 3464. Bounces of old mail
     * systems that leave out the {@code report-type} are recognised too.
     */
    OOB;

    /**
     * Tells the kind of a message. Never fails on what a stranger wrote.
     *
     * @param headers the header fields of the message
     * @return the kind; {@link #NONE} for every other type and for one that cannot be read
     */
    public static ReportKind of(Headers headers) {
        return headers.first("Content-Type").map(ReportKind::ofContentType).orElse(NONE);
    }

    private static ReportKind ofContentType(String value) {
        ContentType type = ContentType.parse(value);
        if (!type.is("multipart", "report")) {
            return NONE;
        }
        String report = type.parameter("report-type");
        if (report == null || report.equalsIgnoreCase("delivery-status")) {
            return OOB;
        }
        return report.equalsIgnoreCase("feedback-report") ? ARF : NONE;
    }
}
