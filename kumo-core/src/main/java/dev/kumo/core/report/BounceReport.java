package dev.kumo.core.report;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.EnhancedStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A delivery status notification, RFC 3464: what became of a message, told by mail. That of internationalized mail, RFC
 * 6533, is read too.
 *
 * <p>Everything in it is a stranger's words, each value on one line without control characters.
 *
 * @param reportingMta who reports
 * @param originalEnvelopeId the ENVID of RFC 3461
 * @param dsnGateway who translated the report from that of another kind of mail system
 * @param receivedFromMta who gave the message to the reporter
 * @param arrivalDate when the message came to the reporter; empty too if the date cannot be read
 * @param extensions all other fields about the message, by lower-case name
 * @param recipients what became of the message for each recipient, at least one
 * @param originalMessage the message, or its header block, if it came with the report
 * @param supplementalTrace what we once wrote into a header of the message, see
 *     {@link dev.kumo.core.trace.SupplementalHeader}
 */
public record BounceReport(
        MtaName reportingMta,
        Optional<String> originalEnvelopeId,
        Optional<MtaName> dsnGateway,
        Optional<MtaName> receivedFromMta,
        Optional<Instant> arrivalDate,
        Map<String, List<String>> extensions,
        List<Recipient> recipients,
        Optional<OriginalMessage> originalMessage,
        Optional<Map<String, Object>> supplementalTrace) {

    /**
     * Copies recipients and extensions.
     *
     * @param reportingMta who reports
     * @param originalEnvelopeId the ENVID
     * @param dsnGateway who translated the report
     * @param receivedFromMta who gave the message to the reporter
     * @param arrivalDate when the message came to the reporter
     * @param extensions all other fields
     * @param recipients at least one
     * @param originalMessage the message
     * @param supplementalTrace what we once wrote into a header of the message
     * @throws IllegalArgumentException if there are no recipients
     */
    public BounceReport {
        recipients = List.copyOf(recipients);
        extensions = Collections.unmodifiableMap(new TreeMap<>(extensions));
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a report needs at least one recipient, RFC 3464 section 2.1");
        }
    }

    /** What became of a message, RFC 3464 section 2.3.3. */
    public enum Action {
        /** It could not be delivered, and will not be. */
        FAILED,
        /** It could not be delivered yet. */
        DELAYED,
        /** It is in the mailbox. */
        DELIVERED,
        /** It went on to a system that reports nothing. */
        RELAYED,
        /** It went on to several addresses. */
        EXPANDED;

        /**
         * The word in a report.
         *
         * @return the name in lower case
         */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The address of a recipient.
     *
     * @param type how to read the address, as written: {@code rfc822}, or {@code utf-8} (RFC 6533 section 3);
     *     {@code rfc822} if a report names no type
     * @param text of type {@code rfc822} or {@code utf-8} a mailbox without {@code <>}, else as written; one that is no
     *     mailbox is as written too
     */
    public record Address(String type, String text) {

        /** As it stands in a report. */
        @Override
        public String toString() {
            return type + "; " + text;
        }
    }

    /**
     * Why, in the words of whoever knew.
     *
     * @param type the protocol it was said in, as written; {@code smtp} if a report names no type
     * @param text for {@code smtp} a reply, its lines joined
     */
    public record Diagnostic(String type, String text) {

        /** As it stands in a report. */
        @Override
        public String toString() {
            return type + "; " + text;
        }
    }

    /**
     * What a remote server answered, as far as the report tells.
     *
     * @param code 200 to 599; 550 if the report does not tell
     * @param status the status in the report, which need not be of the class of the code
     * @param content the rest of the reply, an enhanced status in it included; empty if the report does not tell
     */
    public record Response(int code, EnhancedStatus status, String content) {}

    /**
     * What became of the message for one recipient, RFC 3464 section 2.3.
     *
     * @param finalRecipient the address at which it ended
     * @param action what happened
     * @param status why, in numbers
     * @param statusComment what was written behind the numbers
     * @param originalRecipient the address that the sender gave, see ORCPT in RFC 3461
     * @param remoteMta who refused
     * @param diagnostic why, in words
     * @param lastAttempt when delivery was last tried; empty too if the date cannot be read
     * @param finalLogId where the reporter can look it up
     * @param willRetryUntil how long a delayed message will be tried; empty too if the date cannot be read
     * @param extensions all other fields, by lower-case name
     */
    public record Recipient(
            Address finalRecipient,
            Action action,
            EnhancedStatus status,
            Optional<String> statusComment,
            Optional<Address> originalRecipient,
            Optional<MtaName> remoteMta,
            Optional<Diagnostic> diagnostic,
            Optional<Instant> lastAttempt,
            Optional<String> finalLogId,
            Optional<Instant> willRetryUntil,
            Map<String, List<String>> extensions) {

        /**
         * Copies the extensions.
         *
         * @param finalRecipient the address at which it ended
         * @param action what happened
         * @param status why, in numbers
         * @param statusComment what was written behind the numbers
         * @param originalRecipient the address that the sender gave
         * @param remoteMta who refused
         * @param diagnostic why, in words
         * @param lastAttempt when delivery was last tried
         * @param finalLogId where the reporter can look it up
         * @param willRetryUntil how long a delayed message will be tried
         * @param extensions all other fields
         */
        public Recipient {
            extensions = Collections.unmodifiableMap(new TreeMap<>(extensions));
        }

        /**
         * The address by which whoever sent the message knows the recipient.
         *
         * @return that of the original recipient, else that of the final one
         */
        public String address() {
            return originalRecipient.orElse(finalRecipient).text();
        }

        /**
         * What the remote server answered. A {@linkplain #diagnostic() diagnostic} of type {@code smtp} that begins with
         * three digits is divided behind them; of any other of that type the whole is the content.
         *
         * @return what goes into a log as the response
         */
        public Response response() {
            String said = diagnostic
                    .filter(words -> words.type().equalsIgnoreCase("smtp"))
                    .map(Diagnostic::text)
                    .orElse("");
            return BounceReader.response(said, status);
        }

        Map<String, @Nullable Object> asMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("final_recipient", address(finalRecipient));
            map.put("action", action.keyword());
            map.put("status", statusMap());
            map.put(
                    "original_recipient",
                    originalRecipient.map(Recipient::address).orElse(null));
            map.put("remote_mta", remoteMta.map(MtaName::asMap).orElse(null));
            map.put("diagnostic_code", diagnostic.map(Recipient::diagnostic).orElse(null));
            map.put("last_attempt_date", lastAttempt.map(Instant::toString).orElse(null));
            map.put("final_log_id", finalLogId.orElse(null));
            map.put("will_retry_until", willRetryUntil.map(Instant::toString).orElse(null));
            map.put("extensions", extensions);
            return Collections.unmodifiableMap(map);
        }

        private Map<String, @Nullable Object> statusMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("class", status.statusClass());
            map.put("subject", status.subject());
            map.put("detail", status.detail());
            map.put("comment", statusComment.orElse(null));
            return map;
        }

        private static Map<String, Object> address(Address address) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("recipient_type", address.type());
            map.put("recipient", address.text());
            return map;
        }

        private static Map<String, Object> diagnostic(Diagnostic diagnostic) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("diagnostic_type", diagnostic.type());
            map.put("diagnostic", diagnostic.text());
            return map;
        }
    }

    /**
     * Reads a report. Never fails on what a stranger wrote: a message is a report, or it is none.
     *
     * <p>It is one if its type is {@code multipart/report}, whatever the {@code report-type}; one of its direct parts is a
     * {@code message/delivery-status} or {@code message/global-delivery-status}; the first block of that part has
     * {@code Reporting-MTA}; and each of the others, at least one, has {@code Final-Recipient}, {@code Action} and
     * {@code Status} once. Blocks may be divided by more than one empty line, a block without any of the three is
     * passed over, and a single recipient may be in the first block. A message with more than 100 parts, with a header block of more than 1 MiB (of a part: 64 KiB), or with
     * a {@code message/delivery-status} of more than 1 MiB or 20,000 fields is no report either.
     *
     * @param content a message
     * @return the report; empty if the message is none
     * @throws IOException if the store that holds the content fails
     */
    public static Optional<BounceReport> read(Content content) throws IOException {
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
    public static Optional<BounceReport> read(InputStream in) throws IOException {
        try {
            return Optional.of(BounceReader.read(ReportParts.read(in)));
        } catch (MalformedReportException none) {
            return Optional.empty();
        }
    }

    /**
     * The report as KumoMTA shows it: its names, in its order.
     *
     * @return texts, numbers, lists, maps, and null for what is not there. Dates are in UTC as RFC 3339 writes them.
     *     {@code original_message} is text with LF alone as line end, or a list of octets if it is not UTF-8
     */
    public Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("original_envelope_id", originalEnvelopeId.orElse(null));
        message.put("reporting_mta", reportingMta.asMap());
        message.put("dsn_gateway", dsnGateway.map(MtaName::asMap).orElse(null));
        message.put("received_from_mta", receivedFromMta.map(MtaName::asMap).orElse(null));
        message.put("arrival_date", arrivalDate.map(Instant::toString).orElse(null));
        message.put("extensions", extensions);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("per_message", message);
        map.put("per_recipient", recipients.stream().map(Recipient::asMap).toList());
        map.put("original_message", originalMessage.map(OriginalMessage::asJson).orElse(null));
        return Collections.unmodifiableMap(map);
    }
}
