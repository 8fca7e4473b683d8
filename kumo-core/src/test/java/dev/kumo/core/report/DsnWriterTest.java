package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.report.DsnWriter.IncludeOriginal;
import dev.kumo.core.report.FailedDelivery.Notify;
import dev.kumo.core.report.FailedDelivery.Return;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DsnWriterTest {

    private static final Instant NOW = Instant.parse("2026-07-02T18:55:38Z");
    private static final EnvelopeAddress SENDER = EnvelopeAddress.parse("sender@example.com");
    private static final EnvelopeAddress USER = EnvelopeAddress.parse("user@example.org");
    private static final Reply NO_USER = Reply.of(550, "5.1.1", "no such user");
    private static final MtaName FAR = MtaName.dns("mx.example.org");
    private static final String MAIL = "Subject: hello\r\nFrom: <sender@example.com>\r\n\r\nbody\r\n";

    @Test
    void isAsPeopleAndProgramsReadIt() throws IOException {
        FailedDelivery failure = new FailedDelivery(
                mail(MAIL),
                List.of(new FailedDelivery.Recipient(
                        USER,
                        BounceReport.Action.FAILED,
                        new EnhancedStatus(5, 1, 1),
                        Optional.of(Reply.of(550, "5.1.1", "no such user\nsee https://example.org/help")),
                        Optional.of(FAR),
                        Optional.of(NOW.minusSeconds(5)),
                        Optional.empty(),
                        Optional.of(new BounceReport.Address("rfc822", "alias@example.net")),
                        Optional.of(Set.of(Notify.FAILURE, Notify.DELAY)))),
                Optional.of(NOW.minusSeconds(60)),
                Optional.of("QQ314159"),
                Optional.of(Return.FULL));

        Message report = writer(IncludeOriginal.FULL_CONTENT).write(failure).orElseThrow();

        assertThat(report.sender()).isEqualTo(EnvelopeAddress.NULL_SENDER);
        assertThat(report.recipients()).containsExactly(SENDER);
        assertThat(report.envelope().smtpUtf8()).isFalse();
        String boundary = text(report).replaceAll("(?s).*boundary=\"([^\"]+)\".*", "$1");
        assertThat(text(report)
                        .replace(boundary, "BOUNDARY")
                        .replace(report.id().text(), "ID"))
                .isEqualTo("""
                        Date: Thu, 02 Jul 2026 18:55:38 +0000
                        From: Mail Delivery System <mailer-daemon@mx.example.com>
                        To: <sender@example.com>
                        Subject: Your message could not be delivered
                        Message-ID: <ID@mx.example.com>
                        Auto-Submitted: auto-replied
                        MIME-Version: 1.0
                        Content-Type: multipart/report; report-type=delivery-status;
                         boundary="BOUNDARY"

                        --BOUNDARY
                        Content-Type: text/plain; charset=us-ascii

                        This is the mail system at mx.example.com.

                        Your message could not be delivered to the following recipients, and no
                        further attempt will be made:

                          <user@example.org>
                            mx.example.org said: 550 5.1.1 no such user see https://example.org/help

                        The same follows in a form for programs, and then your message.

                        --BOUNDARY
                        Content-Type: message/delivery-status

                        Original-Envelope-Id: QQ314159
                        Reporting-MTA: dns; mx.example.com
                        Arrival-Date: Thu, 02 Jul 2026 18:54:38 +0000

                        Original-Recipient: rfc822; alias@example.net
                        Final-Recipient: rfc822; user@example.org
                        Action: failed
                        Status: 5.1.1
                        Remote-MTA: dns; mx.example.org
                        Diagnostic-Code: smtp; 550 5.1.1 no such user see https://example.org/help
                        Last-Attempt-Date: Thu, 02 Jul 2026 18:55:33 +0000

                        --BOUNDARY
                        Content-Type: message/rfc822

                        Subject: hello
                        From: <sender@example.com>

                        body

                        --BOUNDARY--
                        """.replace("\n", "\r\n"));
    }

    @Test
    void isReadBack() throws IOException {
        FailedDelivery failure = FailedDelivery.of(
                mail(MAIL),
                FailedDelivery.Recipient.failed(USER, NO_USER, FAR, NOW),
                FailedDelivery.Recipient.failed(
                        EnvelopeAddress.parse("other@example.org"), Reply.plain(554, "no"), FAR, NOW));

        BounceReport report = read(writer(IncludeOriginal.FULL_CONTENT).write(failure));

        assertThat(report.reportingMta()).isEqualTo(MtaName.dns("mx.example.com"));
        assertThat(report.recipients())
                .extracting(BounceReport.Recipient::address, BounceReport.Recipient::response)
                .containsExactly(
                        tuple(
                                "user@example.org",
                                new BounceReport.Response(550, new EnhancedStatus(5, 1, 1), "5.1.1 no such user")),
                        tuple("other@example.org", new BounceReport.Response(554, new EnhancedStatus(5, 0, 0), "no")));
        assertThat(report.recipients().get(0).remoteMta()).contains(FAR);
        assertThat(report.recipients().get(0).lastAttempt()).contains(NOW);
        assertThat(new String(report.originalMessage().orElseThrow().bytes(), StandardCharsets.UTF_8))
                .isEqualTo(MAIL);
    }

    @Test
    void headersPutOnTopAreReturnedToo() throws IOException {
        Message message = mail(MAIL);
        message.prependHeader("Received", "by us");

        assertThat(original(IncludeOriginal.FULL_CONTENT, message)).isEqualTo("Received: by us\r\n" + MAIL);
    }

    @ParameterizedTest
    @CsvSource({
        "FULL_CONTENT, , message/rfc822",
        "FULL_CONTENT, FULL, message/rfc822",
        "FULL_CONTENT, HDRS, text/rfc822-headers",
        "HEADERS_ONLY, , text/rfc822-headers",
        "HEADERS_ONLY, FULL, text/rfc822-headers",
        "NO, FULL, ",
        "NO, , ",
    })
    void aSenderMayAskForLessAndNotForMore(IncludeOriginal include, Return returned, String type) throws IOException {
        FailedDelivery failure = new FailedDelivery(
                mail(MAIL),
                List.of(FailedDelivery.Recipient.failed(USER, NO_USER, FAR, NOW)),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(returned));

        Optional<Message> report = writer(include).write(failure);

        assertThat(text(report.orElseThrow()).contains("rfc822-headers")).isEqualTo("text/rfc822-headers".equals(type));
        assertThat(text(report.orElseThrow()).contains("message/rfc822")).isEqualTo("message/rfc822".equals(type));
        assertThat(read(report).originalMessage().isPresent()).isEqualTo(type != null);
    }

    @Test
    void theHeaderAloneHasNoBody() throws IOException {
        assertThat(original(IncludeOriginal.HEADERS_ONLY, mail(MAIL)))
                .isEqualTo("Subject: hello\r\nFrom: <sender@example.com>\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: x\r\n\r\ngr\u00fc\u00dfe\r\n",
                "Subject: x\r\n\r\nbare\nLF\r\n",
                "Subject: x\r\n\r\nbare\rCR\r\n",
                "Subject: x\r\n\r\n\u0000\r\n",
            })
    void aMessageThatIsNotSevenBitTextGoesBackWithoutItsBody(String mail) throws IOException {
        assertThat(original(IncludeOriginal.FULL_CONTENT, mail(mail))).isEqualTo("Subject: x\r\n");
    }

    @Test
    void aMessageWithLinesTooLongGoesBackWithoutItsBody() throws IOException {
        String header = "Subject: x\r\n";

        assertThat(original(IncludeOriginal.FULL_CONTENT, mail(header + "\r\n" + "x".repeat(998) + "\r\n")))
                .hasSizeGreaterThan(998);
        assertThat(original(IncludeOriginal.FULL_CONTENT, mail(header + "\r\n" + "x".repeat(999) + "\r\n")))
                .isEqualTo(header);
    }

    @Test
    void aLargeMessageGoesBackWithoutItsBody() throws IOException {
        String mail = "Subject: x\r\n\r\n" + "0123456789abcdef\r\n".repeat(60_000);

        assertThat(original(IncludeOriginal.FULL_CONTENT, mail(mail))).isEqualTo("Subject: x\r\n");
    }

    @Test
    void anEightBitHeaderIsEncoded() throws IOException {
        String header = "Subject: gr\u00fc\u00dfe = \r\nX-Long: " + "y".repeat(2000) + "\r\n";

        Message report = write(IncludeOriginal.HEADERS_ONLY, mail(header + "\r\nbody\r\n"));

        assertThat(text(report))
                .contains("Content-Transfer-Encoding: quoted-printable")
                .contains("gr=C3=BC=C3=9Fe =3D=20\r\n");
        requireSound(report, false);
        assertThat(new String(
                        read(Optional.of(report))
                                .originalMessage()
                                .orElseThrow()
                                .bytes(),
                        StandardCharsets.UTF_8))
                .isEqualTo(header);
    }

    @Test
    void internationalMailHasAnInternationalReport() throws IOException {
        EnvelopeAddress sender = EnvelopeAddress.parse("jürgen@example.com");
        EnvelopeAddress recipient = EnvelopeAddress.parse("дима@example.org");
        String mail = "Subject: привет\r\n\r\ntext\r\n";
        Message message = new Message(
                TestMail.id(1),
                new Envelope(sender, List.of(recipient), true),
                new Meta(),
                Content.of(mail.getBytes(StandardCharsets.UTF_8)));
        FailedDelivery failure = FailedDelivery.of(
                message, FailedDelivery.Recipient.failed(recipient, Reply.of(550, "5.1.1", "нет"), FAR, NOW));

        Message report = writer(IncludeOriginal.FULL_CONTENT).write(failure).orElseThrow();

        assertThat(report.envelope().smtpUtf8()).isTrue();
        requireSound(report, true);
        assertThat(text(report))
                .contains("To: <jürgen@example.com>")
                .contains("Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit")
                .contains("Final-Recipient: utf-8; дима@example.org")
                .contains("Content-Type: message/global\r\nContent-Transfer-Encoding: 8bit");
        BounceReport read = read(Optional.of(report));
        assertThat(read.recipients().get(0).finalRecipient())
                .isEqualTo(new BounceReport.Address("utf-8", "дима@example.org"));
        assertThat(read.recipients().get(0).response().content()).isEqualTo("5.1.1 нет");
        assertThat(read.originalMessage().orElseThrow().asJson()).isEqualTo(mail.replace("\r\n", "\n"));
    }

    @Test
    void ofInternationalMailTheHeaderAloneIsInternationalToo() throws IOException {
        Message message = new Message(
                TestMail.id(1),
                new Envelope(SENDER, List.of(USER), true),
                new Meta(),
                Content.of("Subject: привет\r\n\r\ntext\r\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(text(write(IncludeOriginal.HEADERS_ONLY, message)))
                .contains(
                        "Content-Type: message/global-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: привет");
    }

    @Test
    void withoutSmtpUtf8NothingIsEightBit() throws IOException {
        EnvelopeAddress recipient = EnvelopeAddress.parse("дима+x@example.org");
        FailedDelivery failure = FailedDelivery.of(
                mail("Subject: привет\r\n\r\ntext\r\n"),
                FailedDelivery.Recipient.failed(recipient, Reply.of(550, "5.1.1", "нет"), FAR, NOW));

        Message report = writer(IncludeOriginal.FULL_CONTENT).write(failure).orElseThrow();

        requireSound(report, false);
        assertThat(text(report))
                .contains("Final-Recipient: utf-8; \\x{434}\\x{438}\\x{43C}\\x{430}\\x{2B}x@example.org")
                .contains("Diagnostic-Code: smtp; 550 5.1.1 \\x{43D}\\x{435}\\x{442}");
    }

    @Test
    void theNullSenderHearsNothing() throws IOException {
        Message bounce = TestMail.message(1, EnvelopeAddress.NULL_SENDER, content(MAIL));

        assertThat(writer(IncludeOriginal.NO).write(failed(bounce))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "auto-submitted: Auto-Generated; owner-email=\"a@b.test\"",
                "Auto-Submitted: (no) auto-notified",
                "Auto-Submitted: no\r\nAuto-Submitted: auto-replied",
                "Return-Path: <>",
                "Return-Path: <> (bounce)",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
                "Content-Type: multipart/report; report-type=feedback-report; boundary=x",
            })
    void automaticMailIsNotAnswered(String header) throws IOException {
        assertThat(writer(IncludeOriginal.NO).write(failed(mail(header + "\r\n" + MAIL))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: no",
                "Auto-Submitted: NO (a person)",
                "Auto-Submitted: no; x=y",
                "Return-Path: <sender@example.com>",
                "Content-Type: multipart/mixed; boundary=x",
                "X-Auto-Submitted: auto-replied",
            })
    void allOtherMailIs(String header) throws IOException {
        assertThat(writer(IncludeOriginal.NO).write(failed(mail(header + "\r\n" + MAIL))))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED, , true",
        "FAILED, FAILURE, true",
        "FAILED, DELAY, false",
        "FAILED, SUCCESS, false",
        "FAILED, NEVER, false",
        "DELAYED, , true",
        "DELAYED, DELAY, true",
        "DELAYED, FAILURE, false",
        "DELIVERED, , false",
        "DELIVERED, SUCCESS, true",
        "DELIVERED, FAILURE, false",
        "RELAYED, SUCCESS, true",
        "RELAYED, , false",
        "EXPANDED, SUCCESS, true",
    })
    void aSenderHearsWhatItAskedFor(BounceReport.Action action, Notify notify, boolean told) throws IOException {
        FailedDelivery failure = FailedDelivery.of(
                mail(MAIL), recipient(USER, action, Optional.ofNullable(notify).map(Set::of)));

        assertThat(writer(IncludeOriginal.NO).write(failure).isPresent()).isEqualTo(told);
    }

    @Test
    void onlyOfRecipientsItAskedFor() throws IOException {
        FailedDelivery failure = FailedDelivery.of(
                mail(MAIL),
                recipient(
                        EnvelopeAddress.parse("never@example.org"),
                        BounceReport.Action.FAILED,
                        Optional.of(Set.of(Notify.NEVER))),
                recipient(USER, BounceReport.Action.FAILED, Optional.empty()));

        Optional<Message> report = writer(IncludeOriginal.NO).write(failure);

        assertThat(read(report).recipients())
                .extracting(BounceReport.Recipient::address)
                .containsExactly("user@example.org");
        assertThat(text(report.orElseThrow())).doesNotContain("never@");
    }

    @Test
    void aDelayTellsHowLong() throws IOException {
        FailedDelivery failure = FailedDelivery.of(
                mail(MAIL),
                new FailedDelivery.Recipient(
                        USER,
                        BounceReport.Action.DELAYED,
                        new EnhancedStatus(4, 4, 1),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(NOW.plusSeconds(86_400)),
                        Optional.empty(),
                        Optional.empty()));

        Optional<Message> report = writer(IncludeOriginal.NO).write(failure);

        assertThat(text(report.orElseThrow()))
                .contains("Subject: Your message is delayed")
                .contains("    status 4.4.1\r\n    Delivery will be tried until Fri, 03 Jul 2026 18:55:38 +0000.");
        assertThat(read(report).recipients().get(0).willRetryUntil()).contains(NOW.plusSeconds(86_400));
    }

    @ParameterizedTest
    @EnumSource(IncludeOriginal.class)
    void whatStrangersSayBreaksNothing(IncludeOriginal include) throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        String[] pieces = {
            "\r\n",
            "\n",
            "\r",
            "\0",
            "\t",
            ": ",
            "Bcc: x@y.test",
            "--",
            ";",
            "<",
            ">",
            "é",
            "x".repeat(400),
            " ",
            "=?utf-8?Q?=0D=0ABcc:_x?="
        };
        for (int round = 0; round < 200; round++) {
            FailedDelivery failure = new FailedDelivery(
                    mail("Subject: " + junk(random, pieces) + "\r\n\r\n" + junk(random, pieces)),
                    List.of(new FailedDelivery.Recipient(
                            USER,
                            BounceReport.Action.FAILED,
                            new EnhancedStatus(5, 0, 0),
                            Optional.of(NO_USER),
                            Optional.of(MtaName.dns(junk(random, pieces))),
                            Optional.of(NOW),
                            Optional.empty(),
                            Optional.of(new BounceReport.Address("rfc822", junk(random, pieces))),
                            Optional.empty())),
                    Optional.of(NOW),
                    Optional.of(junk(random, pieces)),
                    Optional.empty());

            Optional<Message> report = writer(include).write(failure);

            requireSound(report.orElseThrow(), false);
            BounceReport read = read(report);
            assertThat(read.recipients()).hasSize(1);
            assertThat(read.extensions()).as("round %d", round).isEmpty();
            assertThat(read.recipients().get(0).extensions()).isEmpty();
            assertThat(report.orElseThrow().headers().first("Bcc")).isEmpty();
        }
    }

    @Test
    void theBoundaryOccursInNoPart() throws IOException {
        long taken = 0x1234567890abcdefL;
        String boundary = "=_" + Long.toHexString(taken).repeat(2);
        long[] numbers = {0, taken, taken, 7, 8}; // the first is for the id
        RandomGenerator scripted = new RandomGenerator() {
            private int at;

            @Override
            public long nextLong() {
                return numbers[at++];
            }

            @Override
            public int nextInt(int bound) {
                return 0;
            }
        };
        DsnWriter writer = new DsnWriter(
                MtaName.dns("mx.example.com"), IncludeOriginal.FULL_CONTENT, InstantSource.fixed(NOW), scripted);

        Optional<Message> report = writer.write(failed(mail("Subject: x\r\n\r\n--" + boundary + "--\r\nend\r\n")));

        assertThat(text(report.orElseThrow())).contains("boundary=\"=_78\"");
        assertThat(new String(read(report).originalMessage().orElseThrow().bytes(), StandardCharsets.UTF_8))
                .endsWith("end\r\n");
    }

    @Test
    void theReporterIsADomain() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DsnWriter(
                        MtaName.dns("a b"), IncludeOriginal.NO, InstantSource.system(), new SplittableRandom()))
                .withMessageContaining("a b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DsnWriter(
                        new MtaName("d n s", "a.test"),
                        IncludeOriginal.NO,
                        InstantSource.system(),
                        new SplittableRandom()))
                .withMessageContaining("'d n s'");
    }

    @Test
    void actionAndStatusAgree() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailedDelivery.Recipient.failed(USER, Reply.OK, FAR, NOW))
                .withMessage("the status 2.0.0 contradicts the action failed; give one of the class that fits");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailedDelivery.of(mail(MAIL)))
                .withMessageContaining("at least one recipient");
    }

    private static String junk(SplittableRandom random, String[] pieces) {
        StringBuilder text = new StringBuilder("a");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static FailedDelivery.Recipient recipient(
            EnvelopeAddress address, BounceReport.Action action, Optional<Set<Notify>> notify) {
        int statusClass = switch (action) {
            case FAILED -> 5;
            case DELAYED -> 4;
            case DELIVERED, RELAYED, EXPANDED -> 2;
        };
        return new FailedDelivery.Recipient(
                address,
                action,
                new EnhancedStatus(statusClass, 0, 0),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                notify);
    }

    /** Lines of at most 998 octets that end with CRLF and nothing else; 7-bit unless international. */
    private static void requireSound(Message report, boolean utf8) {
        byte[] bytes = bytes(report);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text.split("\r\n"))
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(998).doesNotContain("\r", "\n", "\0"));
        assertThat(text).endsWith("--\r\n");
        if (!utf8) {
            assertThat(text.chars()).allMatch(c -> c < 0x80);
        }
    }

    private static String original(IncludeOriginal include, Message message) throws IOException {
        Message report = write(include, message);
        requireSound(report, false);
        return new String(
                read(Optional.of(report)).originalMessage().orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    private static Message write(IncludeOriginal include, Message message) throws IOException {
        return writer(include).write(failed(message)).orElseThrow();
    }

    private static FailedDelivery failed(Message message) {
        return FailedDelivery.of(message, FailedDelivery.Recipient.failed(USER, NO_USER, FAR, NOW));
    }

    private static DsnWriter writer(IncludeOriginal include) {
        return new DsnWriter(MtaName.dns("MX.example.com"), include, InstantSource.fixed(NOW), new SplittableRandom(1));
    }

    private static Message mail(String text) {
        return TestMail.message(1, SENDER, content(text));
    }

    private static Content content(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static BounceReport read(Optional<Message> report) {
        return ReportMail.bounce(bytes(report.orElseThrow())).orElseThrow();
    }

    private static String text(Message report) {
        return new String(bytes(report), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Message report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            report.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
