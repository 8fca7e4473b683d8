package dev.kumo.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientNameTest {

    @ParameterizedTest
    @CsvSource({
        "EHLO mx.example.com, mx.example.com, false",
        "HELO mx.example.com, mx.example.com, false",
        "ehlo MX.Example, MX.Example, false",
        "EHLO my_pc, my_pc, false",
        "EHLO localhost, localhost, false",
        "EHLO 192.0.2.1, 192.0.2.1, false",
        "EHLO bücher.Example, xn--bcher-kva.example, false",
        "EHLO [192.0.2.1], [192.0.2.1], true",
        "HELO [192.0.2.1], [192.0.2.1], true",
        "EHLO [IPv6:2001:DB8::1], [IPv6:2001:db8::1], true",
        "EHLO [X-tag:any:thing!], [X-tag:any:thing!], true",
        "'EHLO mx.example  ', mx.example, false",
    })
    void readsAName(String line, String text, boolean literal) throws Exception {
        ClientName name = CommandParser.parse(line).clientName();

        assertThat(name.text()).isEqualTo(text);
        assertThat(name).hasToString(text);
        assertThat(name.isLiteral()).isEqualTo(literal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO",
                "EHLO ",
                "EHLO a b",
                "EHLO mx.example SIZE",
                "EHLO .",
                "EHLO mx.",
                "EHLO a..b",
                "EHLO -a",
                "EHLO a@b",
                "EHLO <a>",
                "EHLO (a)",
                "EHLO a\u0000",
                "EHLO a\rb",
                "EHLO a\u001b[2J",
                "EHLO [",
                "EHLO []",
                "EHLO [1.2.3]",
                "EHLO [1.2.3.4",
                "EHLO [999.1.1.1]",
                "EHLO [foo]",
                "EHLO [IPv6:1.2.3.4]",
                "EHLO [IPv6:zz]",
                "EHLO [tag:]",
                "EHLO [:a]",
                "EHLO [tag-:a]",
                "EHLO [t_g:a]",
                "EHLO [tag:a b]",
                "EHLO [tag:a]b]",
                "EHLO [tag:\u0001]",
                "EHLO [tag:ü]",
                "EHLO [täg:a]",
                "EHLO [\u0131Pv6:::1]",
                "HELO",
                "HELO a b"
            })
    void refusesWhatIsNoName(String line) throws Exception {
        Command command = CommandParser.parse(line);

        assertThatExceptionOfType(SyntaxException.class)
                .isThrownBy(command::clientName)
                .satisfies(e -> assertThat(e.reply())
                        .hasToString("501 5.5.4 The argument must be a domain name or an address literal"));
    }

    @Test
    void aLiteralHas255Characters() throws Exception {
        assertThat(ClientName.parse("[tag:" + "a".repeat(249) + "]").text()).hasSize(255);
        assertThatExceptionOfType(SyntaxException.class)
                .isThrownBy(() -> ClientName.parse("[tag:" + "a".repeat(250) + "]"));
    }

    @Test
    void namesAreEqualInAnyCase() throws Exception {
        assertThat(ClientName.parse("MX.example"))
                .isEqualTo(ClientName.parse("mx.EXAMPLE"))
                .hasSameHashCodeAs(ClientName.parse("mx.EXAMPLE"))
                .isNotEqualTo(ClientName.parse("mx.example.com"));
    }
}
