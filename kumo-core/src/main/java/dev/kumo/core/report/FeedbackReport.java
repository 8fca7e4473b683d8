package dev.kumo.core.report;

import dev.kumo.core.mail.Content;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A complaint about a message, in the Abuse Reporting Format of RFC 5965.
 *
 * <p>Everything in it is a stranger's words, each value on one line without control characters. Addresses are without
 * {@code <>}; one that is no mailbox is as it was written.
 *
 * @param feedbackType {@code abuse}, {@code fraud}, {@code virus}, {@code not-spam}, {@code other}, or another word
 * @param userAgent the program that wrote the report
 * @param version of the format; usually {@code 1}
 * @param arrivalDate when the message came to the reporter; empty too if the date cannot be read
 * @param incidents how many such messages this report stands for, 0 to 4294967295
 * @param originalEnvelopeId the ENVID of RFC 3461
 * @param originalMailFrom the reverse-path of the message; an empty text for the null sender
 * @param reportingMta who reports
 * @param sourceIp where the message came from; not checked
 * @param authenticationResults how the message was judged, RFC 8601
 * @param originalRcptTo the forward-paths of the message
 * @param reportedDomains the domains that the report is about
 * @param reportedUris the addresses of any kind that the report is about
 * @param extensions all other fields, by lower-case name
 * @param originalMessage the message, if it came with the report
 * @param supplementalTrace what we once wrote into a header of the message, see
 *     {@link dev.kumo.core.trace.SupplementalHeader}
 */
public record FeedbackReport(
        String feedbackType,
        String userAgent,
        String version,
        Optional<Instant> arrivalDate,
        OptionalLong incidents,
        Optional<String> originalEnvelopeId,
        Optional<String> originalMailFrom,
        Optional<MtaName> reportingMta,
        Optional<String> sourceIp,
        List<String> authenticationResults,
        List<String> originalRcptTo,
        List<String> reportedDomains,
        List<String> reportedUris,
        Map<String, List<String>> extensions,
        Optional<OriginalMessage> originalMessage,
        Optional<Map<String, Object>> supplementalTrace) {

    private static final long MOST_INCIDENTS = 0xffff_ffffL;

    /**
     * Copies lists and maps.
     *
     * @param feedbackType the kind of complaint
     * @param userAgent the program that wrote the report
     * @param version of the format
     * @param arrivalDate when the message came to the reporter
     * @param incidents how many messages this report stands for
     * @param originalEnvelopeId the ENVID
     * @param originalMailFrom the reverse-path
     * @param reportingMta who reports
     * @param sourceIp where the message came from
     * @param authenticationResults how the message was judged
     * @param originalRcptTo the forward-paths
     * @param reportedDomains domains
     * @param reportedUris addresses of any kind
     * @param extensions all other fields
     * @param originalMessage the message
     * @param supplementalTrace what we once wrote into a header of the message
     */
    public FeedbackReport {
        authenticationResults = List.copyOf(authenticationResults);
        originalRcptTo = List.copyOf(originalRcptTo);
        reportedDomains = List.copyOf(reportedDomains);
        reportedUris = List.copyOf(reportedUris);
        extensions = Collections.unmodifiableMap(new TreeMap<>(extensions));
    }

    /**
     * Reads a report. Never fails on what a stranger wrote: a message is a report, or it is none.
     *
     * <p>It is one if its type is {@code multipart/report} with {@code report-type=feedback-report}, one of its direct
     * parts is a {@code message/feedback-report}, that part has {@code Feedback-Type}, {@code User-Agent} and
     * {@code Version}, no field comes twice that may come once (RFC 5965 section 3.1), and {@code Incidents}, if there, is
     * a number. A message with more than 100 parts, with a header block of more than 1 MiB (of a part: 64 KiB), or with a
     * {@code message/feedback-report} of more than 1 MiB or 20,000 fields is none either.
     *
     * @param content a message
     * @return the report; empty if the message is none
     * @throws IOException if the store that holds the content fails
     */
    public static Optional<FeedbackReport> read(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return read(in);
        }
    }

    /**
     * Reads a report as {@link #read(Content)} does.
     *
     * @param in a message from its first byte; not closed
     * @return the report; empty if the message is none
     * @throws IOException if {@code in} fails
     */
    public static Optional<FeedbackReport> read(InputStream in) throws IOException {
        try {
            ReportParts parts = ReportParts.read(in);
            byte[] body = parts.feedback();
            if (!"feedback-report".equalsIgnoreCase(parts.reportType()) || body == null) {
                return Optional.empty();
            }
            return Optional.of(read(FieldBlock.join(FieldBlock.read(body)), parts));
        } catch (MalformedReportException none) {
            return Optional.empty();
        }
    }

    private static FeedbackReport read(FieldBlock fields, ReportParts parts) throws MalformedReportException {
        // In the order of evaluation each line takes its field out, and the extensions are what is left.
        return new FeedbackReport(
                fields.required("feedback-type"),
                fields.required("user-agent"),
                fields.required("version"),
                fields.first(fields.has("arrival-date") ? "arrival-date" : "received-date")
                        .flatMap(ReportDate::read),
                incidents(fields.single("incidents")),
                fields.single("original-envelope-id"),
                fields.single("original-mail-from").map(Typed::address),
                fields.single("reporting-mta").map(MtaName::read),
                fields.single("source-ip"),
                fields.all("authentication-results"),
                fields.all("original-rcpt-to").stream().map(Typed::address).toList(),
                fields.all("reported-domain"),
                fields.all("reported-uri"),
                fields.rest(),
                parts.original(),
                parts.trace());
    }

    private static OptionalLong incidents(Optional<String> value) throws MalformedReportException {
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        String digits = value.get();
        if (digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedReportException("Incidents is not a number");
        }
        long number = Long.parseLong(digits);
        if (number > MOST_INCIDENTS) {
            throw new MalformedReportException("Incidents is too large");
        }
        return OptionalLong.of(number);
    }

    /**
     * The report as KumoMTA logs it in {@code feedback_report}: its names, in its order.
     *
     * @return texts, numbers, lists, maps, and null for what is not there. Dates are in UTC as RFC 3339 writes them.
     *     {@code original_message} is text with LF alone as line end, or a list of octets if it is not UTF-8
     */
    public Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("feedback_type", feedbackType);
        map.put("user_agent", userAgent);
        map.put("version", version);
        map.put("arrival_date", arrivalDate.map(Instant::toString).orElse(null));
        map.put("incidents", incidents.isPresent() ? incidents.getAsLong() : null);
        map.put("original_envelope_id", originalEnvelopeId.orElse(null));
        map.put("original_mail_from", originalMailFrom.orElse(null));
        map.put("reporting_mta", reportingMta.map(MtaName::asMap).orElse(null));
        map.put("source_ip", sourceIp.orElse(null));
        map.put("authentication_results", authenticationResults);
        map.put("original_rcpto_to", originalRcptTo);
        map.put("reported_domain", reportedDomains);
        map.put("reported_uri", reportedUris);
        map.put("extensions", extensions);
        map.put("original_message", originalMessage.map(OriginalMessage::asJson).orElse(null));
        map.put("supplemental_trace", supplementalTrace.orElse(null));
        return Collections.unmodifiableMap(map);
    }
}
