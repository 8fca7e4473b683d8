package dev.kumo.core.report;

/** What claims to be a report is none. Strangers cause it at will, so it has no stack trace. */
final class MalformedReportException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedReportException(String message) {
        super(message, null, false, false);
    }
}
