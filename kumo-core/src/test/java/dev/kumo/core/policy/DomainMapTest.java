package dev.kumo.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.text.Quoted;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainMapTest {

    private static final DomainMap<String> MAP = DomainMap.<String>builder()
            .put("example.com", "exact")
            .put("*.example.com", "below")
            .put("*.deep.example.com", "below deep")
            .put("omg.wtf.woot.example.com", "far")
            .put("bücher.example", "books")
            .put("*.bücher.example", "below books")
            .put("[192.0.2.1]", "literal")
            .put("[IPv6:2001:DB8::1]", "literal 6")
            .put("*", "rest")
            .build();

    @ParameterizedTest
    @CsvSource({
        "example.com, exact",
        "lemon.example.com, below",
        "lemon.cake.example.com, below",
        "deep.example.com, below",
        "a.deep.example.com, below deep",
        "a.b.deep.example.com, below deep",
        // A longer entry below a name does not hide the wildcard from it.
        "woot.example.com, below",
        "wtf.woot.example.com, below",
        "foo.woot.example.com, below",
        "omg.wtf.woot.example.com, far",
        "x.omg.wtf.woot.example.com, below",
        "com, rest",
        "foo.com, rest",
        "notexample.com, rest",
        "example.com.org, rest",
    })
    void theMostSpecificEntryWins(String domain, String value) {
        assertThat(MAP.find(domain)).contains(value);
    }

    @ParameterizedTest
    @CsvSource({
        "EXAMPLE.Com, exact",
        "example.com., exact",
        "Lemon.EXAMPLE.com, below",
        "BÜCHER.example, books",
        "bücher.example, books",
        "xn--bcher-kva.example, books",
        "XN--BCHER-KVA.EXAMPLE, books",
        "a.Bücher.Example, below books",
        "übel.xn--bcher-kva.example, below books",
        "[192.0.2.1], literal",
        "[ipv6:2001:db8::1], literal 6",
        "[IPv6:2001:db8::1], literal 6",
        "[192.0.2.2], rest",
    })
    void everySpellingOfADomainFindsItsEntry(String domain, String value) {
        assertThat(MAP.find(domain)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "*",
                "*.example.com",
                ".example.com",
                "a..example.com",
                "a.example.com..",
                "a b.example.com",
                "[",
                "[]",
                "a\n.example.com"
            })
    void whatIsNoDomainMatchesNothingButTheStar(String domain) {
        assertThat(MAP.find(domain)).contains("rest");
    }

    @Test
    void theBareParentIsNotBelowItself() {
        assertThat(DomainMap.of(Map.of("*.example.com", 1)).find("example.com")).isEmpty();
    }

    @Test
    void nothingIsFoundWithoutAStar() {
        DomainMap<Integer> map = DomainMap.of(Map.of("example.com", 1, "*.example.org", 2));

        assertThat(map.find("example.net")).isEmpty();
        assertThat(map.find("")).isEmpty();
        assertThat(map.find("[192.0.2.1]")).isEmpty();
    }

    @Test
    void aDomainOfExcessiveLengthMatchesNothingButTheStar() {
        assertThat(MAP.find("a.".repeat(1_000_000) + "example.com")).contains("rest");
    }

    @Test
    void anEmptyMapFindsNothing() {
        DomainMap<Integer> map = DomainMap.of(Map.of());

        assertThat(map.isEmpty()).isTrue();
        assertThat(map.find("example.com")).isEmpty();
    }

    @Test
    void entriesKeepTheirOrder() {
        DomainMap<Integer> map = DomainMap.<Integer>builder()
                .put("*", 1)
                .put("B.example", 2)
                .put("*.a.Example", 3)
                .build();

        assertThat(map).hasToString("{*=1, b.example=2, *.a.example=3}");
        assertThat(map.entries())
                .containsExactly(Map.entry("*", 1), Map.entry("b.example", 2), Map.entry("*.a.example", 3));
    }

    @Test
    void aBuilderUsedOnDoesNotChangeWhatItBuilt() {
        DomainMap.Builder<Integer> builder = DomainMap.<Integer>builder().put("a.example", 1);
        DomainMap<Integer> map = builder.build();
        builder.put("b.example", 2);

        assertThat(map.find("b.example")).isEmpty();
    }

    @Test
    void mapsOfEqualEntriesAreEqual() {
        assertThat(DomainMap.of(Map.of("A.example", 1)))
                .isEqualTo(DomainMap.of(Map.of("a.example", 1)))
                .hasSameHashCodeAs(DomainMap.of(Map.of("a.example", 1)))
                .isNotEqualTo(DomainMap.of(Map.of("*.a.example", 1)));
    }

    @ParameterizedTest
    @CsvSource({
        "Example.com, example.COM",
        "bücher.example, xn--bcher-kva.example",
        "*.example.com, *.EXAMPLE.com",
        "*, *",
        "[IPv6:2001:db8::a], [ipv6:2001:DB8:0:0:0:0:0:A]",
    })
    void refusesTwoKeysForOneDomainAndNamesBoth(String first, String second) {
        DomainMap.Builder<Integer> builder = DomainMap.<Integer>builder().put(first, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.put(second, 2))
                .withMessageContainingAll(Quoted.of(first), Quoted.of(second), "keep one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | write a domain name",
                "foo.*.com | write '*.com'",
                "*example.com | write '*.example.com'",
                "*.*.example.com | write '*.example.com'",
                "** | write '*'",
                "example.* | write '*'",
                "*. | no domain name",
                ".example.com | write '*.example.com'",
                "a..b | remove a dot",
                "*..example.com | remove a dot",
                "example.com. | leave it out",
                "*.example.com. | leave it out",
                "user@example.com | write its domain 'example.com'",
                "*.[192.0.2.1] | write '[192.0.2.1]'",
                "[192.0.2.1 | no address literal",
                "[192.0.2.256] | no address literal",
                "exa mple.com | no domain name",
            })
    void refusesAWrongKeyAndSaysTheMend(String key, String mend) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DomainMap.of(Map.of(key, 1)))
                .withMessageContainingAll("'" + key + "'", mend);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithANaiveSearch(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            Map<String, Integer> entries = new LinkedHashMap<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                int kind = random.nextInt(5);
                entries.put(kind == 0 ? "*" : kind < 3 ? "*." + domain(random) : domain(random), random.nextInt(100));
            }
            DomainMap<Integer> map = DomainMap.of(entries);
            for (int i = 0; i < 10; i++) {
                String domain = random.nextInt(20) == 0 ? "" : domain(random);
                String spelling = random.nextBoolean() ? domain : domain.toUpperCase(Locale.ROOT);

                assertThat(map.find(spelling))
                        .as("seed %d, %s in %s", seed, spelling, entries)
                        .isEqualTo(search(entries, domain));
            }
        }
    }

    private static String domain(SplittableRandom random) {
        StringBuilder domain = new StringBuilder().append((char) ('a' + random.nextInt(2)));
        for (int i = random.nextInt(4); i > 0; i--) {
            domain.append('.').append((char) ('a' + random.nextInt(2)));
        }
        return domain.toString();
    }

    /** Of all entries that stand for a domain the longest key, the exact one counting as longest of all. */
    private static Optional<Integer> search(Map<String, Integer> entries, String domain) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().equals("*")
                        || entry.getKey().equals(domain)
                        || entry.getKey().startsWith("*.")
                                && domain.endsWith(entry.getKey().substring(1)))
                .max(Comparator.comparingInt(entry ->
                        entry.getKey().equals(domain) ? 1000 : entry.getKey().length()))
                .map(Map.Entry::getValue);
    }
}
