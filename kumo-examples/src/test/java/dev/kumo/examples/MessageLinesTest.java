package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.report.BounceReport;
import dev.kumo.core.report.FeedbackReport;
import dev.kumo.core.report.MtaName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MessageLinesTest {

    private static final Instant AT = Instant.parse("2026-08-04T03:04:05.678Z");
    private static final InetSocketAddress CLIENT = new InetSocketAddress(IpLiteral.parse("192.0.2.7"), 4321);
    private static final MessageId ID = new MessageId("0192f0c1a2b37c4d8e5f60718293a4b5");
    private static final QueueName QUEUE = QueueName.parse("example.com");
    private static final EnvelopeAddress SENDER = EnvelopeAddress.parse("a@client.example");
    private static final EnvelopeAddress RECIPIENT = EnvelopeAddress.parse("b@example.com");

    @Test
    void tellsADelivery() {
        assertThat(lines(new LogRecord.Delivery(AT, facts(), Reply.of(250, "2.0.0", "delivered"), Attempt.NONE)))
                .isEqualTo("2026-08-04T03:04:05.678Z delivered id=0192f0c1a2b37c4d8e5f60718293a4b5"
                        + " from=<a@client.example> to=<b@example.com> size=321 client=192.0.2.7:4321"
                        + " reply=\"250 2.0.0 delivered\"\n");
    }

    @Test
    void tellsADeferral() {
        assertThat(lines(new LogRecord.TransientFailure(AT, facts(), Reply.of(451, "4.3.0", "later"), Attempt.NONE)))
                .contains(" deferred id=")
                .contains("reply=\"451 4.3.0 later\"");
    }

    @Test
    void tellsABounce() {
        assertThat(lines(new LogRecord.Bounce(AT, facts(), Reply.of(550, "5.1.1", "no such user"), Attempt.NONE)))
                .contains(" refused id=")
                .contains("reply=\"550 5.1.1 no such user\"");
    }

    @Test
    void tellsReports() {
        assertThat(lines(new LogRecord.Feedback(AT, facts(), COMPLAINT), oob(facts()))
                        .lines())
                .satisfiesExactly(
                        complaint -> assertThat(complaint)
                                .contains(" complaint id=" + ID)
                                .endsWith(" reply=\"abuse\""),
                        bounce -> assertThat(bounce)
                                .contains(" bounce id=" + ID)
                                .endsWith(" reply=\"joe@far.example: 550 5.1.1 no such \\u001b user\""));
    }

    @Test
    void aReceptionHasNoLineOfItsOwn() {
        assertThat(lines(new LogRecord.Reception(AT, facts()))).isEmpty();
    }

    @Test
    void tellsARejection() {
        assertThat(lines(rejection(Optional.of(SENDER), Optional.of(RECIPIENT), "RCPT", "relaying denied")))
                .isEqualTo("2026-08-04T03:04:05.678Z rejected RCPT from=<a@client.example> to=<b@example.com>"
                        + " client=192.0.2.7:4321 reply=\"550 5.7.1 relaying denied\"\n");
    }

    @Test
    void theNullSenderIsNotAMissingOne() {
        assertThat(lines(
                                rejection(Optional.of(EnvelopeAddress.NULL_SENDER), Optional.empty(), "DATA", "no"),
                                rejection(Optional.empty(), Optional.empty(), "", "no"))
                        .lines())
                .satisfiesExactly(
                        nullSender -> assertThat(nullSender).contains(" rejected DATA from=<> to=- "),
                        missing -> assertThat(missing).contains(" rejected - from=- to=- "));
    }

    @Test
    void severalRecipientsAreToldOneByOne() {
        MessageFacts two = new MessageFacts(
                ID,
                SENDER,
                List.of(RECIPIENT, EnvelopeAddress.parse("\"c,d\"@example.com")),
                QUEUE,
                1,
                0,
                Map.of(),
                List.of());

        assertThat(lines(new LogRecord.Delivery(AT, two, Reply.OK, Attempt.NONE)))
                .contains(" to=<b@example.com>,<\\\"c,d\\\"@example.com> ")
                .contains(" client=- ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "000a | \\u000a", // line feed
                "000d | \\u000d",
                "001b | \\u001b", // escape
                "0085 | \\u0085", // next line
                "009b | \\u009b", // control sequence introducer
                "2028 | \\u2028", // line separator
                "202e | \\u202e", // right-to-left override
                "2066 | \\u2066", // left-to-right isolate
                "200b | \\u200b", // zero width space
                "feff | \\ufeff",
                "d800 | \\ud800", // half a pair
                "e0041 | \\u{e0041}", // a tag, which nobody sees
                "0022 | \\\"",
                "005c | \\\\",
                "00e9 | é",
                "1f4e7 | 📧"
            })
    void escapesWhatDoesNotShow(String codePoint, String shown) {
        MessageFacts facts = facts("x" + Character.toString(Integer.parseInt(codePoint, 16)) + "y");

        assertThat(lines(new LogRecord.Feedback(AT, facts, COMPLAINT))).contains(" client=x" + shown + "y ");
    }

    static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRecordIsOneLineWithoutControls(long seed) {
        SplittableRandom random = new SplittableRandom(seed);

        String written = lines(hostile(random));

        assertThat(written).as("seed %d", seed).endsWith("\n");
        assertThat(written.substring(0, written.length() - 1).codePoints())
                .as("seed %d", seed)
                .noneMatch(MessageLinesTest::breaksOut);
        assertThat(written).as("seed %d, nothing lost in UTF-8", seed).doesNotContain("\ufffd");
    }

    private static boolean breaksOut(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.SURROGATE
                || c == 0x2028
                || c == 0x2029
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }

    private static LogRecord hostile(SplittableRandom random) {
        EnvelopeAddress sender = address(random);
        EnvelopeAddress recipient = address(random);
        MessageFacts facts = new MessageFacts(
                ID, sender, List.of(recipient), QUEUE, 1, 0, Map.of("received_from", text(random, false)), List.of());
        return switch (random.nextInt(5)) {
            case 0 -> new LogRecord.Delivery(AT, facts, reply(random, 2), Attempt.NONE);
            case 1 -> new LogRecord.TransientFailure(AT, facts, reply(random, 4), Attempt.NONE);
            case 2 -> new LogRecord.Bounce(AT, facts, reply(random, 5), Attempt.NONE);
            case 3 -> oob(facts);
            default ->
                new LogRecord.Rejection(
                        AT,
                        CLIENT,
                        text(random, false),
                        Optional.of(sender),
                        Optional.of(recipient),
                        "RCPT",
                        reply(random, 5),
                        "",
                        Map.of());
        };
    }

    private static EnvelopeAddress address(SplittableRandom random) {
        String content = text(random, true).replace("\\", "\\\\").replace("\"", "\\\"");
        return EnvelopeAddress.parse("\"" + content + "\"@example.com");
    }

    private static Reply reply(SplittableRandom random, int statusClass) {
        return Reply.plain(statusClass * 100, List.of(text(random, true), text(random, true)));
    }

    /** Of the few characters that break things, and of any others; those that an address or a reply refuses are left out. */
    private static String text(SplittableRandom random, boolean tame) {
        int[] worst = {
            '\n', '\r', 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x2029, 0x202e, 0x2066, 0x2069, 0x200b, 0xfeff, 0xd800, 0xdc00,
            0xe0041, '"', '\\', '\'', '<', '>', ' ', 'a', 0xe9, 0x5d0, 0x1f4e7
        };
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(1, 12);
        while (text.codePointCount(0, text.length()) < length) {
            int c = random.nextBoolean() ? worst[random.nextInt(worst.length)] : random.nextInt(0x110000);
            if (!tame || !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE) {
                text.appendCodePoint(c);
            }
        }
        return text.toString();
    }

    @Test
    void aLineLeavesByItself() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                left.countDown();
            }
        };

        try (MessageLines lines = new MessageLines(out)) {
            lines.record(oob(facts()));

            assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aLineThatComesAfterAFlushLeavesToo() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("lines leave in blocks");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                first.countDown();
                second.countDown();
            }
        };

        try (MessageLines lines = new MessageLines(out)) {
            lines.record(oob(facts()));
            assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
            lines.record(oob(facts()));

            assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void manyLinesLeaveInFewWrites() {
        Counting out = new Counting();
        try (MessageLines lines = new MessageLines(out)) {
            LogRecord record = oob(facts());
            for (int i = 0; i < 30_000; i++) {
                lines.record(record);
            }
        }

        assertThat(out.bytes.toString(StandardCharsets.UTF_8).lines()).hasSize(30_000);
        assertThat(out.writes).isLessThan(1_500);
    }

    @Test
    void aStreamThatNobodyReadsStopsNothing() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };

        try (MessageLines lines = new MessageLines(broken)) {
            for (int i = 0; i < 1_000; i++) {
                lines.record(oob(facts()));
            }
            lines.say(List.of("still here"));
        }
    }

    private static final class Counting extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int writes;

        @Override
        public synchronized void write(int b) {
            writes++;
            bytes.write(b);
        }

        @Override
        public synchronized void write(byte[] block, int offset, int length) {
            writes++;
            bytes.write(block, offset, length);
        }
    }

    private static String lines(LogRecord... records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MessageLines lines = new MessageLines(out)) {
            for (LogRecord record : records) {
                lines.record(record);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static LogRecord rejection(
            Optional<EnvelopeAddress> sender, Optional<EnvelopeAddress> recipient, String verb, String text) {
        return new LogRecord.Rejection(
                AT, CLIENT, "client.example", sender, recipient, verb, Reply.of(550, "5.7.1", text), "", Map.of());
    }

    private static final FeedbackReport COMPLAINT = new FeedbackReport(
            "abuse",
            "Far/1.0",
            "1",
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty());

    private static LogRecord oob(MessageFacts facts) {
        BounceReport.Recipient joe = new BounceReport.Recipient(
                new BounceReport.Address("rfc822", "joe@far.example"),
                BounceReport.Action.FAILED,
                EnhancedStatus.parse("5.1.1"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new BounceReport.Diagnostic("smtp", "550 no such \u001b user")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        BounceReport report = new BounceReport(
                MtaName.dns("mx.far.example"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(joe),
                Optional.empty(),
                Optional.empty());
        return new LogRecord.Oob(AT, facts, report, joe);
    }

    private static MessageFacts facts() {
        return facts("192.0.2.7:4321");
    }

    private static MessageFacts facts(String client) {
        return new MessageFacts(
                ID, SENDER, List.of(RECIPIENT), QUEUE, 321, 0, Map.of("received_from", client), List.of());
    }
}
