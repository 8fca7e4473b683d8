package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.IpLookupStrategy;
import dev.kumo.smtp.client.MtaSts;
import dev.kumo.smtp.client.MtaStsPolicy;
import dev.kumo.smtp.client.MxHost;
import dev.kumo.smtp.client.MxPlan;
import dev.kumo.smtp.client.MxResolver;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a domain to a plan of hosts, over sockets. */
class MxResolverOverDnsTest {

    @RegisterExtension
    final FakeDns dns = FakeDns.serving("""
            example.com           MX    20 mx2.example.com
            example.com           MX    10 mx1.example.com
            mx1.example.com       A     192.0.2.1
            mx2.example.com       A     192.0.2.2
            mx2.example.com       AAAA  2001:db8::2
            _mta-sts.example.com  TXT   "v=STSv1; id=1"
            null.example          MX    0 .
            implicit.example      A     192.0.2.3
            alias.example         CNAME example.com
            dead.example          MX    10 nowhere.example
            dead.example          A     192.0.2.4
            broken.example        MX    10 slow.example
            """);

    @Test
    void aDomainBecomesAPlan() {
        MxPlan.Hosts plan = (MxPlan.Hosts) MxResolver.of(dns.resolver()).resolve("Example.com");

        assertThat(plan.hosts()).extracting(MxHost::name).containsExactly("mx1.example.com", "mx2.example.com");
        assertThat(plan.hosts().get(1).addresses()).hasSize(2);
        assertThat(plan.site()).isEqualTo("(mx1|mx2).example.com");
        assertThat(plan.ttl()).isEqualTo(Duration.ofMinutes(1)); // that mx1 has no address of IPv6
    }

    @Test
    void anAliasHasTheHostsOfItsDomain() {
        MxResolver resolver = MxResolver.of(dns.resolver());

        assertThat(((MxPlan.Hosts) resolver.resolve("alias.example", IpLookupStrategy.IPV4_ONLY)).hosts())
                .isEqualTo(((MxPlan.Hosts) resolver.resolve("example.com", IpLookupStrategy.IPV4_ONLY)).hosts());
    }

    @ParameterizedTest
    @CsvSource({
        "null.example, 556 5.1.10",
        "dead.example, 451 4.4.4",
        "nowhere.example, 451 4.4.4",
        "failing.example, 451 4.4.3",
        "broken.example, 451 4.4.3"
    })
    void aDomainThatLeadsNowhereSaysWhy(String domain, String reply) {
        dns.failing("failing.example").silent("slow.example");
        MxResolver resolver = MxResolver.of(dns.resolver(Duration.ofMillis(300)));

        MxPlan.Nowhere plan = (MxPlan.Nowhere) resolver.resolve(domain);

        assertThat(plan.outcome().reply().toString()).startsWith(reply + " ");
    }

    @Test
    void mailFlowsOnWhileTheNameServerIsDown() {
        MxResolver resolver = MxResolver.builder(dns.resolver(Duration.ofMillis(300)))
                .time(clock)
                .build();
        assertThat(resolver.resolve("implicit.example")).isInstanceOf(MxPlan.Hosts.class);

        clock.advance(Duration.ofHours(1));
        dns.failing("implicit.example");

        assertThat(resolver.resolve("implicit.example")).isInstanceOf(MxPlan.Hosts.class);
    }

    @Test
    void anEnforcedPolicyNarrowsThePlan() {
        MtaSts sts = MtaSts.builder(dns.resolver())
                .source(domain -> "version: STSv1\nmode: enforce\nmx: mx2.example.com\nmax_age: 86400")
                .build();
        MtaStsPolicy policy = sts.policyFor("example.com");

        MxPlan plan = MxResolver.of(dns.resolver()).resolve("example.com").allowedBy(policy);

        assertThat(((MxPlan.Hosts) plan).hosts()).extracting(MxHost::name).containsExactly("mx2.example.com");
    }

    private final TestClock clock = new TestClock();
}
