package dev.kumo.auth.dkim;

import static dev.kumo.auth.dkim.Samples.message;
import static dev.kumo.auth.dkim.Samples.options;
import static dev.kumo.auth.dkim.Samples.receiver;
import static dev.kumo.auth.dkim.Samples.signer;
import static dev.kumo.auth.dkim.Samples.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningTest {

    private static final String MAIL = "From: a@example.com\r\nTo: b@example.org\r\nSubject: hi\r\n\r\nhello\r\n";

    private static Map<String, String> tags(DkimSigner signer, String mail) {
        return NaiveVerifier.tags(signer.signature(message(mail)));
    }

    @Test
    void aSignatureSaysWhoSignedWhatAndWhen() throws IOException {
        DkimSigner signer = signer(options().expiration(Duration.ofDays(7)).agentUserIdentifier("@news.example.com"));

        assertThat(tags(signer, MAIL))
                .containsEntry("v", "1")
                .containsEntry("a", "ed25519-sha256")
                .containsEntry("c", "relaxed/relaxed")
                .containsEntry("d", "example.com")
                .containsEntry("s", "s1")
                .containsEntry("t", "1528637909")
                .containsEntry("x", "1529242709")
                .containsEntry("i", "@news.example.com")
                .containsEntry("h", "From:Subject:To")
                .doesNotContainKeys("l", "r", "atps", "atpsh");
    }

    @ParameterizedTest
    @CsvSource({
        "RELAXED, RELAXED, relaxed/relaxed",
        "RELAXED, SIMPLE, relaxed/simple",
        "SIMPLE, RELAXED, simple/relaxed",
        "SIMPLE, SIMPLE, simple/simple"
    })
    void receiversTakeIt(Canonicalization header, Canonicalization body, String form) throws IOException {
        for (String key : List.of(Samples.ED25519, Samples.RSA)) {
            DkimSigner signer = signer(options()
                    .key(Samples.key(key))
                    .headerCanonicalization(header)
                    .bodyCanonicalization(body));
            Message message =
                    message("From : a@example.com\r\nSubject:  hi \r\n\t you\r\nTo:\r\n\r\n hello \t you \r\n\r\n");
            signer.sign(message);

            assertThat(tags(signer, MAIL)).containsEntry("c", form);
            assertThat(receiver(signer).verify(text(message))).containsExactly("pass");
        }
    }

    @Test
    void severalSignaturesHoldAtOnce() throws IOException {
        DkimSigner first = signer(options());
        DkimSigner second = signer(options().selector("s2").key(Samples.key(Samples.RSA)));
        Message message = message(MAIL);
        first.sign(message);
        second.sign(message);

        assertThat(receiver(first, second).verify(text(message))).containsExactly("pass", "pass");
        assertThat(message.headers().fields().get(0).value()).startsWith("v=1; a=rsa-sha256; ");
    }

    @Test
    void fieldsPutOnTopAreSigned() throws IOException {
        DkimSigner signer = signer(options().headers("From", "Received"));
        Message message = message("Received: by one\r\n" + MAIL);
        message.prependHeader("Received", "by two\r\n\twith tabs");
        signer.sign(message);

        assertThat(NaiveVerifier.tags(message.headers().first("DKIM-Signature").orElseThrow()))
                .containsEntry("h", "From:Received:Received");
        assertThat(receiver(signer).verify(text(message))).containsExactly("pass");
        assertThat(receiver(signer).verify(text(message).replace("by two", "by three")))
                .containsExactly("the header was changed, or the key is another");
        assertThat(receiver(signer).verify(text(message).replace("by one", "by three")))
                .containsExactly("the header was changed, or the key is another");
    }

    @Test
    void aFieldThatIsNotSignedMayBeAdded() throws IOException {
        DkimSigner signer = signer(options());
        Message message = message(MAIL);
        signer.sign(message);

        assertThat(receiver(signer).verify("Subject: win money\r\n" + text(message)))
                .containsExactly("pass");
    }

    @Test
    void whatLeavesIsSignedWithItsLinesEnded() throws IOException {
        DkimSigner signer = signer(options().bodyCanonicalization(Canonicalization.SIMPLE));
        for (String body : List.of("", "\r\n", "\r\n\r\n", "\r\nx", "\r\nx\ny\rz\r\r\n", "\n\rx\r", "\r\rx")) {
            Message message = message("From: a@example.com\nSubject: a\r\tb\n" + "To: b@example.org\r\n" + body);
            signer.sign(message);

            assertThat(receiver(signer).verify(text(message))).as(body).containsExactly("pass");
        }
    }

    @Test
    void aMessageThatIsOnlyAHeaderHasAnEmptyBody() throws IOException {
        for (String mail : List.of("From: a@example.com", "From: a@example.com\r\n", "From: a@example.com\r\n\r\n")) {
            assertThat(tags(signer(options()), mail))
                    .containsEntry("bh", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        }
    }

    @Test
    void octetsThatAreNotAsciiAreSignedAsTheyAre() throws IOException {
        DkimSigner signer = signer(options());
        Message message = message("From: j\u00fcrgen <j@example.com>\r\n\r\ngr\u00fc\u00dfe\r\n".getBytes(UTF_8));
        signer.sign(message);
        Message latin = message("From: j\u00fcrgen <j@example.com>\r\n\r\ngr\u00fc\u00dfe\u0000\r\n");
        signer.sign(latin);

        assertThat(receiver(signer).verify(text(message))).containsExactly("pass");
        assertThat(receiver(signer).verify(text(latin))).containsExactly("pass");
    }

    @Test
    void domainsAreALabels() throws IOException {
        DkimSigner signer = signer(options()
                .domain("b\u00fccher.example")
                .selector("m\u00e4rz")
                .agentUserIdentifier("j\u00fcrgen;=@news.b\u00fccher.example"));

        assertThat(tags(signer, MAIL))
                .containsEntry("d", "xn--bcher-kva.example")
                .containsEntry("s", "xn--mrz-qla")
                .containsEntry("i", "j=C3=BCrgen=3B=3D@news.xn--bcher-kva.example");
        assertThat(signer.recordName()).isEqualTo("xn--mrz-qla._domainkey.xn--bcher-kva.example");
    }

    @Test
    void thirdPartiesAndReportsAreNamed() throws IOException {
        assertThat(tags(signer(options().atps("example.net").atpsh("none").reporting(true)), MAIL))
                .containsEntry("atps", "example.net")
                .containsEntry("atpsh", "none")
                .containsEntry("r", "y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Subject: hi\\r\\n\\r\\nFrom: a@b\\r\\n | it has no From field",
                "'' | it has no From field",
                "\\r\\nFrom: a@b\\r\\n | it has no From field",
                "From: a@b\\r\\nFROM : c@d\\r\\n\\r\\n | it has 2 From fields",
                "From: a@b\\rFrom: c@d\\r\\n\\r\\n | it has 2 From fields",
                "From: a@b\\r\\nhello\\r\\n\\r\\n | line 2 of its header is no field",
                "From: a@b\\r\\n: x\\r\\n\\r\\n | line 2 of its header is no field",
                "From: a@b\\r\\nS\u00fc: x\\r\\n\\r\\n | line 2 of its header is no field",
                "From: a@b\\r\\nS x: x\\r\\n\\r\\n | line 2 of its header is no field",
                "\\x20From: a@b\\r\\n\\r\\n | its header begins with a blank"
            })
    void whatIsInDoubtIsNotSigned(String escaped, String trouble) throws IOException {
        Message message =
                message(escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\x20", " "));
        DkimSigner signer = signer(options());
        String before = text(message);

        assertThatThrownBy(() -> signer.sign(message))
                .isInstanceOf(UnsignableException.class)
                .hasMessage(trouble);
        assertThat(signer.signOrRefuse(message))
                .hasToString(Verdict.reject(554, "5.6.0", "the message cannot be signed: " + trouble)
                        .toString());
        assertThat(text(message)).isEqualTo(before);
    }

    @Test
    void aHeaderWithoutEndIsNotSigned() throws IOException {
        DkimSigner signer = signer(options().headers("From", "X-A"));

        assertThatThrownBy(() -> signer.signature(message("From: a@b\r\n" + "X: y\r\n".repeat(10_000) + "\r\n")))
                .hasMessage("its header has more than 10000 fields");
        assertThatThrownBy(() -> signer.signature(message("From: a@b\r\nX: " + "y".repeat(1 << 20) + "\r\n\r\n")))
                .hasMessage("its header has more than 1048576 bytes");
        assertThatThrownBy(() -> signer.signature(message("From: a@b\r\n" + "X-A: y\r\n".repeat(500) + "\r\n")))
                .hasMessage("it has more than 500 header fields to be signed");
    }

    @Test
    void linesAreShorterThan78Columns() throws IOException {
        for (int names = 0; names < 40; names++) {
            DkimOptions.Builder options = options()
                    .key(Samples.key(Samples.RSA))
                    .overSign(true)
                    .selector("s".repeat(1 + names))
                    .domain("d".repeat(1 + names) + ".example");
            String[] headers = new String[names + 1];
            Arrays.setAll(headers, i -> i == 0 ? "From" : "X-" + "y".repeat(i));
            DkimSigner signer = signer(options.headers(headers).headerCanonicalization(Canonicalization.SIMPLE));
            Message message = message(MAIL);
            signer.sign(message);

            assertThat(text(message).split("\r\n", -1))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(78));
            assertThat(receiver(signer).verify(text(message))).containsExactly("pass");
        }
    }

    /** Like those that a store on disk gives. */
    private record Generated(long size) implements Content {

        @Override
        public InputStream open() {
            byte[] head = "From: a@example.com\r\n\r\n".getBytes(ISO_8859_1);
            return new InputStream() {
                private long at;

                @Override
                public int read() {
                    long here = at++;
                    return here < head.length ? head[(int) here] : here < size ? 'x' : -1;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) {
                    if (at < head.length) {
                        bytes[offset] = (byte) read();
                        return 1;
                    }
                    int count = (int) Math.min(length, size - at);
                    if (count <= 0) {
                        return -1;
                    }
                    Arrays.fill(bytes, offset, offset + count, (byte) 'x');
                    at += count;
                    return count;
                }
            };
        }
    }

    @Test
    void contentOfAnySizeTakesLittleMemory() throws IOException {
        DkimSigner signer = signer(options());
        signer.signature(message(MAIL));
        long before = allocated();
        String signature = signer.signature(message(new Generated(64 << 20)));

        assertThat(allocated() - before).isLessThan(1 << 20);
        assertThat(NaiveVerifier.tags(signature).get("bh"))
                .isNotEqualTo(tags(signer, MAIL).get("bh"));
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

    @Test
    void aStoreThatFailsIsNoFaultOfTheMessage() throws IOException {
        DkimSigner signer = signer(options());
        Message message = message(new Content() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("the disk is gone");
            }
        });

        assertThatThrownBy(() -> signer.signOrRefuse(message)).isInstanceOf(UncheckedIOException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whateverComesIsSignedSoThatItHoldsOrRefused(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        String[] pieces = {
            "From: a@example.com",
            "From",
            ":",
            " ",
            "\t",
            "\r\n",
            "\r\n",
            "\r",
            "\n",
            "Subject : x",
            "To:",
            "\r\n\r\n",
            "x",
            "\u0000",
            "\u00ff",
            "\r\nFrom: a@b\r\n",
            ";b=1",
            "DKIM-Signature: v=1; b=x",
            "X-Y: " + "z".repeat(100)
        };
        DkimSigner[] signers = {
            signer(options().overSign(true)),
            signer(options()
                    .headerCanonicalization(Canonicalization.SIMPLE)
                    .bodyCanonicalization(Canonicalization.SIMPLE))
        };
        int signed = 0;
        for (int i = 0; i < 1_000; i++) {
            StringBuilder mail = new StringBuilder(random.nextInt(3) > 0 ? "From: a@example.com\r\n" : "");
            for (int count = random.nextInt(12); count > 0; count--) {
                mail.append(pieces[random.nextInt(pieces.length)]);
            }
            DkimSigner signer = signers[i % 2];
            Message message = message(mail.toString());
            try {
                signer.sign(message);
            } catch (UnsignableException refused) {
                continue;
            }
            signed++;
            assertThat(receiver(signer).verify(text(message)).get(0))
                    .as("%s", mail)
                    .isEqualTo("pass");
        }
        assertThat(signed).isBetween(150, 950);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {5, 6})
    void octetsOfAllKindsAreSignedOrRefused(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        DkimSigner signer = signer(options());
        byte[] head = "From: a@example.com\r\n".getBytes(ISO_8859_1);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            System.arraycopy(head, 0, bytes, 0, Math.min(bytes.length, random.nextInt(2) * head.length));
            try {
                signer.sign(message(bytes));
            } catch (UnsignableException refused) {
                assertThat(refused).hasMessageMatching("(its? |line ).*");
            }
        }
    }
}
