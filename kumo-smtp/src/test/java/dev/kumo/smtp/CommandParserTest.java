package dev.kumo.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {

    @ParameterizedTest
    @EnumSource(Verb.class)
    void readsEveryVerbInAnyCase(Verb verb) throws Exception {
        String name = verb.name();

        assertThat(CommandParser.parse(name).verb()).isEqualTo(verb);
        assertThat(CommandParser.parse(name.toLowerCase(Locale.ROOT)).verb()).isEqualTo(verb);
        assertThat(CommandParser.parse(name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT) + " x")
                        .verb())
                .isEqualTo(verb);
    }

    @ParameterizedTest
    @CsvSource({
        "QUIT, QUIT, ''",
        "'QUIT ', QUIT, ''",
        "'QUIT \t ', QUIT, ''",
        "'EHLO mx.example', EHLO, mx.example",
        "'EHLO\tmx.example', EHLO, mx.example",
        "'EHLO   mx.example  ', EHLO, mx.example",
        "'NOOP a  b', NOOP, 'a  b'",
        "'MAIL FROM:<a@x> SIZE=1 ', MAIL, 'FROM:<a@x> SIZE=1'",
        "'HELP', HELP, ''",
        "'VRFY user@example.com', VRFY, user@example.com",
    })
    void splitsVerbAndArgument(String line, Verb verb, String argument) throws Exception {
        Command command = CommandParser.parse(line);

        assertThat(command.verb()).isEqualTo(verb);
        assertThat(command.argument()).isEqualTo(argument);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO", "ETRN 10 LAST", "ETRN x", "DATAFOO", "LHLO", "X", "1", "LHLO x", "EHL x"})
    void aWordThatIsNoVerbIsUnknown(String line) throws Exception {
        assertThat(CommandParser.parse(line).verb()).isEqualTo(Verb.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                " QUIT",
                "FOO-BAR",
                "QUIT;",
                "EHLO\u0000x",
                "QUIT\r",
                "QUIT\n",
                "MAIL:<a@x>",
                "<a@x>",
                "ü",
                "\u212aELP",
                "RſET",
                "QUIT\u00a0",
                "\u0000",
                "\u0016\u0003\u0001",
                "*",
                "."
            })
    void whatStartsWithNoWordIsNoCommand(String line) {
        assertThatExceptionOfType(SyntaxException.class)
                .isThrownBy(() -> CommandParser.parse(line))
                .satisfies(e -> assertThat(e.reply()).hasToString("500 5.5.2 Not a command"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA", "RSET", "QUIT", "STARTTLS"})
    void someVerbsTakeNoArgument(String verb) throws Exception {
        CommandParser.parse(verb).noArgument();
        CommandParser.parse(verb + " \t").noArgument();

        Command command = CommandParser.parse(verb + " now");
        assertThatExceptionOfType(SyntaxException.class)
                .isThrownBy(command::noArgument)
                .satisfies(e -> assertThat(e.reply()).hasToString("501 5.5.4 The command takes no argument"));
    }

    @Test
    void anArgumentIsReadInTheWayOfItsVerbOnly() throws Exception {
        Command quit = CommandParser.parse("QUIT x");
        Command mail = CommandParser.parse("MAIL FROM:<a@x>");

        assertThatIllegalStateException().isThrownBy(quit::clientName);
        assertThatIllegalStateException().isThrownBy(quit::mailFrom);
        assertThatIllegalStateException().isThrownBy(mail::recipient);
    }

    @Test
    void aLogShowsNoControlCharacterAndNoPassword() throws Exception {
        assertThat(CommandParser.parse("EHLO a\u001b[2J\r\nü")).hasToString("EHLO a?[2J???");
        assertThat(CommandParser.parse("AUTH PLAIN AGEAYg==")).hasToString("AUTH");
        assertThat(CommandParser.parse("quit")).hasToString("QUIT");
        assertThat(CommandParser.parse("NOOP " + "a".repeat(900)).toString()).hasSize(5 + 200 + 3);
    }

    @Test
    void anExceptionOfAStrangerIsCheap() {
        assertThatExceptionOfType(SyntaxException.class)
                .isThrownBy(() -> CommandParser.parse(""))
                .satisfies(e -> {
                    assertThat(e.getStackTrace()).isEmpty();
                    assertThat(e).hasMessage(e.reply().toString());
                });
    }
}
