package dev.kumo.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates of headers, RFC 5322 section 3.3: {@code Tue, 04 Aug 2026 03:04:05 +0000}. */
final class MailDate {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss +0000", Locale.US)
            .withZone(ZoneOffset.UTC);

    private MailDate() {}

    static String of(Instant at) {
        return FORMAT.format(at);
    }
}
