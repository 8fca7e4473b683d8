package dev.kumo.smtp.server;

/** Reports as they come after DATA, with their final dot. */
final class ReportContent {

    private static final String FAILED = """

            Final-Recipient: rfc822; joe@far.example
            Original-Recipient: rfc822; joe@example.org
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 no such user
            Last-Attempt-Date: Sun, 22 Nov 2026 09:00:00 +0000
            """;

    private static final String DELAYED = """

            Final-Recipient: rfc822; ann@far.example
            Action: delayed
            Status: 4.2.1
            """;

    /** A bounce about two recipients, and a delay of a third. */
    static final String OOB = bounce(FAILED + DELAYED + FAILED.replace("joe", "jim"));

    /** A bounce that reports no failure. */
    static final String DELAY = bounce(DELAYED);

    /** A complaint. */
    static final String ARF = complaint("""
            Feedback-Type: abuse
            User-Agent: Far/1.0
            Version: 1
            Original-Rcpt-To: joe@example.org
            """);

    /** What looks like a bounce from outside. */
    static final String MALFORMED_OOB = bounce("""

            Final-Recipient: rfc822; joe@far.example
            Action: perhaps
            Status: 5.1.1
            """);

    /** What looks like a complaint from outside. */
    static final String MALFORMED_ARF = complaint("Feedback-Type: abuse\n");

    /** A complaint that has what a bounce has, too. */
    static final String BOTH = report(
            "feedback-report",
            "message/feedback-report",
            "Feedback-Type: abuse\nUser-Agent: Far/1.0\nVersion: 1\n",
            "message/delivery-status",
            "Reporting-MTA: dns; mx.far.example\n" + FAILED);

    private ReportContent() {}

    /** A bounce about so many. */
    static String bounceOf(int recipients) {
        return bounce(FAILED.repeat(recipients));
    }

    private static String bounce(String recipients) {
        return report(
                "delivery-status", "message/delivery-status", "Reporting-MTA: dns; mx.far.example\n" + recipients);
    }

    private static String complaint(String fields) {
        return report("feedback-report", "message/feedback-report", fields);
    }

    private static String report(String type, String... parts) {
        StringBuilder report = new StringBuilder("Content-Type: multipart/report; report-type=" + type
                + "; boundary=b\n" + "Subject: report\n\n--b\nContent-Type: text/plain\n\nDear sender\n");
        for (int i = 0; i < parts.length; i += 2) {
            report.append("--b\nContent-Type: ").append(parts[i]).append("\n\n").append(parts[i + 1]);
        }
        return (report + "--b--\n.\n").replace("\n", "\r\n");
    }
}
