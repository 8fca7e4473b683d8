package dev.kumo.http.mime;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates of headers, RFC 5322 section 3.3: {@code Tue, 04 Aug 2026 03:04:05 +0000}. */
public final class MailDate {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss +0000", Locale.US)
            .withZone(ZoneOffset.UTC);

    private MailDate() {}

    public static String of(Instant at) {
        return FORMAT.format(at);
    }
}
