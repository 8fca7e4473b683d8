package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumo.http.InjectContent.Attachment;
import dev.kumo.http.mime.Lines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What injected messages look like, injected from within and read by Python. */
class MailTest {

    private static Python python;

    private final Inbox inbox = new Inbox();
    private final Inject inject = Inject.builder()
            .hostname("mail.example.com")
            .time(() -> Instant.parse("2026-11-02T03:04:05Z"))
            .build();

    @BeforeAll
    static void startPython() throws IOException {
        python = Python.start();
    }

    @AfterAll
    static void stopPython() {
        if (python != null) {
            python.close();
        }
    }

    @BeforeEach
    void open() {
        inject.open(inbox);
    }

    private byte[] written(InjectContent content) {
        InjectResult result = inject.v1(request(content));
        assertThat(result.errors()).isEmpty();
        byte[] bytes = inbox.bytes(inbox.messages.size() - 1);
        assertTravels(bytes);
        return bytes;
    }

    private static InjectRequest request(InjectContent content) {
        return InjectRequest.builder("s@b.example", content)
                .recipient(InjectRequest.Recipient.of("to@c.example", "J\u00fcrgen, \"der\" Gro\u00dfe", Map.of()))
                .build();
    }

    /** ASCII, lines of at most 998 octets that end with CRLF, and header lines of at most 76 where that can be. */
    private static void assertTravels(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        assertThat(text).matches("(?:[\\x01-\\x09\\x0b\\x0c\\x0e-\\x7f]{0,998}+\r\n)*+");
        String header = text.substring(0, text.indexOf("\r\n\r\n"));
        assertThat(header.lines())
                .allSatisfy(line -> assertThat(line)
                        .satisfiesAnyOf(
                                fit -> assertThat(fit).hasSizeLessThanOrEqualTo(78),
                                word -> assertThat(word.strip()).doesNotContain(" ")));
    }

    private static InjectContent.Builder builder() {
        return InjectContent.builder()
                .from(InjectRequest.Mailbox.of("a@b.example"))
                .textBody("text");
    }

    @Test
    void allPartsAreWhereTheyBelong() throws Exception {
        assumeTrue(python != null, "python3 is not on the path");
        byte[] image = new byte[1000];
        new SplittableRandom(1).nextBytes(image);
        Map<String, Object> message = python.read(written(builder()
                .textBody("Gr\u00fc\u00dfe\n\n.\nFrom here\ntrailing blank \n")
                .htmlBody("<p>Gr\u00fc\u00dfe <img src=\"cid:logo@x\"></p>")
                .ampHtmlBody("<html amp4email></html>")
                .subject("Angebot f\u00fcr Sie \ud83d\ude00")
                .attachment(Attachment.of("image/png", image).inline("logo@x").named("logo.png"))
                .attachment(Attachment.of("application/pdf", image).named("\u00c4rger \u20ac 100%; \"x\".pdf"))
                .attachment(Attachment.of("text/csv; charset=utf-8", "a;b".getBytes(StandardCharsets.UTF_8))
                        .named("plain name.csv"))
                .build()));

        assertThat(message.get("defects")).isEqualTo(List.of());
        assertThat(message.get("type")).isEqualTo("multipart/mixed");
        assertThat(message.get("date")).isEqualTo("2026-11-02T03:04:05+00:00");
        assertThat(Python.header(message, "Subject")).isEqualTo("Angebot f\u00fcr Sie \ud83d\ude00");
        assertThat(Python.header(message, "To")).isEqualTo("\"J\u00fcrgen, \\\"der\\\" Gro\u00dfe\" <to@c.example>");
        List<Map<String, Object>> mixed = Python.parts(message);
        assertThat(mixed)
                .extracting(part -> part.get("type"))
                .containsExactly("multipart/related", "application/pdf", "text/csv");
        List<Map<String, Object>> related = Python.parts(mixed.get(0));
        assertThat(related).extracting(part -> part.get("type")).containsExactly("multipart/alternative", "image/png");
        List<Map<String, Object>> texts = Python.parts(related.get(0));
        assertThat(texts)
                .extracting(part -> part.get("type"))
                .containsExactly("text/plain", "text/x-amp-html", "text/html");
        assertThat(Python.text(texts.get(0))).isEqualTo("Gr\u00fc\u00dfe\r\n\r\n.\r\nFrom here\r\ntrailing blank \r\n");
        assertThat(Python.text(texts.get(2))).isEqualTo("<p>Gr\u00fc\u00dfe <img src=\"cid:logo@x\"></p>\r\n");
        assertThat(related.get(1))
                .containsEntry("disposition", "inline")
                .containsEntry("id", "<logo@x>")
                .containsEntry("name", "logo.png")
                .containsEntry("payload", Base64.getEncoder().encodeToString(image));
        assertThat(mixed.get(1))
                .containsEntry("disposition", "attachment")
                .containsEntry("name", "\u00c4rger \u20ac 100%; \"x\".pdf")
                .containsEntry("payload", Base64.getEncoder().encodeToString(image));
        assertThat(mixed.get(2)).containsEntry("name", "plain name.csv").containsEntry("charset", "utf-8");
        for (Map<String, Object> part : mixed) {
            assertThat(part.get("defects")).isEqualTo(List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "",
                "A subject that is long enough to be folded once or twice, as it goes on and on and on and on",
                "\u00fc",
                "Ein Betreff, der so lang ist, dass er mehrfach gefaltet werden mu\u00df, mit Umlauten \u00e4\u00f6\u00fc bis zum Schlu\u00df",
                "\u65e5\u672c\u8a9e\u306e\u4ef6\u540d\u306f\u9577\u304f\u306a\u308b\u3053\u3068\u304c\u3042\u308a\u307e\u3059\u306e\u3067\u6298\u308a\u8fd4\u3055\u308c\u307e\u3059\u3002\u305d\u308c\u3067\u3082\u5927\u4e08\u592b\u3067\u3059\u3002",
                "\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00",
                "plain \u00fc plain \u00e4 \u00f6 plain",
                "two  blanks,   three  \u00fc  and  \u00e4",
                "=?a?b and =?UTF-8?Q?no word is this",
                "100% = all_of_it? (yes) \"quoted\" <a@b>, c; d: e \u20ac"
            })
    void subjectsComeOutAsTheyWentIn(String subject) throws Exception {
        assumeTrue(python != null, "python3 is not on the path");
        byte[] bytes = written(builder().subject(subject).build());
        Map<String, Object> message = python.read(bytes);
        assertThat(Python.header(message, "Subject")).isEqualTo(subject);
    }

    @Test
    void aWordTooLongForALineIsEncodedInASubjectAndRefusedElsewhere() throws Exception {
        assumeTrue(python != null, "python3 is not on the path");
        String word = "x".repeat(2000);
        assertThat(Python.header(python.read(written(builder().subject(word).build())), "Subject"))
                .isEqualTo(word);
        InjectResult result = inject.v1(request(builder()
                .header("List-Unsubscribe", "<https://x.example/" + word + ">")
                .build()));
        assertThat(result.errors()).singleElement().asString().contains("fits in no line");
    }

    @Test
    void namesBeyondAsciiAndWithMarksAreKept() throws Exception {
        assumeTrue(python != null, "python3 is not on the path");
        for (String name : new String[] {
            "Ann",
            "Ann Lee",
            "Lee, Ann",
            "J\u00fcrgen",
            "J\u00fcrgen, M. \"X\"",
            "A.B.",
            "a@b.example",
            "\\",
            "\u65e5\u672c"
        }) {
            Map<String, Object> message = python.read(written(builder()
                    .from(InjectRequest.Mailbox.of("a@b.example", name))
                    .build()));
            assertThat(message.get("defects")).as(name).isEqualTo(List.of());
            assertThat(displayName(Python.header(message, "From"))).isEqualTo(name);
        }
    }

    private static String displayName(String mailbox) {
        String phrase = mailbox.substring(0, mailbox.lastIndexOf(" <a@b.example>"));
        return phrase.startsWith("\"")
                ? phrase.substring(1, phrase.length() - 1).replaceAll("\\\\(.)", "$1")
                : phrase;
    }

    @Test
    void aNameCannotBecomeAnAddress() throws Exception {
        assumeTrue(python != null, "python3 is not on the path");
        InjectResult result = inject.v1(InjectRequest.builder(
                        "s@b.example",
                        builder()
                                .from(InjectRequest.Mailbox.of("a@b.example", "{{ n }}"))
                                .build())
                .substitution("n", "Boss\" <boss@victim.example>, \"")
                .recipient("to@c.example")
                .build());
        assertThat(result.successCount()).isEqualTo(1);
        assertThat(displayName(Python.header(python.read(inbox.bytes(0)), "From")))
                .isEqualTo("Boss\" <boss@victim.example>, \"");
    }

    @Test
    void whatIsGivenReplacesWhatWouldBeAdded() {
        byte[] bytes = written(builder()
                .header("Date", "Tue, 1 Dec 2026 00:00:00 +0000")
                .header("message-id", "<own@b.example>")
                .header("to", "{{ email }}, other@c.example")
                .header("from", "replaced@b.example")
                .header("MIME-Version", "1.0")
                .build());
        assertThat(new String(bytes, StandardCharsets.US_ASCII))
                .contains("From: a@b.example\r\n")
                .contains("to: to@c.example, other@c.example\r\n")
                .contains("Date: Tue, 1 Dec 2026 00:00:00 +0000\r\n")
                .contains("message-id: <own@b.example>\r\n")
                .doesNotContain("replaced")
                .containsOnlyOnce("MIME-Version")
                .containsOnlyOnce("essage-");
    }

    @Test
    void withoutFromTheSenderIsNamed() {
        assertThat(new String(written(InjectContent.builder().textBody("x").build()), StandardCharsets.US_ASCII))
                .contains("From: s@b.example\r\n");
    }

    @Test
    void aWholeMessageThatCanTravelIsNotTouched() {
        String given = """
                From: a@b.example
                Date: Tue, 1 Dec 2026 00:00:00 +0000
                Message-ID: <own@b.example>
                Subject: folded
                  as it came
                X: y

                Hello
                """;
        String text = new String(written(InjectContent.whole(given)), StandardCharsets.US_ASCII);
        assertThat(text).endsWith(given.replace("\n", "\r\n"));
        assertThat(text).startsWith("X-KumoRef: ");
    }

    @Test
    void aWholeMessageIsGivenWhatItLacks() {
        String text = new String(
                written(InjectContent.whole("Subject: {{ email }}\n\nHello {{ name }}")), StandardCharsets.UTF_8);
        assertThat(text)
                .contains("From: s@b.example\r\nDate: Mon, 02 Nov 2026 03:04:05 +0000\r\nMessage-ID: <")
                .contains("Subject: to@c.example\r\n")
                .contains("Content-Type: text/plain; charset=utf-8\r\n")
                .contains("MIME-Version: 1.0\r\n");
    }

    @Test
    void aWholeMessageBeyondAsciiIsEncodedPartByPart() throws Exception {
        assumeTrue(python != null, "python3 is not on the path");
        Map<String, Object> message = python.read(written(InjectContent.whole("""
                From: J\u00fcrgen <a@b.example>, "M\u00fcller, Eva" <e@b.example>
                Subject: \u00dcber alles
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="xx"

                preamble
                --xx
                Content-Type: text/plain; charset="iso-8859-1"

                Gr\u00fc\u00dfe
                --xx
                Content-Type: multipart/alternative; boundary=yy

                --yy
                Content-Type: text/html

                <p>\u65e5\u672c\u8a9e</p>
                --yy--
                --xx
                Content-Type: text/plain
                Content-Transfer-Encoding: base64

                SGVsbG8=
                --xx--
                epilogue
                """)));
        assertThat(message.get("defects")).isEqualTo(List.of());
        assertThat(Python.header(message, "Subject")).isEqualTo("\u00dcber alles");
        assertThat(Python.header(message, "From"))
                .isEqualTo("J\u00fcrgen <a@b.example>, \"M\u00fcller, Eva\" <e@b.example>");
        List<Map<String, Object>> parts = Python.parts(message);
        assertThat(Python.text(parts.get(0))).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(parts.get(0)).containsEntry("charset", "utf-8");
        assertThat(Python.text(Python.parts(parts.get(1)).get(0))).isEqualTo("<p>\u65e5\u672c\u8a9e</p>");
        assertThat(Python.text(parts.get(2))).isEqualTo("Hello");
    }

    @Test
    void whatIsEncodedAlreadyIsLeftAlone() {
        String text = new String(
                written(builder()
                        .subject("=?UTF-8?Q?B=C3=BCro?= is it")
                        .header("List-Unsubscribe", "<https://example.com/u?a=?b>")
                        .header("X-Two", "two  blanks")
                        .header("Cc", "Joe (B\u00fcro (hier)) <joe@c.example>")
                        .build()),
                StandardCharsets.UTF_8);
        assertThat(text)
                .contains("Subject: =?UTF-8?Q?B=C3=BCro?= is it\r\n")
                .contains("List-Unsubscribe: <https://example.com/u?a=?b>\r\n")
                .contains("X-Two: two  blanks\r\n")
                .contains("Cc: Joe (=?UTF-8?B?QsO8cm8gKGhpZXIp?=) <joe@c.example>\r\n");
    }

    @Test
    void aFileNameBeyondAsciiStandsWithItsTypeToo() {
        String text = new String(
                written(builder()
                        .attachment(
                                Attachment.of("application/pdf", new byte[3]).named("\u00c4rger.pdf"))
                        .build()),
                StandardCharsets.US_ASCII);
        assertThat(text)
                .contains("Content-Type: application/pdf;\r\n name=\"Arger.pdf\"\r\n")
                .contains("filename*=UTF-8''%C3%84rger.pdf");
    }

    @Test
    void noValueAddsAFieldToAWholeMessage() {
        String content = "Subject: hi {{ name }}\nTo: <{{ email }}>\n\nDear {{ name }}";
        for (String name : new String[] {"x\nBcc: evil@c.example\n\nbody", "x\rBcc: y", "x\ufdd1y", "x\ufdd0y"}) {
            InjectResult result = inject.v1(InjectRequest.builder("s@b.example", InjectContent.whole(content))
                    .recipient(InjectRequest.Recipient.of("to@c.example", name, Map.of()))
                    .recipient(InjectRequest.Recipient.of("other@c.example", "Ann", Map.of()))
                    .build());
            assertThat(result.successCount()).as(name).isEqualTo(1);
            assertThat(result.errors()).singleElement().asString().contains("holds a line break");
        }
    }

    @Test
    void aValueOfSeveralLinesFitsIntoTheBodyOfAWholeMessage() {
        byte[] bytes = written(
                InjectContent.whole("{% set a = 'set' %}Subject: {{ a }}\n\n{{ 'one\ntwo' }} {{ a }}\n\n{{ l|join }}"));
        assertThat(new String(bytes, StandardCharsets.US_ASCII))
                .contains("Subject: set\r\n")
                .endsWith("\r\n\r\none\r\ntwo set\r\n\r\n");
        inject.v1(InjectRequest.builder("s@b.example", InjectContent.whole("Subject: a\n\n{{ x }}"))
                .substitution("x", "b\n\nc")
                .recipient("to@c.example")
                .build());
        assertThat(inbox.text(1)).endsWith("Subject: a\r\n\r\nb\r\n\r\nc\r\n");
    }

    @Test
    void noTemplateChangesWhatTheNextSees() {
        List<Object> list = new ArrayList<>(List.of("x"));
        InjectRequest request = InjectRequest.builder(
                        "s@b.example",
                        InjectContent.builder().textBody("{{ l|join(',') }}").build())
                .substitution("l", list)
                .recipient("to@c.example")
                .build();
        list.add("later");
        inject.v1(request);
        assertThat(inbox.text(0)).endsWith("\r\n\r\nx\r\n");
        InjectResult result = inject.v1(InjectRequest.builder(
                        "s@b.example",
                        InjectContent.builder()
                                .textBody("{% do l.append(email) %}{{ l }}")
                                .build())
                .substitution("l", list)
                .recipient("to@c.example")
                .recipient("other@c.example")
                .build());
        assertThat(result.errors()).hasSize(2).allMatch(error -> error.contains("cannot be changed"));
        assertThat(list).containsExactly("x", "later");
    }

    @Test
    void aWholeMessageThatIsNoneIsRefused() {
        for (String content :
                new String[] {" leading blank", "no header at all", "From a@b Mon\nX: y\n\n", "A B: c\n\n"}) {
            assertThat(inject.v1(request(InjectContent.whole(content))).errors())
                    .as(content)
                    .singleElement()
                    .asString()
                    .contains("is no field");
        }
    }

    @Test
    void anAddressBeyondAsciiNeedsSmtpUtf8() {
        inject.v1(InjectRequest.builder("s@b.example", builder().build())
                .recipient("j\u00fcrgen@c.example")
                .recipient("to@m\u00fcller.example")
                .recipient("to@c.example")
                .build());
        assertThat(inbox.messages)
                .extracting(message -> message.envelope().smtpUtf8())
                .containsExactly(true, true, false);
        assertThat(inbox.text(0)).contains("To: j\u00fcrgen@c.example\r\n");
        assertThat(inbox.text(1)).contains("To: to@xn--mller-kva.example\r\n");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyTextComesOutAsItWentIn(long seed) throws Exception {
        assumeTrue(python != null, "python3 is not on the path");
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        StringBuilder subject = new StringBuilder();
        int[] alphabet = {'a', ' ', '=', '.', '\t', '?', '_', '\u00fc', '\u20ac', 0x1f600, '-', '"', '<'};
        for (int i = 0; i < 3000; i++) {
            text.appendCodePoint(random.nextInt(20) == 0 ? '\n' : alphabet[random.nextInt(alphabet.length)]);
        }
        for (int i = 0; i < 150; i++) {
            subject.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
        }
        String expected = subject.toString().replace('\t', ' ').strip();
        Map<String, Object> message = python.read(
                written(builder().textBody(text.toString()).subject(expected).build()));
        assertThat(Python.text(message)).isEqualTo(Lines.ended(text.toString()));
        assertThat(Python.header(message, "Subject")).isEqualTo(expected);
    }

    @Test
    void fromWithinTheSameIsWrongAsFromWithout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inject.v1(request(InjectContent.builder().build())))
                .withMessage("content needs text_body or html_body, or both");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inject.v1(
                        InjectRequest.builder("no address", builder().build()).build()))
                .withMessageStartingWith("envelope_sender: not a mail address");
        inject.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> inject.v1(request(builder().build())));
    }
}
