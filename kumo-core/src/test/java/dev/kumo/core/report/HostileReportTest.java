package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The time-out is far beyond what any of these takes: it tells work that grows with the square from work that does not. */
@Timeout(20)
class HostileReportTest {

    private static final long MIB = 1 << 20;
    private static final String TOP = "Content-Type: multipart/report; boundary=b\r\n";
    private static final String PLAIN_STATUS =
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n" + ReportMail.STATUS.replace("\n", "\r\n");

    @Test
    void nestingIsNotFollowed() throws IOException {
        StringBuilder nested = new StringBuilder(TOP + "\r\n" + PLAIN_STATUS + "--b\r\n");
        for (int depth = 0; depth < 10_000; depth++) {
            nested.append("Content-Type: multipart/mixed; boundary=n" + depth + "\r\n\r\n--n" + depth + "\r\n");
        }

        assertThat(allocatedBy(
                        () -> assertThat(bounce(text(nested + "\r\n--b--\r\n"))).isPresent()))
                .isLessThan(8 * MIB);
    }

    @Test
    void nestedMessagesAreOneOriginal() throws IOException {
        String nested = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000);

        BounceReport report = bounce(text(TOP + "\r\n" + PLAIN_STATUS + "--b\r\n" + nested + "--b--\r\n"))
                .orElseThrow();

        assertThat(report.originalMessage().orElseThrow().isCut()).isTrue();
    }

    @Test
    void tooManyPartsAreNoReport() throws IOException {
        String part = "--b\r\n\r\nx\r\n";

        assertThat(bounce(text(TOP + "\r\n" + part.repeat(99) + PLAIN_STATUS + "--b--\r\n")))
                .isPresent();
        assertThat(bounce(text(TOP + "\r\n" + part.repeat(100) + PLAIN_STATUS + "--b--\r\n")))
                .isEmpty();
        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS + part.repeat(100_000))))
                .isEmpty();
    }

    @Test
    void headerLinesWithoutEndAreBounded() throws IOException {
        String lines = "X: y\r\n".repeat(100_000);

        assertThat(allocatedBy(() -> assertThat(bounce(text(TOP + lines + "\r\n" + PLAIN_STATUS)))
                        .isPresent()))
                .isLessThan(24 * MIB);
        assertThat(bounce(text(lines + TOP + "\r\n" + PLAIN_STATUS)))
                .isEmpty(); // the type is not among the first 10,000
        assertThat(bounce(text(TOP + lines.repeat(2) + "\r\n" + PLAIN_STATUS))).isEmpty(); // more than 1 MiB
        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS + "--b\r\n" + lines + "\r\n--b--\r\n")))
                .isEmpty();
    }

    @Test
    void fieldsOfAStatusAreBounded() throws IOException {
        String fields = "X: y\r\n".repeat(30_000);
        String blocks = "\r\nX: y\r\n".repeat(30_000);

        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS + fields))).isEmpty();
        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS + blocks))).isEmpty();
    }

    @Test
    void aStatusIsBounded() throws IOException {
        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS + "X: " + "y".repeat(900_000))))
                .isPresent();
        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS + "X: " + "y".repeat(1_100_000))))
                .isEmpty();
    }

    @Test
    void aThousandRecipientsAreRead() throws IOException {
        String recipient = """

                Final-Recipient: rfc822; user@example.org
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 no such user
                """;

        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS + recipient.repeat(1_000)))
                        .orElseThrow()
                        .recipients())
                .hasSize(1_001);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TOP + "\r\n",
                TOP + "\r\n" + "--b\r\nContent-Type: text/plain\r\n\r\n",
                TOP + "\r\n" + "--b\r\nContent-Type: message/rfc822\r\n\r\n",
                TOP + "\r\n" + "--b\r\nContent-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            })
    void aLineOf50MegabytesCostsNoMemory(String before) throws IOException {
        long allocated = allocatedBy(() -> assertThat(bounce(new SequenceInputStream(Collections.enumeration(
                        List.of(text(before), new Endless(50 * MIB), text("\r\n" + PLAIN_STATUS + "--b--\r\n"))))))
                .isPresent());

        assertThat(allocated).isLessThan(4 * MIB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X: ",
                TOP,
                TOP + "X: ",
                TOP + "\r\n--b\r\nContent-Type: ",
                TOP + "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            })
    void aLineOf50MegabytesInTheWrongPlaceIsNoReport(String before) throws IOException {
        long allocated = allocatedBy(() -> assertThat(bounce(new SequenceInputStream(Collections.enumeration(
                        List.of(text(before), new Endless(50 * MIB), text("\r\n\r\n" + PLAIN_STATUS + "--b--\r\n"))))))
                .isEmpty());

        assertThat(allocated).isLessThan(8 * MIB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?",
                "?=",
                "=?a?",
                "=?utf-8?Q?a?= ",
                "=?utf-8?Q?",
                "=?a*",
                "=?x?b?A",
                "(",
                "<",
                ";",
                "\r\n ",
                "\r\n\t.",
                ":",
                "\\",
                "a.",
                " (",
                "=?utf-8?B?5?=",
                "1",
                "."
            })
    void noValueCostsMoreThanItsLength(String piece) throws IOException {
        String value = piece.repeat(200_000 / piece.length());
        for (String field :
                List.of("Diagnostic-Code", "Original-Recipient", "Last-Attempt-Date", "Remote-MTA", "X-Other")) {
            BounceReport report = bounce(text(TOP + "\r\n" + PLAIN_STATUS + field + ": a" + value))
                    .orElse(null);

            assertThat(report == null || report.recipients().size() == 1).isTrue();
        }
        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS.replace("5.1.1", "5.1.1 " + value))))
                .isNotNull();
        bounce(text("Content-Type: multipart/report" + value + "\r\n" + TOP + "\r\n" + PLAIN_STATUS));
    }

    @Test
    void manyHeadersThatMightBeATraceAreBounded() throws IOException {
        String headers = "X-A: eyJfQF8iOiJubyJ9\r\n".repeat(20_000);

        assertThat(bounce(text(TOP + "\r\n" + PLAIN_STATUS + "--b\r\nContent-Type: message/rfc822\r\n\r\n" + headers
                                + "--b--\r\n"))
                        .orElseThrow()
                        .supplementalTrace())
                .isEmpty();
    }

    private interface Reading {
        void run() throws IOException;
    }

    private static long allocatedBy(Reading reading) throws IOException {
        reading.run(); // loads classes
        long before = allocated();
        reading.run();
        return allocated() - before;
    }

    /** By name, as the module under test does not read that of the bean. */
    private static long allocated() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return (long) Class.forName("com.sun.management.ThreadMXBean")
                    .getMethod("getCurrentThreadAllocatedBytes")
                    .invoke(threads);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no memory to measure", e);
        }
    }

    private static Optional<BounceReport> bounce(InputStream message) throws IOException {
        return BounceReport.read(message);
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The letter x, so many times. */
    private static final class Endless extends InputStream {

        private long left;

        Endless(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = (int) Math.min(left, length);
            Arrays.fill(target, offset, offset + count, (byte) 'x');
            left -= count;
            return count == 0 ? -1 : count;
        }
    }
}
