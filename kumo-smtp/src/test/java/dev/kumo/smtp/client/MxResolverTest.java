package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.delivery.IpLookupStrategy;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.net.IpLiteral;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MxResolverTest {

    private final SettableTime time = new SettableTime();
    private final ScriptedDns dns = new ScriptedDns();
    private final MxResolver resolver =
            MxResolver.builder(dns).time(time).random(new Random(1)).build();

    @Test
    void hostsComeByPreferenceWithTheirAddresses() {
        dns.mx("example.com", 20, "b.example.com", 10, "A.Example.COM");
        dns.a("a.example.com", "192.0.2.1").aaaa("a.example.com", "2001:db8::1").a("b.example.com", "192.0.2.2");

        MxPlan.Hosts plan = hosts("example.com");

        assertThat(plan.hosts())
                .containsExactly(
                        host("a.example.com", 10, "192.0.2.1", "2001:db8::1"), host("b.example.com", 20, "192.0.2.2"));
        assertThat(plan.site()).isEqualTo("(a|b).example.com");
        assertThat(plan.ttl()).isEqualTo(ScriptedDns.TTL);
    }

    @Test
    void theOrderAmongEqualsIsDrawnForEachPlan() {
        dns.mx("example.com", 10, "a.example", 10, "b.example", 10, "c.example", 5, "first.example");
        for (String host : List.of("a", "b", "c", "first")) {
            dns.a(host + ".example", "192.0.2.1");
        }

        Set<List<String>> orders = IntStream.range(0, 200)
                .mapToObj(i ->
                        hosts("example.com").hosts().stream().map(MxHost::name).toList())
                .collect(Collectors.toSet());

        assertThat(orders)
                .hasSize(6)
                .allSatisfy(order -> assertThat(order.get(0)).isEqualTo("first.example"));
        assertThat(dns.questions()).as("from what is kept").hasSize(9);
    }

    @Test
    void theOrderOfTheAddressesOfAHostIsDrawnWithinItsFamily() {
        dns.mx("example.com", 10, "mx.example").a("mx.example", "192.0.2.1", "192.0.2.2");
        dns.aaaa("mx.example", "2001:db8::1", "2001:db8::2");

        Set<List<InetAddress>> orders = IntStream.range(0, 100)
                .mapToObj(i -> hosts("example.com").hosts().get(0).addresses())
                .collect(Collectors.toSet());

        assertThat(orders)
                .hasSize(4)
                .allSatisfy(order -> assertThat(order.get(1)).isInstanceOf(java.net.Inet4Address.class));
    }

    @Test
    void aDomainWithoutMxIsItsOwnHost() {
        dns.a("example.com", "192.0.2.1");

        assertThat(hosts("example.com").hosts()).containsExactly(host("example.com", 0, "192.0.2.1"));
        assertThat(hosts("example.com").site()).isEqualTo("example.com");
    }

    @Test
    void aDomainWhoseMxLeadNowhereIsNotItsOwnHost() {
        dns.mx("example.com", 10, "gone.example").a("example.com", "192.0.2.1");

        assertThat(reply("example.com")).startsWith("451 4.4.4 ");
        assertThat(dns.questions()).doesNotContain("example.com A");
    }

    @Test
    void aDomainWhoseMxAreNoHostNamesIsNotItsOwnHost() {
        dns.mx("example.com", 10, "192.0.2.9", 20, "a\\032b", 30, "").a("example.com", "192.0.2.1");

        assertThat(reply("example.com")).startsWith("451 4.4.4 ");
    }

    @Test
    void recordsWithoutAHostNameAreLeftOut() {
        dns.mx("example.com", 10, "192.0.2.9", 20, "mx.example", 30, ".").a("mx.example", "192.0.2.1");

        assertThat(hosts("example.com").hosts()).containsExactly(host("mx.example", 20, "192.0.2.1"));
    }

    @Test
    void aNullMxRefuses() {
        dns.mx("example.com", 0, ".").a("example.com", "192.0.2.1");

        assertThat(reply("example.com")).startsWith("556 5.1.10 ");
        assertThat(((MxPlan.Nowhere) resolver.resolve("example.com")).outcome()).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aHostThatIsNamedTwiceIsTriedOnceAtItsBetterPreference() {
        dns.mx("example.com", 30, "mx.example", 10, "MX.example", 20, "b.example");
        dns.a("mx.example", "192.0.2.1").a("b.example", "192.0.2.2");

        assertThat(hosts("example.com").hosts())
                .containsExactly(host("mx.example", 10, "192.0.2.1"), host("b.example", 20, "192.0.2.2"));
    }

    @Test
    void aDomainThatDoesNotExistIsDeferred() {
        assertThat(reply("nowhere.example")).startsWith("451 4.4.4 ");
    }

    @Test
    void aDomainThatDoesNotExistIsRefusedWhereThatIsFinal() {
        MxResolver strict = MxResolver.builder(dns).noSuchDomainIsFinal(true).build();

        MxPlan plan = strict.resolve("nowhere.example");

        assertThat(((MxPlan.Nowhere) plan).outcome().reply().toString()).startsWith("550 5.1.2 ");
    }

    @Test
    void aDnsThatFailsDefers() {
        dns.failing("example.com", DnsType.MX).a("example.com", "192.0.2.1");

        assertThat(reply("example.com")).startsWith("451 4.4.3 ");
    }

    @Test
    void aDnsThatFailsForAllHostsDefers() {
        dns.mx("example.com", 10, "a.example", 20, "b.example");
        dns.failing("a.example", DnsType.A).failing("b.example", DnsType.AAAA);

        assertThat(reply("example.com")).startsWith("451 4.4.3 ");
    }

    @Test
    void aHostForWhichTheDnsFailsIsLeftOut() {
        dns.mx("example.com", 10, "a.example", 20, "b.example");
        dns.failing("a.example", DnsType.A).a("b.example", "192.0.2.2");

        assertThat(hosts("example.com").hosts()).containsExactly(host("b.example", 20, "192.0.2.2"));
        assertThat(hosts("example.com").site()).as("the site has all hosts").isEqualTo("(a|b).example");
    }

    @ParameterizedTest
    @CsvSource({
        "IPV4_AND_IPV6, 192.0.2.1 2001:db8::1, A AAAA",
        "IPV6_AND_IPV4, 2001:db8::1 192.0.2.1, AAAA A",
        "IPV4_ONLY, 192.0.2.1, A",
        "IPV6_ONLY, 2001:db8::1, AAAA",
        "IPV4_THEN_IPV6, 192.0.2.1, A",
        "IPV6_THEN_IPV4, 2001:db8::1, AAAA"
    })
    void theStrategySaysWhichAddressesAreLookedUp(IpLookupStrategy strategy, String addresses, String types) {
        dns.mx("example.com", 10, "mx.example").a("mx.example", "192.0.2.1").aaaa("mx.example", "2001:db8::1");

        MxPlan.Hosts plan = (MxPlan.Hosts) resolver.resolve("example.com", strategy);

        assertThat(plan.hosts()).containsExactly(host("mx.example", 10, addresses.split(" ", -1)));
        List<String> asked = new ArrayList<>(List.of("example.com MX"));
        List.of(types.split(" ", -1)).forEach(type -> asked.add("mx.example " + type));
        assertThat(dns.questions()).isEqualTo(asked);
    }

    @Test
    void theSecondFamilyIsTakenWhereTheFirstHasNone() {
        dns.a("example.com", "192.0.2.1").failing("example.com", DnsType.AAAA);

        MxPlan plan = resolver.resolve("example.com", IpLookupStrategy.IPV6_THEN_IPV4);

        assertThat(((MxPlan.Hosts) plan).hosts()).containsExactly(host("example.com", 0, "192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({"[192.0.2.1], 192.0.2.1, [192.0.2.1]", "[ipv6:2001:DB8:0::1], 2001:db8::1, [IPv6:2001:db8::1]"})
    void aDomainLiteralIsItsAddress(String literal, String address, String name) {
        assertThat(resolver.resolve(literal, IpLookupStrategy.IPV4_ONLY))
                .isEqualTo(new MxPlan.Hosts(name, List.of(host(name, 0, address)), Duration.ofDays(1)));
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void aHostIsLookedUpWithoutMx() {
        dns.mx("smart.example", 10, "other.example").a("smart.example", "192.0.2.1");

        MxPlan plan = resolver.host("smart.example", IpLookupStrategy.IPV4_ONLY);

        assertThat(((MxPlan.Hosts) plan).hosts()).containsExactly(host("smart.example", 0, "192.0.2.1"));
        assertThat(dns.questions()).containsExactly("smart.example A");
    }

    @Test
    void aPlanHasBounds() {
        List<Object> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            records.add(i);
            records.add("mx" + i + ".example");
            dns.a(
                    "mx" + i + ".example",
                    IntStream.range(0, 30).mapToObj(host -> "192.0.2." + host).toArray(String[]::new));
        }
        dns.mx("example.com", records.toArray());

        MxPlan.Hosts plan = hosts("example.com");

        assertThat(plan.hosts())
                .hasSize(5)
                .allSatisfy(host -> assertThat(host.addresses()).hasSize(10));
        assertThat(plan.hosts().get(0).name()).isEqualTo("mx0.example");
        assertThat(dns.questions()).hasSize(41);
    }

    @Test
    void domainsShareTheHostsTheyHaveInCommon() {
        dns.mx("a.example", 10, "mx.example").mx("b.example", 10, "mx.example").a("mx.example", "192.0.2.1");

        assertThat(hosts("a.example")).isEqualTo(hosts("b.example"));
        assertThat(dns.questions()).containsExactly("a.example MX", "mx.example A", "mx.example AAAA", "b.example MX");
    }

    @Test
    void aPlanHoldsAsLongAsAllItIsMadeOf() {
        dns.mx("example.com", 10, "mx.example");
        dns.answering(
                "mx.example",
                DnsType.A,
                new DnsAnswer.Found<>(ScriptedDns.addresses("192.0.2.1"), Duration.ofMinutes(2)));

        assertThat(hosts("example.com").ttl()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void whatIsNoDomainIsAnError() {
        for (String domain : List.of("", "a b", "a..b", "[1.2.3]", "[", "x".repeat(64) + ".example")) {
            assertThatIllegalArgumentException().isThrownBy(() -> resolver.resolve(domain));
        }
    }

    @Test
    void anInterruptedThreadDefersAndStaysInterrupted() {
        dns.answering("example.com", DnsType.MX, new CompletableFuture<>());
        Thread.currentThread().interrupt();

        assertThat(reply("example.com")).startsWith("451 4.4.3 ");
        assertThat(Thread.interrupted()).isTrue();
    }

    private MxPlan.Hosts hosts(String domain) {
        return (MxPlan.Hosts) resolver.resolve(domain);
    }

    private String reply(String domain) {
        MxPlan.Nowhere nowhere = (MxPlan.Nowhere) resolver.resolve(domain);
        assertThat(nowhere.ttl()).isPositive();
        return nowhere.outcome().reply().toString();
    }

    private static MxHost host(String name, int preference, String... addresses) {
        return new MxHost(
                name,
                preference,
                List.of(addresses).stream().map(IpLiteral::parse).toList());
    }
}
