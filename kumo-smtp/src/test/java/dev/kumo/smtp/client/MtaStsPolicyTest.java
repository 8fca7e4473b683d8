package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MtaStsPolicyTest {

    @Test
    void aPolicyIsRead() {
        String text = """
                version: STSv1
                mode: enforce
                mx: mx.Example.com
                mx:\t*.example.net\s
                max_age: 604800
                """;
        assertThat(MtaStsPolicy.parse(text.replace("\n", "\r\n")))
                .isEqualTo(new MtaStsPolicy(
                        MtaStsPolicy.Mode.ENFORCE, List.of("mx.example.com", "*.example.net"), Duration.ofDays(7)));
    }

    @Test
    void fieldsComeInAnyOrderWithUnknownOnesAmongThem() {
        assertThat(MtaStsPolicy.parse("mx: a.example\nfuture-1: x: y \u00fc\nmax_age:0\n\nmode:testing\nversion:STSv1"))
                .isEqualTo(new MtaStsPolicy(MtaStsPolicy.Mode.TESTING, List.of("a.example"), Duration.ZERO));
    }

    @Test
    void ofAFieldThatIsThereTwiceTheFirstCounts() {
        assertThat(MtaStsPolicy.parse("version: STSv1\nmode: none\nmax_age: 1\nmode: enforce\nmax_age: x")
                        .mode())
                .isEqualTo(MtaStsPolicy.Mode.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mode: enforce\nmx: a.example\nmax_age: 1",
                "version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 1",
                "version: STSv1\nmx: a.example\nmax_age: 1",
                "version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1",
                "version: STSv1\nmode: enforce\nmax_age: 1",
                "version: STSv1\nmode: testing\nmax_age: 1",
                "version: STSv1\nmode: enforce\nmx: a.example",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 31557601",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 99999999999",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1d",
                "version: STSv1\nmode: enforce\nmx: *\nmax_age: 1",
                "version: STSv1\nmode: enforce\nmx: *.\nmax_age: 1",
                "version: STSv1\nmode: enforce\nmx: a.*.example\nmax_age: 1",
                "version: STSv1\nmode: enforce\nmx: a b\nmax_age: 1",
                "version: STSv1\nmode: enforce\nmx:\nmax_age: 1",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n<html>",
                "version: STSv1;mode: enforce;mx: a.example;max_age: 1"
            })
    void anythingElseIsNoPolicy(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> MtaStsPolicy.parse(text));
    }

    @Test
    void aYearIsTheLongestAge() {
        assertThat(MtaStsPolicy.parse("version: STSv1\nmode: none\nmax_age: 31557600")
                        .maxAge())
                .hasSeconds(31_557_600);
    }

    @Test
    void aPolicyHasAHundredHostsAtMost() {
        String start = "version: STSv1\nmode: enforce\nmax_age: 1";
        assertThat(MtaStsPolicy.parse(start + "\nmx: a.example".repeat(100)).mx())
                .hasSize(100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MtaStsPolicy.parse(start + "\nmx: a.example".repeat(101)));
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.com, mx.example.com, true",
        "mx.example.com, mx2.example.com, false",
        "mx.example.com, a.mx.example.com, false",
        "*.example.com, mx.example.com, true",
        "*.example.com, a.mx.example.com, false",
        "*.example.com, example.com, false",
        "*.example.com, mx.example.com.evil.example, false",
        "example.com, xexample.com, false"
    })
    void aWildcardStandsForOneLabel(String pattern, String host, boolean matches) {
        MtaStsPolicy policy = new MtaStsPolicy(MtaStsPolicy.Mode.ENFORCE, List.of(pattern), Duration.ofDays(1));

        assertThat(policy.matches(host)).isEqualTo(matches);
    }

    @Test
    void nothingMatchesTheLackOfAPolicy() {
        assertThat(MtaStsPolicy.NONE.matches("mx.example.com")).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyPolicyIsReadBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            MtaStsPolicy policy = policy(random);

            assertThat(MtaStsPolicy.parse(text(policy, random))).isEqualTo(policy);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void aPolicyWithAnOctetChangedIsAPolicyOrRefused(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder(text(policy(random), random));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                text.setCharAt(
                        random.nextInt(text.length()), (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
            }
            try {
                MtaStsPolicy policy = MtaStsPolicy.parse(text.toString());
                assertThat(policy.mx()).allSatisfy(mx -> assertThat(mx).matches("(\\*\\.)?[a-z0-9_.-]+"));
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).as("quotes nothing").matches("[ -~]{1,80}");
            }
        }
    }

    private static MtaStsPolicy policy(SplittableRandom random) {
        List<String> mx = new ArrayList<>();
        for (int hosts = 1 + random.nextInt(4); hosts > 0; hosts--) {
            mx.add((random.nextBoolean() ? "*." : "") + "mx" + random.nextInt(100) + ".example");
        }
        MtaStsPolicy.Mode[] modes = MtaStsPolicy.Mode.values();
        return new MtaStsPolicy(
                modes[random.nextInt(modes.length)], mx, Duration.ofSeconds(random.nextInt(31_557_601)));
    }

    private static String text(MtaStsPolicy policy, SplittableRandom random) {
        List<String> fields = new ArrayList<>();
        fields.add("version:" + blank(random) + "STSv1");
        fields.add("mode:" + blank(random) + policy.mode().name().toLowerCase(java.util.Locale.ROOT));
        fields.add("max_age:" + blank(random) + policy.maxAge().toSeconds());
        if (random.nextBoolean()) {
            fields.add("x-extension: " + random.nextInt());
        }
        for (int i = fields.size() - 1; i > 0; i--) {
            fields.add(fields.remove(random.nextInt(i + 1)));
        }
        int at = 0;
        for (String mx : policy.mx()) { // in order, but anywhere
            at += random.nextInt(fields.size() - at + 1);
            fields.add(at++, "mx:" + blank(random) + mx + blank(random));
        }
        return String.join(random.nextBoolean() ? "\r\n" : "\n", fields) + (random.nextBoolean() ? "\n" : "");
    }

    private static String blank(SplittableRandom random) {
        return List.of("", " ", "\t ").get(random.nextInt(3));
    }
}
