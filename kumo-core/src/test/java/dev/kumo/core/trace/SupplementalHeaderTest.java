package dev.kumo.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.entry;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Meta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupplementalHeaderTest {

    private static final Pattern FOLDED_BASE64 = Pattern.compile("[A-Za-z0-9+/=]{1,75}(\r\n\t[A-Za-z0-9+/=]{1,75})*");
    private static final String EXAMPLE = "eyJfQF8iOiJcXF8vIiwicmVjaXBpZW50IjoidGVzdEBleGFtcGxlLmNvbSJ9";

    @Test
    void theExampleOfTheSpecificationIsWritten() {
        assertThat(encode(new Meta(), List.of("test@example.com"))).isEqualTo(EXAMPLE);
    }

    @Test
    void theExampleOfTheSpecificationIsRead() {
        assertThat(SupplementalHeader.decode(EXAMPLE))
                .hasValueSatisfying(
                        members -> assertThat(members).containsExactly(entry("recipient", "test@example.com")));
    }

    @Test
    void metaDataIsCarriedAndFolded() {
        Meta meta = new Meta().put("tenant", "acme").put("campaign", "spring").put("secret", "x");

        assertThat(encode(meta, List.of("recip@example.com"), "tenant", "campaign"))
                .isEqualTo("eyJfQF8iOiJcXF8vIiwiY2FtcGFpZ24iOiJzcHJpbmciLCJyZWNpcGllbnQiOiJyZWNpcEBleGF\r\n"
                        + "\ttcGxlLmNvbSIsInRlbmFudCI6ImFjbWUifQ==");
    }

    @Test
    void severalRecipientsAreAList() {
        assertThat(encode(new Meta(), List.of("a@example.com", "b@example.com")))
                .isEqualTo("eyJfQF8iOiJcXF8vIiwicmVjaXBpZW50IjpbImFAZXhhbXBsZS5jb20iLCJiQGV4YW1wbGUuY29\r\n\ttIl19");
    }

    @Test
    void aNameTheMessageLacksIsLeftOut() {
        assertThat(encode(new Meta(), List.of("test@example.com"), "tenant")).isEqualTo(EXAMPLE);
    }

    @Test
    void refusesAMessageWithoutRecipients() {
        assertThatIllegalArgumentException().isThrownBy(() -> encode(new Meta(), List.of()));
    }

    @Test
    void membersAreSortedByTheirBytes() {
        Meta meta = new Meta()
                .put("9", true)
                .put("Z", 1)
                .put("a", 1.5)
                .put("\uff5e", "BMP")
                .put("\ud83d\ude00", "above the BMP")
                .put("nested", Map.of("\ud83d\ude00", 1, "\uff5e", 2, "b", List.of(Map.of("y", 1, "x", 2))));

        assertThat(json(encode(meta, List.of("ü@example.com"), "a", "Z", "9", "\ud83d\ude00", "\uff5e", "nested")))
                .isEqualTo("{\"9\":true,\"Z\":1,\"_@_\":\"\\\\_/\",\"a\":1.5,"
                        + "\"nested\":{\"b\":[{\"x\":2,\"y\":1}],\"\uff5e\":2,\"\ud83d\ude00\":1},"
                        + "\"recipient\":\"ü@example.com\",\"\uff5e\":\"BMP\",\"\ud83d\ude00\":\"above the BMP\"}");
    }

    @Test
    void halfOfASurrogatePairDoesNotStopAMessage() {
        Meta meta = new Meta().put("broken", "a\ud800b");

        assertThat(SupplementalHeader.decode(encode(meta, List.of("test@example.com"), "broken")))
                .hasValueSatisfying(members -> assertThat(members).containsEntry("broken", "a?b"));
    }

    @Test
    void theDeepestValueIsWrittenAndReadBack() {
        Object value = "end";
        for (int i = 0; i < 100; i++) {
            value = List.of(value);
        }
        Meta meta = new Meta().put("deep", value);

        assertThat(SupplementalHeader.decode(encode(meta, List.of("test@example.com"), "deep")))
                .contains(Map.of("recipient", "test@example.com", "deep", value));
    }

    @ParameterizedTest
    @CsvSource({"72, 1", "76, 2", "148, 2", "152, 3", "300, 4", "304, 5"})
    void everyLineButTheLastHasSeventyFiveCharacters(int length, int lines) {
        String value = "";
        for (int padding = 1; value.replace("\r\n\t", "").length() < length; padding++) {
            value = encode(new Meta().put("p", "x".repeat(padding)), List.of("a@b.test"), "p");
        }
        String[] split = value.split("\r\n\t", -1);

        assertThat(value.replace("\r\n\t", "")).hasSize(length);
        assertThat(split).hasSize(lines);
        assertThat(List.of(split).subList(0, lines - 1)).allMatch(line -> line.length() == 75);
        assertThat(split[lines - 1]).isNotEmpty().hasSizeLessThanOrEqualTo(75);
    }

    @Test
    void whiteSpaceIsSkipped() {
        String spaced = " " + String.join(" \t\r\n\u000b\f", EXAMPLE.split("(?<=\\G.{7})")) + "\r\n";

        assertThat(SupplementalHeader.decode(spaced))
                .isEqualTo(SupplementalHeader.decode(EXAMPLE))
                .isPresent();
    }

    @Test
    void nullMembersAreLeftOut() {
        assertThat(SupplementalHeader.decode(base64("{\"_@_\":\"\\\\_/\",\"tenant\":null,\"a\":[null]}")))
                .hasValueSatisfying(members -> assertThat(members).containsOnlyKeys("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[\"_@_\"]",
                "null",
                "7",
                "",
                "{\"recipient\":\"test@example.com\"}",
                "{\"_@_\":\"\\\\_\\\\\"}",
                "{\"_@_\":7}",
                "{\"_@_\":null}",
                "{\"_@_\":\"\\\\_/\"",
                "{\"_@_\":\"\\\\_/\"} {}",
                "{\"_@_\":\"\\\\_/\"}x",
                "{'_@_':'\\\\_/'}",
            })
    void jsonThatIsNotOursIsPassedBy(String json) {
        assertThat(SupplementalHeader.decode(base64(json))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=",
                "====",
                "hello, world",
                "a",
                // No padding, too much of it, stray bits before it, padding within, the URL alphabet.
                "eyJfQF8iOiJcXF8vIn0gIA",
                "eyJfQF8iOiJcXF8vIn0gIA===",
                "eyJfQF8iOiJcXF8vIn0gIB==",
                "eyJfQF8iOiJcXF8vIn0gIA==eyJf",
                "eyJfQF8iOiJcXF8vIiwiYSI6In4_In0=",
            })
    void textThatIsNotStrictBase64IsPassedBy(String text) {
        assertThat(SupplementalHeader.decode("eyJfQF8iOiJcXF8vIn0gIA==")).isPresent();
        assertThat(SupplementalHeader.decode(text)).isEmpty();
    }

    @Test
    void jsonThatIsNotUtf8IsPassedBy() {
        byte[] latin1 = "{\"_@_\":\"\\\\_/\",\"a\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "{\"_@_\":\"\\\\_/\"}".getBytes(StandardCharsets.UTF_16);

        assertThat(SupplementalHeader.decode(Base64.getEncoder().encodeToString(latin1)))
                .isEmpty();
        assertThat(SupplementalHeader.decode(Base64.getEncoder().encodeToString(utf16)))
                .isEmpty();
    }

    @Test
    void aHeaderOfExcessiveLengthIsPassedBy() {
        String head = "{\"_@_\":\"\\\\_/\",\"a\":\"";
        String fits = base64(head + "x".repeat(49_152 - head.length() - 2) + "\"}");
        String tooLong = base64(head + "x".repeat(49_152 - head.length() - 1) + "\"}");

        assertThat(fits).hasSize(65_536);
        assertThat(SupplementalHeader.decode(fits)).isPresent();
        assertThat(SupplementalHeader.decode(tooLong)).isEmpty();
    }

    @Test
    void jsonThatNestsWithoutEndIsPassedBy() {
        assertThat(SupplementalHeader.decode(base64("{\"_@_\":\"\\\\_/\",\"a\":" + "[".repeat(40_000))))
                .isEmpty();
        assertThat(SupplementalHeader.decode(base64("{\"a\":".repeat(8_000)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatIsWrittenIsReadBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            Meta meta = new Meta();
            List<String> names = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                String name = "x" + text(random);
                names.add(name);
                if (random.nextInt(4) > 0) {
                    meta.put(name, value(random, 3));
                }
            }
            String header = encode(meta, List.of("test@example.com"), names.toArray(String[]::new));
            Map<String, Object> expected = new HashMap<>(meta.asMap());
            expected.put("recipient", "test@example.com");

            assertThat(SupplementalHeader.decode(header))
                    .as("seed %d, %s", seed, meta)
                    .contains(expected);
            assertThat(header).as("seed %d, %s", seed, meta).matches(FOLDED_BASE64);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void junkIsPassedBy(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            String coded = Base64.getEncoder().encodeToString(bytes);
            String raw = new String(bytes, StandardCharsets.ISO_8859_1);
            char[] damaged = EXAMPLE.toCharArray();
            damaged[random.nextInt(damaged.length)] = (char) random.nextInt(0x180);

            assertThat(SupplementalHeader.decode(coded))
                    .as("seed %d, %s", seed, coded)
                    .isEmpty();
            assertThat(SupplementalHeader.decode(raw))
                    .as("seed %d, %s", seed, coded)
                    .isEmpty();
            assertThatNoException()
                    .as("seed %d, %s", seed, new String(damaged))
                    .isThrownBy(() -> SupplementalHeader.decode(new String(damaged)));
        }
    }

    private static Object value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextInt();
            case 2 -> random.nextLong(Integer.MAX_VALUE + 1L, Long.MAX_VALUE);
            case 3 -> random.nextDouble();
            case 4 -> text(random);
            case 5 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new TreeMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(random), value(random, depth - 1));
                }
                yield map;
            }
        };
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int c = random.nextInt(4) > 0 ? random.nextInt(0x250) : random.nextInt(Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c);
        }
        return text.toString();
    }

    private static String encode(Meta meta, List<String> recipients, String... names) {
        return SupplementalHeader.encode(
                TraceHeaders.builder().includeMetaNames(names).build(),
                recipients.stream().map(EnvelopeAddress::parse).toList(),
                meta);
    }

    private static String base64(String json) {
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(String header) {
        return new String(Base64.getDecoder().decode(header.replace("\r\n\t", "")), StandardCharsets.UTF_8);
    }
}
