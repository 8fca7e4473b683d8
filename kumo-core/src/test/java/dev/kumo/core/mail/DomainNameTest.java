package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.Com, example.com",
        "example.com., example.com",
        "localhost, localhost",
        "a_b._c.example, a_b._c.example",
        "XN--BCHER-KVA.example, xn--bcher-kva.example",
        "xn--zzzzzzzz99, xn--zzzzzzzz99",
        "bücher.example, xn--bcher-kva.example",
        "BÜCHER.example, xn--bcher-kva.example",
        "bu\u0308cher.example, xn--bcher-kva.example",
        "a_b.bücher, a_b.xn--bcher-kva",
        "例子。广告, xn--fsqu00a.xn--4rr70v",
        "ｅｘａｍｐｌｅ.com, example.com",
        "😀.example, xn--e28h.example",
    })
    void hasOneForm(String written, String normal) {
        assertThat(DomainName.normalize(written)).isEqualTo(normal);
        assertThat(DomainName.normalize(normal)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "faß.de, xn--fa-hia.de",
        "FAß.DE, xn--fa-hia.de",
        "FAẞ.de, xn--fa-hia.de",
        "fass.de, fass.de",
        "straße.bücher, xn--strae-oqa.xn--bcher-kva",
        "βόλος.com, xn--nxasmm1c.com",
        "βόλοσ.com, xn--nxasmq6b.com",
    })
    void doesNotFoldLettersThatIdna2008Keeps(String written, String normal) {
        assertThat(DomainName.normalize(written)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                ".a",
                "a..",
                "-a",
                "a.-b",
                "a b",
                "a@b",
                "a/b",
                "*.a",
                "a\u0000",
                "a\r\n",
                "[1.2.3.4]",
                "\u200d",
                "a\u200db",
                "ß\u200c",
                "\u00ad",
                "ü..a",
                "ü。。",
                "xn--ü",
                "xn--ß",
                "\ud83d",
                "ü\u202e",
                "ß\u00ad",
                "x\u2100",
                "x\u2024y",
                "\uff20",
                "-ü",
                "ß.-a"
            })
    void refusesWhatIsNoName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DomainName.normalize(text))
                .withMessageStartingWith("not a domain name: '")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("[\\p{Cc}\\p{Cf}]"));
    }

    @Test
    void aLabelHas63Octets() {
        assertThat(DomainName.normalize("a".repeat(63) + ".b")).hasSize(65);
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.normalize("a".repeat(64) + ".b"));
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.normalize("用".repeat(63)));
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.normalize("ß".repeat(63)));
    }

    @Test
    void aNameHas255Octets() {
        String name = ("a".repeat(63) + ".").repeat(3) + "b".repeat(63);

        assertThat(DomainName.normalize(name)).hasSize(255);
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.normalize("a." + name));
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.normalize("ü.".repeat(200)));
    }

    @Test
    void aNameInNormalFormIsNotCopied() {
        String name = "mail.example.com";

        assertThat(DomainName.normalize(name)).isSameAs(name);
    }
}
