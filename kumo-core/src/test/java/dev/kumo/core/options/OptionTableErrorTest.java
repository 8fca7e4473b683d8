package dev.kumo.core.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kumo.core.text.Unreachable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTableErrorTest {

    static Stream<Arguments> wrongValues() {
        String whole = "must be from -2147483648 to 2147483647, not ";
        return Stream.of(
                Arguments.of("banner", 42, "must be a string, not 42"),
                Arguments.of("banner", List.of("a"), "must be a string, not a list"),
                Arguments.of("banner", Map.of("vault_token", "hvs"), "must be a string, not a table"),
                Arguments.of("banner", Duration.ZERO, "must be a string, not a Duration"),
                Arguments.of("deferred_spool", "yes", "must be true or false, not 'yes'"),
                Arguments.of("deferred_spool", 1, "must be true or false, not 1"),
                Arguments.of("max_messages_per_connection", "many", "must be a whole number, not 'many'"),
                Arguments.of("max_messages_per_connection", "", "must be a whole number, not ''"),
                Arguments.of("max_messages_per_connection", 1.5, "must be a whole number, not 1.5"),
                Arguments.of("max_messages_per_connection", true, "must be a whole number, not true"),
                Arguments.of("max_messages_per_connection", Double.NaN, "must be a whole number, not NaN"),
                Arguments.of("max_messages_per_connection", 1L << 31, whole + "2147483648"),
                Arguments.of("max_messages_per_connection", 1e300, whole + "1.0E300"),
                Arguments.of("max_messages_per_connection", "99999999999", whole + "'99999999999'"),
                Arguments.of(
                        "max_messages_per_connection",
                        new BigDecimal("1e999999999"),
                        "must be a whole number, not 1E+999999999"),
                Arguments.of("max_messages_per_connection", -1, "must not be negative, but is -1"),
                Arguments.of(
                        "max_message_size",
                        BigInteger.ONE.shiftLeft(63),
                        "must be from -9223372036854775808 to 9223372036854775807, not 9223372036854775808"),
                Arguments.of("client_timeout", "90", "'90' is not a duration: 90 has no unit: write '90 s'"),
                Arguments.of("client_timeout", -1, "must be from 0 to 9223372036854775807 seconds, not -1"),
                Arguments.of("client_timeout", 1e30, "must be from 0 to 9223372036854775807 seconds, not 1.0E30"),
                Arguments.of(
                        "client_timeout",
                        new BigDecimal("1e-999999999"),
                        "must be a duration such as '1 minute' or a number of seconds, not 1E-999999999"),
                Arguments.of(
                        "client_timeout",
                        true,
                        "must be a duration such as '1 minute' or a number of seconds, not true"),
                Arguments.of("mode", "Drop", "must be 'Ignore' or 'LogThenDrop', not 'Drop'"),
                Arguments.of("mode", "LOG_THEN_DROP", "must be 'Ignore' or 'LogThenDrop', not 'LOG_THEN_DROP'"),
                Arguments.of("mode", true, "must be 'Ignore' or 'LogThenDrop', not true"),
                Arguments.of("log_oob", "Drop", "must be true, false, 'Ignore' or 'LogThenDrop', not 'Drop'"),
                Arguments.of("relay_hosts", "127.0.0.1", "must be a list of strings, not '127.0.0.1'"),
                Arguments.of("relay_hosts", List.of("a", 5), "item 2 must be a string, not 5"),
                Arguments.of("relay_hosts", Arrays.asList("a", null), "item 2 must be a string, not null"),
                Arguments.of("relay_hosts", Map.of("a", "b"), "must be a list of strings, not a table"),
                Arguments.of("tls_private_key", 5, "must be a string or a table, not 5"),
                Arguments.of("tls_private_key", List.of("a"), "must be a string or a table, not a list"),
                Arguments.of("domains", "example.com", "must be a table of tables, not 'example.com'"),
                Arguments.of("domains", List.of("example.com"), "must be a table of tables, not a list"),
                Arguments.of("domains", Map.of(1, Map.of()), "a key must be a string, not 1"),
                Arguments.of("tls_private_key", Map.of(1, "x"), "a key must be a string, not 1"));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void saysWhatAValueMustBe(String key, Object value, String text) {
        OptionException e = refused(Map.of(key, value));
        assertThat(e).hasMessage("start_esmtp_listener." + key + ": " + text);
        assertThat(e.where()).isEqualTo("start_esmtp_listener." + key);
    }

    @Test
    void anUnknownKeyIsAnErrorThatNamesTheNearest() {
        assertThat(refused(Map.of("baner", "x")))
                .hasMessage("start_esmtp_listener: unknown key 'baner' (did you mean 'banner'?)");
        assertThat(refused(Map.of("domains", Map.of("example.com", Map.of("logoob", true)))))
                .hasMessage(
                        "start_esmtp_listener.domains['example.com']: unknown key 'logoob' (did you mean 'log_oob'?)");
    }

    @Test
    void anUnknownKeyWithoutANearOneListsAll() {
        assertThat(refused(Map.of("tls_private_key", Map.of("zzz", 1))))
                .hasMessage("start_esmtp_listener.tls_private_key: unknown key 'zzz'"
                        + " (known keys: key_data, password, secret_box, vault_path, vault_token)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy",
                "on_event",
                "raw_list",
                "pair",
                "describe",
                "object_of",
                "named",
                "hidden",
                "build",
                "equals",
                "wait",
                "clientTimeout",
                "client-timeout",
                "Banner",
                ""
            })
    void whatIsNoSetterIsNoKey(String key) {
        assertThat(refused(Map.of(key, "x"))).hasMessageContaining("unknown key '" + key + "'");
    }

    @Test
    void nullIsAnError() {
        assertThat(refused(Collections.singletonMap("banner", null)))
                .hasMessage("start_esmtp_listener.banner: must not be null; leave the key out for its default");
        Map<String, Object> domains = new HashMap<>();
        domains.put("example.com", null);
        assertThat(refused(Map.of("domains", domains)))
                .hasMessage("start_esmtp_listener.domains['example.com']: must be a table, not null");
    }

    @Test
    void anErrorWithinATableNamesTheWholePath() {
        assertThat(refused(Map.of("domains", Map.of("example.com", Map.of("max_messages_per_connection", -5)))))
                .hasMessage("start_esmtp_listener.domains['example.com'].max_messages_per_connection: "
                        + "must not be negative, but is -5");
    }

    @Test
    void aNameThatTheSetterRefusesIsNamedInThePath() {
        assertThat(refused(Map.of("domains", Map.of("", Map.of()))))
                .hasMessage("start_esmtp_listener.domains['']: '' is not a domain name");
    }

    @Test
    void theSettersExceptionIsTheCause() {
        assertThat(refused(Map.of("max_messages_per_connection", -1)))
                .hasCauseExactlyInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBugInASetterIsNotDressedUp() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OptionTable.apply("here", Map.of("failing", "x"), new SampleBuilder()))
                .withMessage("a bug: x");
    }

    @Test
    void nothingIsSetIfAKeyOrATypeIsWrong() {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("banner", "x");
        table.put("domains", Map.of("example.com", Map.of("baner", "x")));
        SampleBuilder builder = new SampleBuilder();
        assertThatExceptionOfType(OptionException.class).isThrownBy(() -> OptionTable.apply("here", table, builder));
        assertThat(builder.seen).isEmpty();
    }

    static Stream<Map<String, ?>> tablesWithSecrets() {
        return Stream.of(
                Map.of("vault_token", "bad hunter2"),
                Map.of("password", "hunter2"),
                Map.of("vault_token", List.of("hunter2")),
                Map.of("key_data", "hunter2"),
                Map.of("key_data", Arrays.asList("x", List.of("hunter2"))),
                Map.of("secret_box", Map.of("key_data", "hunter2")),
                Map.of("secret_box", "hunter2"),
                Map.of("vault_path", Map.of("vault_token", "hunter2")));
    }

    @ParameterizedTest
    @MethodSource("tablesWithSecrets")
    void secretsAreNotPrinted(Map<String, ?> key) {
        OptionException e = refused(Map.of("tls_private_key", key));
        for (Throwable t = e; t != null; t = t.getCause()) {
            assertThat(t.getMessage()).doesNotContain("hunter2");
        }
    }

    @Test
    void inTheirPlaceStandsThatTheyAreHidden() {
        assertThat(refused(Map.of("tls_private_key", Map.of("vault_token", 12345))))
                .hasMessage("start_esmtp_listener.tls_private_key.vault_token: must be a string, not (hidden)");
        assertThat(refused(Map.of("tls_private_key", Map.of("vault_token", "bad"))))
                .hasMessage("start_esmtp_listener.tls_private_key.vault_token: is refused: (hidden)");
    }

    @Test
    void aTableThatContainsItselfIsAnError() {
        Map<String, Object> table = new HashMap<>();
        table.put("domains", Map.of("a", table));
        assertThat(refused(table)).hasMessageContaining("tables are nested too deeply");
    }

    @Test
    void aBuilderThatIsNotPublicIsSaidToBeThat() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OptionTable.apply("here", Map.of("name", "x"), Unreachable.builder()))
                .withMessageContaining("HiddenBuilder must be public");
    }

    @Test
    void nothingButTheDocumentedExceptionComesOfJunk() {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        List<String> keys = List.copyOf(OptionTable.keys(SampleBuilder.class));
        for (int i = 0; i < 3_000; i++) {
            Map<String, Object> table = new LinkedHashMap<>();
            String key = keys.get(random.nextInt(keys.size()));
            table.put(key.equals("failing") ? "junk" : key, junk(random, 0));
            try {
                OptionTable.apply("here", table, new SampleBuilder());
            } catch (OptionException documented) {
                assertThat(documented).hasMessageStartingWith("here");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + table, e);
            }
        }
    }

    private static Object junk(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth < 4 ? 12 : 9)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> "1 m";
            case 3 -> random.nextBoolean();
            case 4 -> random.nextLong();
            case 5 -> Double.longBitsToDouble(random.nextLong());
            case 6 -> "LogThenDrop\n\0é".substring(0, random.nextInt(14));
            case 7 -> new Object();
            case 8 -> 'c';
            case 9 -> Arrays.asList(junk(random, depth + 1), junk(random, depth + 1));
            default -> {
                Map<Object, Object> table = new HashMap<>();
                table.put(random.nextInt(4) == 0 ? random.nextInt() : "banner", junk(random, depth + 1));
                table.put("domains", junk(random, depth + 1));
                yield table;
            }
        };
    }

    private static OptionException refused(Map<String, ?> table) {
        OptionException e = catchThrowableOfType(
                OptionException.class, () -> OptionTable.apply("start_esmtp_listener", table, new SampleBuilder()));
        assertThat(e).as("%s", table.keySet()).isNotNull();
        return e;
    }
}
