package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.kumo.core.mail.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportKindTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "multipart/report; report-type=feedback-report; boundary=x | ARF",
                "multipart/report; report-type=delivery-status; boundary=x | OOB",
                "multipart/report; boundary=x | OOB",
                "multipart/report | OOB",
                "multipart/report; report-type=disposition-notification | NONE",
                "multipart/report; report-type=something-else | NONE",
                "multipart/report; report-type= | NONE",
                "multipart/mixed; report-type=feedback-report | NONE",
                "text/plain | NONE",
                "message/feedback-report | NONE",
                "multipart | NONE",
                "report | NONE",
                "/ | NONE",
            })
    void isToldByTypeAndReportType(String contentType, ReportKind kind) throws IOException {
        assertThat(kindOf(contentType)).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MULTIPART/Report; Report-Type=FEEDBACK-Report",
                "multipart/report;boundary=\"a;b\";report-type=\"feedback-report\"",
                "multipart/report; report-type=\"feedback\\-report\"",
                "multipart / report ; report-type = feedback-report ;",
                "(one) multipart/report (two (three; report-type=no)); (\\)) report-type=(four)feedback-report (five)",
                "multipart/report;\r\n\tboundary=\"=_x\";\r\n report-type=feedback-report",
                "multipart/report; boundary=\"report-type=delivery-status; \\\"\"; report-type=feedback-report",
                "multipart/report; report-type=feedback-report; report-type=delivery-status",
                "multipart/report; report-type=\"feedback-report",
                "multipart/report; boundary=----=_Part/1?; report-type=feedback-report",
                "multipart/report;; boundary; =x; é=\"y\" z \";\"; report-type=feedback-report",
            })
    void isToldHoweverItIsWritten(String contentType) throws IOException {
        assertThat(kindOf(contentType)).isEqualTo(ReportKind.ARF);
    }

    @Test
    void aMessageWithoutATypeIsNoReport() throws IOException {
        assertThat(ReportKind.of(headers("Subject: report\r\n\r\n"))).isEqualTo(ReportKind.NONE);
    }

    @Test
    void theFirstTypeCounts() throws IOException {
        assertThat(ReportKind.of(headers("Content-Type: text/plain\r\ncontent-type: multipart/report\r\n\r\n")))
                .isEqualTo(ReportKind.NONE);
    }

    @Test
    void anEndlessCommentIsReadWithoutHarm() throws IOException {
        assertThat(kindOf("(".repeat(500_000) + "multipart/report")).isEqualTo(ReportKind.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverFailsOnJunk(long seed) {
        String[] pieces = {
            "multipart", "/", "report", ";", "report-type", "=", "\"", "\\", "(", ")", " ", "é", ",", "\t"
        };
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder value = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                value.append(pieces[random.nextInt(pieces.length)]);
            }
            assertThatNoException().as("seed %d, %s", seed, value).isThrownBy(() -> kindOf(value.toString()));
        }
    }

    private static ReportKind kindOf(String contentType) throws IOException {
        return ReportKind.of(headers("From: a@b.test\r\nContent-Type: " + contentType + "\r\n\r\nbody"));
    }

    private static Headers headers(String message) throws IOException {
        return Headers.read(new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)));
    }
}
