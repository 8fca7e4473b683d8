package dev.kumo.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.trace.ReceivedHeader.Hop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedHeaderTest {

    private static final MessageId ID = new MessageId("0192f0c1a2b37c4d8e5f60718293a4b5");
    private static final Instant AT = Instant.parse("2026-08-04T03:04:05.678Z");
    private static final EnvelopeAddress SOMEONE = EnvelopeAddress.parse("someone@example.org");

    private final ReceivedHeader received = new ReceivedHeader();

    @Test
    void tellsWhereAMessageCameFrom() {
        assertThat(received.value(hop("client.example", "192.0.2.1", TransmissionType.ESMTPS, SOMEONE)))
                .isEqualTo("""
                        from client.example ([192.0.2.1])\r
                        \tby mx.example.com with ESMTPS id 0192f0c1a2b37c4d8e5f60718293a4b5\r
                        \tfor <someone@example.org>;\r
                        \tTue, 04 Aug 2026 03:04:05 +0000""");
    }

    @Test
    void severalRecipientsAreKeptFromEachOther() {
        EnvelopeAddress other = EnvelopeAddress.parse("other@example.org");

        assertThat(received.value(hop("client.example", "192.0.2.1", TransmissionType.SMTP, SOMEONE, other)))
                .isEqualTo("""
                        from client.example ([192.0.2.1])\r
                        \tby mx.example.com with SMTP id 0192f0c1a2b37c4d8e5f60718293a4b5;\r
                        \tTue, 04 Aug 2026 03:04:05 +0000""");
    }

    @Test
    void anIpv6ClientIsALiteralWithItsTag() {
        assertThat(received.value(hop("[IPv6:2001:db8::1]", "2001:db8::1", TransmissionType.ESMTP, SOMEONE)))
                .startsWith("from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])\r\n\tby ");
    }

    @Test
    void aClientWithoutANameIsUnknown() {
        assertThat(received.value(hop(null, "192.0.2.1", TransmissionType.ESMTP, SOMEONE)))
                .startsWith("from unknown ([192.0.2.1])\r\n");
    }

    @Test
    void aPostmasterWithoutADomainIsNoPath() {
        assertThat(received.value(hop("c.test", "192.0.2.1", TransmissionType.ESMTP, EnvelopeAddress.POSTMASTER)))
                .doesNotContain("for ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.example", "WIN-7_2", "Host.Example", "[192.0.2.9]", "[IPv6:::1]", "localhost"})
    void aDomainNameOrAddressLiteralIsKept(String name) {
        assertThat(from(name, TransmissionType.ESMTP)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a\r\nBcc: x@y.test",
                "a\r\n\tb",
                "a\n",
                "a(b",
                "a)",
                "<a>",
                "\"a\"",
                "a;",
                "a\\b",
                "a,b",
                "[a",
                "a]",
                "[]",
                "[[a]]",
                "a\u0000",
                "a\u007f",
                "a\u0085",
                "a\u2028b",
                "::1",
                "192.0.2.1:25",
                "[tag:content]",
                "-a",
                "a..b",
            })
    void anyOtherNameIsUnknown(String name) {
        assertThat(from(name, TransmissionType.ESMTPSA)).isEqualTo("unknown");
    }

    @Test
    void aNameOfExcessiveLengthIsUnknown() {
        String longest = ("a".repeat(63) + ".").repeat(4);

        assertThat(from(longest.substring(0, 255), TransmissionType.ESMTP)).isEqualTo(longest.substring(0, 255));
        assertThat(from(longest + "a", TransmissionType.ESMTP)).isEqualTo("unknown");
        assertThat(from("ü".repeat(128), TransmissionType.UTF8SMTP)).isEqualTo("unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "bücher.example, xn--bcher-kva.example",
        "例え.テスト, xn--r8jz45g.xn--zckzah",
        "a\u2028b, unknown",
        "a\u202eb, unknown",
        "a\u3000b, unknown",
        "a\ud800, unknown",
    })
    void lettersOfEveryScriptAreWrittenAsALabels(String name, String written) {
        assertThat(from(name, TransmissionType.UTF8SMTP)).isEqualTo(written);
        assertThat(from(name, TransmissionType.ESMTP)).isEqualTo(written);
    }

    @Test
    void aRecipientInUtf8IsToldOnlyWithSmtpUtf8() {
        EnvelopeAddress recipient = EnvelopeAddress.parse("jürgen@example.org");

        assertThat(received.value(hop("c.test", "192.0.2.1", TransmissionType.UTF8SMTP, recipient)))
                .contains("\r\n\tfor <jürgen@example.org>;\r\n");
        assertThat(received.value(hop("c.test", "192.0.2.1", TransmissionType.ESMTP, recipient)))
                .doesNotContain("for ");
    }

    @Test
    void tellsProtocolAndCipherOfTls() {
        Hop hop = new Hop(
                "client.example",
                address("192.0.2.1"),
                "TLSv1.3 TLS_AES_256_GCM_SHA384",
                "mx.example.com",
                TransmissionType.ESMTPS,
                ID,
                List.of(SOMEONE),
                AT);

        assertThat(received.value(hop).split("\r\n\t"))
                .startsWith("from client.example ([192.0.2.1])", "(using TLSv1.3 TLS_AES_256_GCM_SHA384)")
                .hasSize(5);
    }

    @Test
    void longPartsGoToLinesOfTheirOwn() {
        String name = "a".repeat(60) + ".example";
        Hop hop = new Hop(
                name,
                address("192.0.2.1"),
                null,
                "b".repeat(60),
                TransmissionType.UTF8SMTPSA,
                ID,
                List.of(SOMEONE),
                AT);

        assertThat(received.value(hop).split("\r\n\t"))
                .containsExactly(
                        "from " + name,
                        "([192.0.2.1])",
                        "by " + "b".repeat(60),
                        "with UTF8SMTPSA id " + ID,
                        "for <someone@example.org>;",
                        "Tue, 04 Aug 2026 03:04:05 +0000");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void nothingAClientSaysBreaksOutOfItsPlace(long seed) {
        Pattern whole = Pattern.compile("from (?:\\[[0-9A-Za-z.:]+]|[0-9A-Za-z._-]+)(?:\r\n\t| )"
                + "\\(\\[192\\.0\\.2\\.1]\\)\r\n\tby mx\\.example\\.com with \\w+ id [0-9a-f]{32}"
                + "\r\n\tfor <someone@example\\.org>;\r\n\tTue, 04 Aug 2026 03:04:05 \\+0000");
        List<TransmissionType> types = List.of(TransmissionType.values());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            String name = junk(random);
            TransmissionType with = types.get(random.nextInt(types.size()));
            String value = received.value(hop(name, "192.0.2.1", with, SOMEONE));

            assertThat(value).as("seed %d, name %s", seed, name).matches(whole);
            assertThat(("Received: " + value).split("\r\n"))
                    .as("seed %d, name %s", seed, name)
                    .allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length <= 998);
            assertThatNoException()
                    .as("seed %d, name %s", seed, name)
                    .isThrownBy(() -> message().prependHeader(ReceivedHeader.NAME, value));
        }
    }

    private static String junk(SplittableRandom random) {
        String[] pieces = {
            "a",
            "example",
            ".",
            "-",
            "_",
            ":",
            "[",
            "]",
            "(",
            ")",
            "\r\n",
            "\r",
            "\n",
            "\t",
            " ",
            ";",
            "<",
            ">",
            "\"",
            "\\",
            "\0",
            "\u007f",
            "\u0085",
            "\u2028",
            "ü",
            "例",
            "\ud83d\ude00",
            "\ud800",
            "\udc00",
            "9",
            "Bcc: x@y.test"
        };
        // Half of the names are of harmless pieces only, or next to none would be kept.
        int bound = random.nextBoolean() ? 6 : pieces.length;
        StringBuilder junk = new StringBuilder();
        for (int i = random.nextInt(1, random.nextInt(10) == 0 ? 300 : 8); i > 0; i--) {
            junk.append(pieces[random.nextInt(bound)]);
        }
        return junk.toString();
    }

    private String from(String name, TransmissionType with) {
        String value = received.value(hop(name, "192.0.2.1", with, SOMEONE));
        return value.substring("from ".length(), value.indexOf("([192.0.2.1])\r\n"))
                .stripTrailing();
    }

    private static Hop hop(String name, String client, TransmissionType with, EnvelopeAddress... recipients) {
        return new Hop(name, address(client), null, "mx.example.com", with, ID, List.of(recipients), AT);
    }

    private static Message message() {
        return new Message(ID, Envelope.of(EnvelopeAddress.NULL_SENDER, SOMEONE), new Meta(), Content.of(new byte[0]));
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
