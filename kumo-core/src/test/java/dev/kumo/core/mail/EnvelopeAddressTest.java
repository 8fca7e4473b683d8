package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeAddressTest {

    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
    private static final Pattern DOMAIN = Pattern.compile("[\\[\\]:._a-zPI0-9-]*");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "user@example.com ; user ; example.com ; user@example.com",
                "User.Name+tag@EXAMPLE.Com ; User.Name+tag ; example.com ; User.Name+tag@example.com",
                "!#$%&'*+-/=?^_`{|}~@x ; !#$%&'*+-/=?^_`{|}~ ; x ; !#$%&'*+-/=?^_`{|}~@x",
                "a@localhost ; a ; localhost ; a@localhost",
                "a@_dmarc.ex_ample.com ; a ; _dmarc.ex_ample.com ; a@_dmarc.ex_ample.com",
                "a@1.2.3.4 ; a ; 1.2.3.4 ; a@1.2.3.4",
                "\"a b\"@x ; a b ; x ; \"a b\"@x",
                "\"a@b\"@x ; a@b ; x ; \"a@b\"@x",
                "\"a>b\"@x ; a>b ; x ; \"a>b\"@x",
                "\"a\\\"\\\\b\"@x ; a\"\\b ; x ; \"a\\\"\\\\b\"@x",
                "\"ab.c\"@x ; ab.c ; x ; ab.c@x",
                "\"\\a\"@x ; a ; x ; a@x",
                "\".a\"@x ; .a ; x ; \".a\"@x",
                "\"a..b\"@x ; a..b ; x ; \"a..b\"@x",
                "\"a.\"@x ; a. ; x ; \"a.\"@x",
                "\"postmaster\"@x ; postmaster ; x ; postmaster@x",
                "Postmaster@x ; Postmaster ; x ; Postmaster@x",
                "a@[192.0.2.1] ; a ; [192.0.2.1] ; a@[192.0.2.1]",
                "a@[ipv6:2001:DB8:0:0:0:0:0:1] ; a ; [IPv6:2001:db8::1] ; a@[IPv6:2001:db8::1]",
                "jürgen@x ; jürgen ; x ; jürgen@x",
                "\"jür gen\"@x ; jür gen ; x ; \"jür gen\"@x",
                "用户@例子.广告 ; 用户 ; xn--fsqu00a.xn--4rr70v ; 用户@xn--fsqu00a.xn--4rr70v",
                "a@bücher.EXAMPLE ; a ; xn--bcher-kva.example ; a@xn--bcher-kva.example",
                "😀@x ; 😀 ; x ; 😀@x",
            })
    void readsAMailbox(String written, String localPart, String domain, String printed) {
        EnvelopeAddress address = EnvelopeAddress.parse(written);

        assertThat(address.localPart()).isEqualTo(localPart);
        assertThat(address.domain()).isEqualTo(domain);
        assertThat(address).hasToString(printed);
        assertThat(EnvelopeAddress.parse(printed)).isEqualTo(address).hasSameHashCodeAs(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a",
                "@",
                "@x",
                "a@",
                "a@@x",
                "a@b@c",
                ".a@x",
                "a.@x",
                "a..b@x",
                ".@x",
                "a b@x",
                " a@x",
                "a@x ",
                "a@ x",
                "a,b@x",
                "<a@x>",
                "a@x>",
                "(c)a@x",
                "a\\b@x",
                "a\"b\"@x",
                "\"a\"b@x",
                "\"a\".b@x",
                "\"a\"\"b\"@x",
                "\"a@x",
                "\"@x",
                "\"a\\\"@x",
                "\"a\"",
                "\"a\"x",
                "\"postmaster\"",
                "po\u017ftmaster",
                "postmasters",
                "a@.x",
                "a@x.",
                "a@x..y",
                "a@-x",
                "a@x.-y",
                "a@x!y",
                "a@x:25",
                "a@x/y",
                "a@ü.",
                "a@ü。",
                "a@xn--ü",
                "a@\u200dü",
                "a@\u2024com",
                "a@ü@x",
                "a@[]",
                "a@[1.2.3]",
                "a@[1.2.3.256]",
                "a@[01.2.3.4]",
                "a@[1.2.3.4",
                "a@[1.2.3.4]x",
                "a@[2001:db8::1]",
                "a@[IPv6:1.2.3.4]",
                "a@[IPv6:fe80::1%eth0]",
                "a@[\u0131Pv6:::1]",
                "a@[tag:content]",
                "a\r\n@x",
                "a@x\r\n",
                "\"a\r\"@x",
                "\"a\tb\"@x",
                "\"a\\\u0000\"@x",
                "\"a\\ü\"@x",
                "a\u0000@x",
                "a\u007f@x",
                "\"a\u007f\"@x",
                "a\u0085@x",
                "\"\u009f\"@x",
                "a\ud83d@x",
                "\ude00a@x",
                "a@\ud83d.x",
                "a@\u0000x",
            })
    void refusesWhatIsNoMailbox(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvelopeAddress.parse(written))
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContainPattern("[\\p{Cc}\\p{Cf}]")
                        .contains("not ")
                        .hasSizeLessThan(300));
    }

    @Test
    void sparesTheReaderOfALogALongAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvelopeAddress.parse("a".repeat(5000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    @ParameterizedTest
    @ValueSource(strings = {"postmaster", "Postmaster", "POSTMASTER"})
    void thePostmasterHasNoCaseAndNoDomain(String written) {
        EnvelopeAddress address = EnvelopeAddress.parse(written);

        assertThat(address).isEqualTo(EnvelopeAddress.POSTMASTER).hasToString("Postmaster");
        assertThat(address.isPostmaster()).isTrue();
        assertThat(address.isNullSender()).isFalse();
        assertThat(address.domain()).isEmpty();
    }

    @Test
    void aPostmasterWithADomainIsAMailboxLikeOthers() {
        assertThat(EnvelopeAddress.parse("postmaster@x").isPostmaster()).isFalse();
        assertThat(EnvelopeAddress.parse("postmaster@x")).isNotEqualTo(EnvelopeAddress.POSTMASTER);
    }

    @Test
    void theNullSenderIsEmpty() {
        assertThat(EnvelopeAddress.NULL_SENDER.isNullSender()).isTrue();
        assertThat(EnvelopeAddress.NULL_SENDER.isPostmaster()).isFalse();
        assertThat(EnvelopeAddress.NULL_SENDER.localPart()).isEmpty();
        assertThat(EnvelopeAddress.NULL_SENDER.domain()).isEmpty();
        assertThat(EnvelopeAddress.NULL_SENDER).hasToString("");
    }

    @Test
    void anEmptyQuotedLocalPartIsNotTheNullSender() {
        EnvelopeAddress address = EnvelopeAddress.parse("\"\"@x");

        assertThat(address.isNullSender()).isFalse();
        assertThat(address).isNotEqualTo(EnvelopeAddress.NULL_SENDER).hasToString("\"\"@x");
    }

    @Test
    void equalityIgnoresQuotesAndTheCaseOfTheDomain() {
        assertThat(EnvelopeAddress.parse("\"f\\oo\"@X.example"))
                .isEqualTo(EnvelopeAddress.parse("foo@x.EXAMPLE"))
                .hasSameHashCodeAs(EnvelopeAddress.parse("foo@x.EXAMPLE"));
    }

    @Test
    void equalityKeepsTheCaseOfTheLocalPart() {
        assertThat(EnvelopeAddress.parse("Foo@x")).isNotEqualTo(EnvelopeAddress.parse("foo@x"));
    }

    @Test
    void equalityKeepsTheDomain() {
        assertThat(EnvelopeAddress.parse("foo@x")).isNotEqualTo(EnvelopeAddress.parse("foo@y"));
    }

    @ParameterizedTest
    @CsvSource({
        "a@x, true",
        "a@xn--bcher-kva, true",
        "a@[192.0.2.1], true",
        "ü@x, false",
        "a@bücher, false",
        "a@ＡＢＣ, false",
        "postmaster, true"
    })
    void knowsWhetherItNeedsSmtpUtf8(String written, boolean ascii) {
        assertThat(EnvelopeAddress.parse(written).isAscii()).isEqualTo(ascii);
    }

    @Test
    void aLocalPartHas64Octets() {
        assertThat(EnvelopeAddress.parse("a".repeat(64) + "@x").localPart()).hasSize(64);
        assertThat(EnvelopeAddress.parse("ü".repeat(32) + "@x").localPart()).hasSize(32);
        assertThat(EnvelopeAddress.parse("😀".repeat(16) + "@x").localPart()).hasSize(32);
        assertThat(EnvelopeAddress.parse("\"" + " ".repeat(62) + "\"@x").localPart())
                .hasSize(62);
        for (String local : List.of(
                "a".repeat(65),
                "ü".repeat(32) + "a",
                "用".repeat(22),
                "😀".repeat(16) + "a",
                "\"" + " ".repeat(63) + "\"",
                "\"" + "\\\\".repeat(31) + "a\"")) {
            assertThatIllegalArgumentException()
                    .as(local)
                    .isThrownBy(() -> EnvelopeAddress.parse(local + "@x"))
                    .withMessageContaining("64 octets");
        }
    }

    @Test
    void anAddressHas254Octets() {
        String domain = ("d".repeat(63) + ".").repeat(3) + "d".repeat(60);

        assertThat(EnvelopeAddress.parse("a@" + domain).toString()).hasSize(254);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvelopeAddress.parse("ab@" + domain))
                .withMessageContaining("254 octets");
    }

    @Test
    void everyAddressPrintsAndReadsBackEqual() {
        long seed = new Random().nextLong();
        RandomAddresses addresses = new RandomAddresses(seed);
        for (int i = 0; i < 5_000; i++) {
            RandomAddresses.Written written = addresses.next();
            EnvelopeAddress address = EnvelopeAddress.parse(written.text());
            EnvelopeAddress again = EnvelopeAddress.parse(address.toString());

            assertThat(address.localPart()).as("seed %d: %s", seed, written).isEqualTo(written.localPart());
            assertThat(again).as("seed %d: %s", seed, written).isEqualTo(address);
            assertThat(again).as("seed %d: %s", seed, written).hasToString(address.toString());
        }
    }

    @Test
    void junkIsReadOrRefused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "ab.@\"\\[]:IPv6 <>\t\r\n\u0000\u0085\u00adüß\u200d\u3002\ud83d\ude00-_xn1%";
        for (int i = 0; i < 30_000; i++) {
            StringBuilder junk = new StringBuilder(random.nextBoolean() ? "a@" : "");
            for (int n = random.nextInt(12); n > 0; n--) {
                junk.append(
                        random.nextInt(8) == 0
                                ? (char) random.nextInt(0x10000)
                                : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String text = junk.toString();
            try {
                EnvelopeAddress address = EnvelopeAddress.parse(text);
                assertThat(EnvelopeAddress.parse(address.toString()))
                        .as("seed %d", seed)
                        .isEqualTo(address);
                assertThat(address.toString()).as("seed %d", seed).doesNotContainPattern(CONTROL);
                assertThat(address.domain()).as("seed %d", seed).matches(DOMAIN);
            } catch (IllegalArgumentException expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).doesNotContainPattern(CONTROL);
            }
        }
    }
}
