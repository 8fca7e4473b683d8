package dev.kumo.auth.dkim;

import static dev.kumo.auth.dkim.Samples.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DkimOptionsTest {

    private static final Map<String, Object> LEAST =
            Map.of("domain", "example.com", "selector", "s1", "key", Map.of("key_data", "hunter2"));

    private static DkimOptions bound(Map<String, ?> more) {
        Map<String, Object> table = new HashMap<>(LEAST);
        table.putAll(more);
        return OptionTable.apply("rsa_sha256_signer", table, DkimOptions.builder())
                .build();
    }

    @Test
    void everyDocumentedKeyIsKnownAndNoOther() {
        assertThat(OptionTable.keys(DkimOptions.Builder.class))
                .containsExactlyInAnyOrder(
                        // documented
                        "agent_user_identifier",
                        "atps",
                        "atpsh",
                        "body_canonicalization",
                        "body_length",
                        "domain",
                        "expiration",
                        "header_canonicalization",
                        "headers",
                        "key",
                        "over_sign",
                        "reporting",
                        "selector",
                        "ttl",
                        // our own
                        "algorithm");
    }

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        DkimOptions options = bound(Map.of());

        assertThat(options.headerCanonicalization()).isEqualTo(Canonicalization.RELAXED);
        assertThat(options.bodyCanonicalization()).isEqualTo(Canonicalization.RELAXED);
        assertThat(options.overSign()).isFalse();
        assertThat(options.reporting()).isFalse();
        assertThat(options.expiration()).isEmpty();
        assertThat(options.ttl()).hasMinutes(5);
        assertThat(options.algorithm()).isEmpty();
        assertThat(options.headers()).startsWith("From").contains("List-Unsubscribe", "List-Unsubscribe-Post");
        assertThat(options.toString()).doesNotContain("hunter2");
    }

    @Test
    void everyKeyIsRead() {
        DkimOptions options = bound(Map.of(
                "headers",
                List.of("From", "Subject", "from"),
                "header_canonicalization",
                "Simple",
                "body_canonicalization",
                "Simple",
                "over_sign",
                true,
                "expiration",
                3600,
                "body_length",
                false,
                "reporting",
                true,
                "ttl",
                "1 hour",
                "algorithm",
                "Ed25519Sha256"));

        assertThat(options.headers()).containsExactly("From", "Subject", "From");
        assertThat(options.headerCanonicalization()).isEqualTo(Canonicalization.SIMPLE);
        assertThat(options.bodyCanonicalization()).isEqualTo(Canonicalization.SIMPLE);
        assertThat(options.overSign()).isTrue();
        assertThat(options.expiration()).contains(Duration.ofHours(1));
        assertThat(options.reporting()).isTrue();
        assertThat(options.ttl()).hasHours(1);
        assertThat(options.algorithm()).contains(DkimAlgorithm.ED25519_SHA256);
        assertThat(bound(Map.of("key", "/etc/dkim.pem")).key()).hasToString("file '/etc/dkim.pem'");
    }

    static Stream<Arguments> wrongKeysAndValues() {
        return Stream.of(
                Arguments.of("domain", "a b", ".domain: not a domain name: 'a b'"),
                Arguments.of("selector", "", ".selector: not a domain name: ''"),
                Arguments.of(
                        "headers", List.of("Subject"), ".headers: 'From' has to be signed (RFC 6376 section 5.4); add"),
                Arguments.of(
                        "headers",
                        List.of("From", "Su bject"),
                        ".headers: a name of a header field is printable ASCII"),
                Arguments.of(
                        "headers",
                        List.of("From", "dkim-signature"),
                        ".headers: 'dkim-signature' cannot be signed: the"),
                Arguments.of(
                        "headers",
                        List.of("From", "Return-path"),
                        ".headers: 'Return-path' cannot be signed: the last"),
                Arguments.of("body_length", true, ".body_length: must be false: whoever passes on a mail"),
                Arguments.of(
                        "expiration",
                        0,
                        ".expiration: expiration must be 1s to 36500d in whole seconds, not 0s; set it to such a time, or leave"),
                Arguments.of(
                        "expiration", 9e18, ".expiration: expiration must be 1s to 36500d in whole seconds, not 10"),
                Arguments.of(
                        "expiration", "36500d 1s", ".expiration: expiration must be 1s to 36500d in whole seconds"),
                Arguments.of("ttl", 0.5, ".ttl: ttl must be 1s to 36500d in whole seconds, not 500ms; set"),
                Arguments.of("ttl", Long.MAX_VALUE, ".ttl: ttl must be 1s to 36500d in whole seconds, not 10"),
                Arguments.of("ttl", "1d 1ns", ".ttl: ttl must be 1s to 36500d in whole seconds, not 1d 1ns"),
                Arguments.of("agent_user_identifier", "joe", ".agent_user_identifier: must be '@' and a domain"),
                Arguments.of("atpsh", "sha1", ".atpsh: atpsh must be 'none' or 'sha256', not 'sha1'"),
                Arguments.of(
                        "key", "-----BEGIN PRIVATE KEY-----hunter2", ".key: must be the path of a file, but is PEM"),
                Arguments.of(
                        "header_canonicalisation", "Simple", ": unknown key 'header_canonicalisation' (did you mean"));
    }

    @ParameterizedTest
    @MethodSource("wrongKeysAndValues")
    void whatIsWrongIsNamed(String key, Object value, String trouble) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bound(Map.of(key, value)))
                .isInstanceOf(OptionException.class)
                .withMessageStartingWith("rsa_sha256_signer" + trouble)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void theLongestTimesAreAHundredYears() {
        DkimOptions options = bound(Map.of("expiration", "36500d", "ttl", "36500d"));

        assertThat(options.expiration()).contains(Duration.ofDays(36_500));
        assertThat(options.ttl()).hasDays(36_500);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DkimOptions.builder().selector("s1").build())
                .withMessage("domain is missing; a signature needs domain, selector and key");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DkimOptions.builder().domain("example.com").build())
                .withMessageStartingWith("selector is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DkimOptions.builder()
                        .domain("example.com")
                        .selector("s1")
                        .build())
                .withMessageStartingWith("key is missing");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options().agentUserIdentifier("@example.org").build())
                .withMessageStartingWith(
                        "agent_user_identifier is of 'example.org', which is not 'example.com' nor below");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> options().agentUserIdentifier("@badexample.com").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options().atps("example.net").build())
                .withMessageStartingWith("atps and atpsh belong together");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options()
                        .selector(("s".repeat(60) + ".").repeat(2) + "s")
                        .domain(("d".repeat(60) + ".").repeat(2) + "d")
                        .build())
                .withMessageStartingWith("selector and domain are too long");
    }
}
