package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportDateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Thu, 02 Jul 2026 18:55:38 +0000 | 2026-07-02T18:55:38Z",
                "Thu, 2 Jul 26 18:55:38 UTC | 2026-07-02T18:55:38Z",
                "2 Jul 2026 18:55 -0000 | 2026-07-02T18:55:00Z",
                "Mon, 2 Jul 2026 18:55:38 GMT | 2026-07-02T18:55:38Z",
                "Thursday, 2 July 2026 18:55:38 Z | 2026-07-02T18:55:38Z",
                "thu, 2 jul 2026 18:55:38 pdt (Pacific (Daylight)) | 2026-07-03T01:55:38Z",
                "Tue, 08 Mar 2005 14:00:00 EDT | 2005-03-08T18:00:00Z",
                "Fri, 3 Jul 2026 03:55:38 JST | 2026-07-02T18:55:38Z",
                "Thu, 2 Jul 2026 20:55:38 CEST | 2026-07-02T18:55:38Z",
                "Thu, 2 Jul 2026 18:55:38 XYZ | 2026-07-02T18:55:38Z",
                "Thu, 2 Jul 2026 18:55:38 | 2026-07-02T18:55:38Z",
                "Fri, 3 Jul 2026 00:25:38 +0530 (IST) | 2026-07-02T18:55:38Z",
                "Thu, 2 Jul 2026 14:55:38 GMT-04:00 | 2026-07-02T18:55:38Z",
                "Thu Jul  2 18:55:38 2026 | 2026-07-02T18:55:38Z",
                "Thu Jul  2 20:55:38 CEST 2026 | 2026-07-02T18:55:38Z",
                "Thu,02 Jul 2026 18:55:38.123 +0000 | 2026-07-02T18:55:38Z",
                "Sat, 31 Dec 2016 23:59:60 +0000 | 2016-12-31T23:59:59Z",
                "Thu, 2 Jul 99 18:55:38 +0000 | 1999-07-02T18:55:38Z",
                "Thu, 2 Jul 126 18:55:38 +0000 | 2026-07-02T18:55:38Z",
                "2026-07-02T20:55:38+02:00 | 2026-07-02T18:55:38Z",
                "2026-07-02 18:55:38Z | 2026-07-02T18:55:38Z",
            })
    void isReadHoweverItIsWritten(String text, Instant date) {
        assertThat(ReportDate.read(text)).contains(date);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "Thu, 2 Jul 2026",
                "18:55:38",
                "Thu, 2 Jul 18:55:38",
                "31 Feb 2026 10:00:00 +0000",
                "0 Jul 2026 10:00:00 +0000",
                "2 Jul 2026 25:00:00 +0000",
                "2 Jul 2026 10:00:00 +9900",
                "2 Foo 2026 10:00:00 +0000",
                "2026-07-02",
                "2026-07-02T",
                "0000-00-00 00:00:00",
                "2 Jul 99999 10:00:00 +0000",
            })
    void junkIsNoDate(String text) {
        assertThat(ReportDate.read(text)).isEmpty();
    }

    @Test
    void isWrittenAsInAHeader() {
        String written = ReportDate.write(Instant.parse("2026-07-02T08:05:38.9Z"));

        assertThat(written).isEqualTo("Thu, 02 Jul 2026 08:05:38 +0000");
        assertThat(ReportDate.read(written)).contains(Instant.parse("2026-07-02T08:05:38Z"));
    }
}
