package dev.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a parser is given, it reads it or refuses it with {@link IllegalArgumentException}. */
class JunkTest {

    private static final String[] PIECES = {
        "",
        "0",
        "1",
        "10",
        "255",
        "256",
        "00",
        "0x",
        "7f",
        "99999",
        "9999999999999999999",
        ".",
        "..",
        ":",
        "::",
        "/",
        "[",
        "]",
        "%",
        "-",
        "+",
        " ",
        "\t",
        "\n",
        "\0",
        "é",
        "\ud800",
        "１",
        "ffff",
        "a",
        "s",
        "min",
        "M",
        "µs",
        "any",
        "*",
        "localhost",
        "example.com",
        "10.0.0.0",
        "2001:db8",
        "\\",
        "'",
        "(",
        "e9"
    };

    static Stream<Arguments> parsers() {
        return Stream.of(
                parser("IpLiteral", IpLiteral::parse),
                parser("CidrSet", CidrSet::of),
                parser("HostPort", HostPort::parse),
                parser("DurationText", DurationText::parse));
    }

    private static Arguments parser(String name, Consumer<String> parser) {
        return Arguments.of(Named.of(name, parser));
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void readsOrRefuses(Consumer<String> parser) {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder junk = new StringBuilder();
            for (int pieces = random.nextInt(8); pieces >= 0; pieces--) {
                junk.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String text = junk.toString();
            try {
                parser.accept(text);
            } catch (IllegalArgumentException documented) {
                // as it should be
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void refusesVeryLongText(Consumer<String> parser) {
        for (String piece : new String[] {"1", "1.", "1:", ":", "a", "a.", "9s", " ", "0x", "/"}) {
            String text = piece.repeat(100_000);
            assertThatCode(() -> parser.accept(text + "!")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
