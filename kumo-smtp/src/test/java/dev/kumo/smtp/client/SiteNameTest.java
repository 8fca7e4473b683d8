package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteNameTest {

    @Test
    void oneHostIsItsOwnSite() {
        assertThat(SiteName.of(List.of("mx.example.com"))).isEqualTo("mx.example.com");
    }

    @Test
    void whatHostsHaveInCommonIsWrittenOnce() {
        assertThat(SiteName.of(List.of("mta7.am0.yahoodns.net", "mta5.am0.yahoodns.net", "mta6.am0.yahoodns.net")))
                .isEqualTo("(mta5|mta6|mta7).am0.yahoodns.net");
    }

    @Test
    void aHostBelowAnotherIsOptional() {
        assertThat(SiteName.of(List.of("mx.example.com", "alt2.mx.example.com", "alt1.mx.example.com")))
                .isEqualTo("(alt1|alt2)?.mx.example.com");
    }

    @Test
    void hostsWithNothingInCommonAreAlternatives() {
        assertThat(SiteName.of(List.of("mx.example.com", "mx.example.net"))).isEqualTo("mx.example.com|mx.example.net");
        assertThat(SiteName.of(List.of("a.c.example", "b.d.example"))).isEqualTo("(a.c|b.d).example");
    }

    @Test
    void neitherOrderNorRepetitionMatters() {
        assertThat(SiteName.of(List.of("b.example", "a.example", "b.example")))
                .isEqualTo(SiteName.of(List.of("a.example", "b.example")));
    }

    @Test
    void aLongNameEndsInADigest() {
        List<String> hosts =
                IntStream.range(0, 50).mapToObj(i -> "host" + i + ".example").toList();
        String name = SiteName.of(hosts);

        assertThat(name).hasSize(255).startsWith("(host0|host1|host10|").contains("~");
        assertThat(SiteName.of(hosts.subList(0, 49))).hasSize(255).isNotEqualTo(name);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void twoSetsHaveOneNameOnlyIfTheyAreEqual(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Set<String>> sets = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Set<String> set = new TreeSet<>();
            for (int hosts = 1 + random.nextInt(4); hosts > 0; hosts--) {
                StringBuilder host = new StringBuilder();
                for (int labels = 1 + random.nextInt(3); labels > 0; labels--) {
                    host.append(host.isEmpty() ? "" : ".").append((char) ('a' + random.nextInt(3)));
                }
                set.add(host.toString());
            }
            Set<String> other = sets.putIfAbsent(SiteName.of(set), set);

            assertThat(other == null || other.equals(set))
                    .as("%s and %s", set, other)
                    .isTrue();
        }
    }
}
