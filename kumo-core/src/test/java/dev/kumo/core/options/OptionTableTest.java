package dev.kumo.core.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.options.SampleBuilder.Disposition;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTableTest {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("banner", "Welcome", "Welcome"),
                Arguments.of("banner", "", ""),
                Arguments.of("banner", "true", "true"),
                Arguments.of("deferred_spool", true, true),
                Arguments.of("deferred_spool", false, false),
                Arguments.of("deferred_spool", "true", true),
                Arguments.of("deferred_spool", "false", false),
                Arguments.of("max_messages_per_connection", 25, 25),
                Arguments.of("max_messages_per_connection", 25L, 25),
                Arguments.of("max_messages_per_connection", (short) 25, 25),
                Arguments.of("max_messages_per_connection", 25.0, 25),
                Arguments.of("max_messages_per_connection", 1e3, 1000),
                Arguments.of("max_messages_per_connection", BigInteger.valueOf(25), 25),
                Arguments.of("max_messages_per_connection", new BigDecimal("25.00"), 25),
                Arguments.of("max_messages_per_connection", "25", 25),
                Arguments.of("max_messages_per_connection", Integer.MAX_VALUE, Integer.MAX_VALUE),
                Arguments.of("max_message_size", 20, 20L),
                Arguments.of("max_message_size", Long.MAX_VALUE, Long.MAX_VALUE),
                Arguments.of("max_message_size", Long.toString(Long.MIN_VALUE), Long.MIN_VALUE),
                Arguments.of("client_timeout", "1 minute", Duration.ofMinutes(1)),
                Arguments.of("client_timeout", 90, Duration.ofSeconds(90)),
                Arguments.of("client_timeout", 0, Duration.ZERO),
                Arguments.of("client_timeout", 0.5, Duration.ofMillis(500)),
                Arguments.of("client_timeout", 0.1 + 0.2, Duration.ofMillis(300)),
                Arguments.of("client_timeout", Double.MIN_VALUE, Duration.ZERO),
                Arguments.of("client_timeout", Duration.ofHours(1), Duration.ofHours(1)),
                Arguments.of("mode", "LogThenDrop", Disposition.LOG_THEN_DROP),
                Arguments.of("mode", "logthendrop", Disposition.LOG_THEN_DROP),
                Arguments.of("mode", "Ignore", Disposition.IGNORE),
                Arguments.of("mode", Disposition.IGNORE, Disposition.IGNORE),
                Arguments.of("log_oob", true, true),
                Arguments.of("log_oob", "false", false),
                Arguments.of("log_oob", "LogThenDrop", Disposition.LOG_THEN_DROP),
                Arguments.of("relay_hosts", List.of("a", "b"), List.of("a", "b")),
                Arguments.of("relay_hosts", List.of(), List.of()),
                Arguments.of("relay_hosts", Map.of(), List.of()),
                Arguments.of("include_meta_names", List.of("tenant"), List.of("tenant")),
                Arguments.of("tls_private_key", "/etc/key.pem", "/etc/key.pem"),
                Arguments.of("tls_private_key", Map.of("vault_path", "x"), Map.of("vault_path", "x")),
                Arguments.of("tls_private_key", Map.of(), Map.of()),
                Arguments.of("tls_private_key", List.of(), Map.of()));
    }

    @ParameterizedTest
    @MethodSource("values")
    void sets(String key, Object value, Object expected) {
        assertThat(apply(Map.of(key, value)).seen).containsExactly(Map.entry(key, expected));
    }

    @Test
    void returnsTheBuilder() {
        SampleBuilder builder = new SampleBuilder();
        assertThat(OptionTable.apply("here", Map.of(), builder)).isSameAs(builder);
        assertThat(builder.seen).isEmpty();
    }

    @Test
    void setsInTheOrderOfTheTable() {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("mode", "Ignore");
        table.put("banner", "Welcome");
        table.put("client_timeout", 1);
        assertThat(apply(table).seen.keySet()).containsExactly("mode", "banner", "client_timeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"domain", "domains"})
    void callsOnceForEachEntryOfATableOfTables(String key) {
        Map<String, Object> domains = new LinkedHashMap<>();
        domains.put("example.com", Map.of("log_oob", true));
        domains.put("*.example.com", Map.of());
        assertThat(apply(Map.of(key, domains)).seen)
                .containsExactly(
                        Map.entry("domain example.com", Map.of("log_oob", true)),
                        Map.entry("domain *.example.com", Map.of()));
    }

    @Test
    void tablesNestAsDeepAsBuildersDo() {
        Map<String, ?> table = Map.of("domains", Map.of("a", Map.of("domains", Map.of("b", Map.of("banner", "deep")))));
        assertThat(apply(table).seen).containsEntry("domain a", Map.of("domain b", Map.of("banner", "deep")));
    }

    @Test
    void anOverlayCanBeRunAgainWhateverBecameOfTheTable() {
        List<String> hosts = new ArrayList<>(List.of("127.0.0.1"));
        Map<String, Object> overlay = new LinkedHashMap<>(Map.of("relay_hosts", hosts));
        SampleBuilder builder = apply(Map.of("peer", Map.of("10.0.0.0/8", overlay)));
        hosts.clear();
        overlay.put("banner", "changed");
        for (int i = 0; i < 2; i++) {
            SampleBuilder later = new SampleBuilder();
            builder.overlays.get("10.0.0.0/8").accept(later);
            assertThat(later.seen).containsExactly(Map.entry("relay_hosts", List.of("127.0.0.1")));
        }
    }

    @Test
    void inheritedSettersAreKeys() {
        Extended builder = OptionTable.apply("here", Map.of("banner", "b", "extra", "e"), new Extended());
        assertThat(builder.seen).containsOnlyKeys("banner", "extra");
    }

    /** A builder that inherits. */
    public static final class Extended extends SampleBuilder {

        public Extended extra(String extra) {
            seen.put("extra", extra);
            return this;
        }
    }

    @Test
    void theKeysAreTheSettersThatATableCanReach() {
        assertThat(OptionTable.keys(SampleBuilder.class))
                .containsExactly(
                        "banner",
                        "client_timeout",
                        "deferred_spool",
                        "domain",
                        "domains",
                        "failing",
                        "include_meta_names",
                        "log_oob",
                        "max_message_size",
                        "max_messages_per_connection",
                        "mode",
                        "peer",
                        "peers",
                        "relay_hosts",
                        "tls_private_key");
    }

    private static SampleBuilder apply(Map<String, ?> table) {
        return OptionTable.apply("start_esmtp_listener", table, new SampleBuilder());
    }
}
