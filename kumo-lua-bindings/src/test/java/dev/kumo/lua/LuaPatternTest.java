package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our matcher finds what Lua's own does. */
class LuaPatternTest {

    private static final String[] PIECES = {
        "a", "b", "ab", ".", "%a", "%d", "%s", "%w", "%p", "%A", "[ab]", "[^a]", "[a-c%d]", "[]]", "(a)", "(", ")",
        "()", "(b*)", "*", "+", "-", "?", "%b()", "%f[%w]", "%f[%W]", "%1", "%2", "^", "$", "%%", "%", "[", "é", "1"
    };

    static Stream<Long> seeds() {
        return new SplittableRandom(20261122).longs(300).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithLua(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (LuaEngine lua = engine()) {
            for (int i = 0; i < 40; i++) {
                String text = random(random, 12, "a", "b", "c", "1", " ", "(", ")", "é", "ab");
                String pattern = random(random, 6, PIECES);
                assertThat(ours(text, pattern))
                        .as("'%s' in '%s'", pattern, text)
                        .isEqualTo(theirs(lua, text, pattern));
            }
        }
    }

    private static String random(SplittableRandom random, int most, String... pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static LuaEngine engine() {
        LuaEngine engine = new NativeLua(Policies.library(), LuaBounds.DEFAULT);
        engine.run(new Script("policy.lua", """
                kumo.on('init', function(text, pattern)
                  local found = {}
                  local ok = pcall(function()
                    found[1] = table.concat({ string.find(text, pattern) }, ',')
                    string.gsub(text, pattern, function(...)
                      found[#found + 1] = table.concat({ ... }, ',')
                    end)
                  end)
                  return ok and kumo.encode.hex_encode(table.concat(found, ';')) or 'malformed'
                end)
                """.getBytes(StandardCharsets.UTF_8)));
        return engine;
    }

    private static String theirs(LuaEngine lua, String text, String pattern) {
        return String.valueOf(lua.call("init", true, text, pattern));
    }

    private static String ours(String text, String pattern) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] wanted = pattern.getBytes(StandardCharsets.UTF_8);
        try {
            StringBuilder found = new StringBuilder();
            List<List<Object>> first = LuaPattern.matches(bytes, wanted, 1, 0, 1);
            if (!first.isEmpty()) {
                found.append(joined(first.get(0)));
            }
            for (List<Object> match : LuaPattern.matches(bytes, wanted, 1, 0, 1000)) {
                int from = (int) (long) match.get(0);
                int to = (int) (long) match.get(1);
                byte[] whole = java.util.Arrays.copyOfRange(bytes, from - 1, to);
                found.append(';').append(joined(match.size() == 2 ? List.of(whole) : match.subList(2, match.size())));
            }
            return HexFormat.of().formatHex(found.toString().getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return "malformed";
        }
    }

    private static String joined(List<?> parts) {
        return String.join(
                ",",
                parts.stream()
                        .map(part -> part instanceof byte[] bytes
                                ? new String(bytes, StandardCharsets.ISO_8859_1)
                                : String.valueOf(part))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[a", "%", "(", ")", "(a", "%f", "%fa", "%b", "%ba", "%1", "%9", "[%"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> LuaPattern.matches(
                        "aaa".getBytes(StandardCharsets.UTF_8), pattern.getBytes(StandardCharsets.UTF_8), 1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void endsWhatWouldTakeHours() {
        byte[] text = "a".repeat(5000).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> LuaPattern.matches(text, ".-.-.-.-b".getBytes(StandardCharsets.UTF_8), 1, 0, 1))
                .hasMessageStartingWith("the pattern takes too long on a text of 5000 bytes");
    }

    @Test
    void beginsWhereItIsTold() {
        assertThat(LuaPattern.matches(
                        "abcabc".getBytes(StandardCharsets.UTF_8), "b".getBytes(StandardCharsets.UTF_8), 3, 0, 9))
                .hasSize(1);
        assertThat(LuaPattern.matches(
                        "abcabc".getBytes(StandardCharsets.UTF_8), "c".getBytes(StandardCharsets.UTF_8), -1, 0, 9))
                .hasSize(1);
        assertThat(LuaPattern.matches(
                        "abc".getBytes(StandardCharsets.UTF_8), "".getBytes(StandardCharsets.UTF_8), 9, 0, 9))
                .isEmpty();
        assertThat(LuaPattern.matches(
                        "abc".getBytes(StandardCharsets.UTF_8), "x*".getBytes(StandardCharsets.UTF_8), 1, 1, 9))
                .hasSize(3);
    }
}
