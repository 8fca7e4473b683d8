package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {

    private final JsonBytes json = new JsonBytes();

    private String written() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            json.writeTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void putsCommasBetween() {
        json.open('{');
        json.name("a");
        json.open('[');
        json.number(1);
        json.nothing();
        json.open('{');
        json.close('}');
        json.bool(true);
        json.close(']');
        json.name(JsonBytes.ascii("\"b\":"));
        json.string("c");
        json.name("d");
        json.plain(JsonBytes.ascii("ef"), 1);
        json.close('}');
        json.endOfLine();

        assertThat(written()).isEqualTo("{\"a\":[1,null,{},true],\"b\":\"c\",\"d\":\"e\"}\n");
    }

    @Test
    void escapesWhatCannotStandInAString() {
        json.string("a\"b\\c\n\r\t\b\f\u0000\u001f\u007f/");

        assertThat(written()).isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\u0008\\u000C\\u0000\\u001F\u007f/\"");
    }

    @Test
    void writesTwoThreeAndFourBytesAndHalvesOfPairsAsNoCharacter() {
        json.string("é€😀\ud83dx\ude00\ud83d");

        assertThat(written()).isEqualTo("\"é€😀\ufffdx\ufffd\ufffd\"");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 1_234_567_890_123L, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void writesANumberAsJavaDoes(long number) {
        json.number(number);

        assertThat(written()).isEqualTo(Long.toString(number));
    }

    @Test
    void growsAndIsUsedAgain() {
        String text = "x".repeat(3_000) + "é".repeat(300_000);
        json.string(text);
        assertThat(written()).isEqualTo('"' + text + '"');

        json.clear();
        json.string("y");
        assertThat(written()).isEqualTo("\"y\"");
        assertThat(json.size()).isEqualTo(3);
    }
}
