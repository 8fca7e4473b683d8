package dev.kumo.core.report;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.text.Quoted;
import dev.kumo.core.text.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Writes delivery status notifications, RFC 3464: what senders are told of mail that could not be delivered.
 *
 * <p>A report is a message from the null sender, with {@code Auto-Submitted: auto-replied}: a part for people, one for
 * programs, and as much of the message as is to be returned. It is 7-bit; only for a message that came with SMTPUTF8 it is
 * in the form of RFC 6533. Whatever the far side said is on its own line and without control characters.
 *
 * <p><b>No report</b> is written if nobody wants one (NOTIFY, RFC 3461 section 4.1), and none that could run in a circle:
 * not for mail from the null sender, with {@code Return-Path: <>}, with an {@code Auto-Submitted} (RFC 3834 section 5) of
 * anything but {@code no}, or whose {@linkplain ReportKind type} is that of a report.
 */
public final class DsnWriter {

    /** How much of a message goes back to its sender; {@code include_original_message} of KumoMTA. */
    public enum IncludeOriginal {
        /**
         * All of it, unless its sender asked for less (RET=HDRS), it has more than 1 MiB, or it cannot be sent as it is: a
         * 7-bit report holds no 8-bit mail. Then {@link #HEADERS_ONLY}.
         */
        FULL_CONTENT,
        /** Its header block, of which at most 64 KiB. */
        HEADERS_ONLY,
        /** Nothing, whatever its sender asked for. */
        NO
    }

    private static final String MAILER = "mailer-daemon@";

    private final MtaName reportingMta;
    private final IncludeOriginal include;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * A writer of reports. May be used by as many threads as {@code random} may.
     *
     * @param reportingMta this system, usually {@link MtaName#dns}; its name is also the domain of the address that
     *     reports come from, {@code mailer-daemon@NAME}
     * @param include how much of a message is returned at most
     * @param clock tells the date of a report
     * @param random makes ids and boundaries
     * @throws IllegalArgumentException if the type of the name is no word, or the name no domain
     */
    public DsnWriter(MtaName reportingMta, IncludeOriginal include, InstantSource clock, RandomGenerator random) {
        if (!Typed.isType(reportingMta.type())) {
            throw new IllegalArgumentException(
                    "the type of a reporting MTA is a word such as dns, not " + Quoted.of(reportingMta.type()));
        }
        EnvelopeAddress from = EnvelopeAddress.parse(MAILER + reportingMta.name());
        this.reportingMta = new MtaName(reportingMta.type(), from.domain());
        this.include = include;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Writes a report.
     *
     * @param failure what to tell
     * @return a message from the null sender to the sender of the message; empty if none is to be sent
     * @throws IOException if the store that holds the message fails
     */
    public Optional<Message> write(FailedDelivery failure) throws IOException {
        List<FailedDelivery.Recipient> recipients = failure.recipients().stream()
                .filter(FailedDelivery.Recipient::isWanted)
                .toList();
        if (recipients.isEmpty() || !mayAnswer(failure.message())) {
            return Optional.empty();
        }
        Message message = failure.message();
        EnvelopeAddress to = message.sender();
        boolean utf8 = message.envelope().smtpUtf8() || !isAscii(to.toString());
        Optional<ReturnedContent> returned = returned(failure, utf8);
        byte[] people = new DsnText(reportingMta, utf8).write(recipients, returned);
        byte[] programs = new DsnStatus(reportingMta, utf8).write(failure, recipients);

        Instant now = clock.instant();
        MessageId id = MessageId.next(now, random);
        String boundary = boundary(people, programs, returned);
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        put(report, header(now, id, to, DsnText.subject(recipients), utf8, boundary));
        put(report, "--" + boundary + "\r\n" + type("text/plain; charset=" + (utf8 ? "utf-8" : "us-ascii"), utf8));
        report.writeBytes(people);
        put(report, "\r\n--" + boundary + "\r\n" + type(DsnStatus.type(utf8), utf8));
        report.writeBytes(programs);
        if (returned.isPresent()) {
            put(report, "\r\n--" + boundary + "\r\n" + returned.get().header() + "\r\n");
            report.writeBytes(returned.get().body());
        }
        put(report, "\r\n--" + boundary + "--\r\n");
        Envelope envelope = new Envelope(EnvelopeAddress.NULL_SENDER, List.of(to), utf8);
        return Optional.of(new Message(id, envelope, new Meta(), Content.of(report.toByteArray())));
    }

    private static boolean isAscii(String text) {
        return Utf8.length(text) == text.length();
    }

    private static void put(ByteArrayOutputStream report, String text) {
        report.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean mayAnswer(Message message) throws IOException {
        if (message.sender().isNullSender()) {
            return false;
        }
        Headers headers;
        try (InputStream in = message.open()) {
            headers = Headers.read(in);
        }
        return headers.all("Auto-Submitted").stream().allMatch(DsnWriter::isNo)
                && headers.all("Return-Path").stream().noneMatch(path -> path.startsWith("<>"))
                && ReportKind.of(headers) == ReportKind.NONE;
    }

    /** Whether a value of Auto-Submitted is {@code no}, perhaps with parameters or a comment. */
    private static boolean isNo(String value) {
        return ContentType.parse(value).isOnly("no");
    }

    private Optional<ReturnedContent> returned(FailedDelivery failure, boolean utf8) throws IOException {
        if (include == IncludeOriginal.NO) {
            return Optional.empty();
        }
        // RET is for failures only, RFC 3461 section 4.3.
        boolean full = include == IncludeOriginal.FULL_CONTENT
                && failure.recipients().stream().anyMatch(recipient -> recipient.action() == BounceReport.Action.FAILED)
                && failure.returned().orElse(FailedDelivery.Return.FULL) == FailedDelivery.Return.FULL;
        return Optional.of(ReturnedContent.of(failure.message(), full, utf8));
    }

    private String header(
            Instant now, MessageId id, EnvelopeAddress to, String subject, boolean utf8, String boundary) {
        return "Date: " + ReportDate.write(now) + "\r\n"
                + "From: Mail Delivery System <" + MAILER + reportingMta.name() + ">\r\n"
                + "To: <" + to + ">\r\n"
                + "Subject: " + subject + "\r\n"
                + "Message-ID: <" + id + "@" + reportingMta.name() + ">\r\n"
                + "Auto-Submitted: auto-replied\r\n"
                + "MIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status;\r\n"
                + " boundary=\"" + boundary + "\"\r\n"
                + (utf8 ? "Content-Transfer-Encoding: 8bit\r\n" : "")
                + "\r\n";
    }

    private static String type(String type, boolean utf8) {
        return "Content-Type: " + type + "\r\n" + (utf8 ? "Content-Transfer-Encoding: 8bit\r\n" : "") + "\r\n";
    }

    /** One that occurs in no part. RFC 2045 section 6.7: with "=_" it could in none that is encoded. */
    private String boundary(byte[] people, byte[] programs, Optional<ReturnedContent> returned) {
        String text = new String(people, StandardCharsets.ISO_8859_1)
                + new String(programs, StandardCharsets.ISO_8859_1)
                + returned.map(content -> new String(content.body(), StandardCharsets.ISO_8859_1))
                        .orElse("");
        String boundary;
        do {
            boundary = "=_" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        } while (text.contains(boundary));
        return boundary;
    }
}
