package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.net.CidrSet;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MxPlanTest {

    private static final Duration TTL = Duration.ofMinutes(1);
    private static final MxPlan NOWHERE =
            new MxPlan.Nowhere(new Outcome.Deferred(dev.kumo.core.mail.Reply.of(451, "4.4.3", "No")), TTL);

    private final MxPlan.Hosts plan = new MxPlan.Hosts(
            "(a|b).example",
            List.of(host("a.example", 10, "192.0.2.1", "2001:db8::1"), host("b.example", 20, "198.51.100.1")),
            TTL);

    @Test
    void skippedAddressesAreLeftOutAndHostsWithoutAny() {
        MxPlan v6 = plan.skipping(CidrSet.of("0.0.0.0/0"));

        assertThat(v6).isEqualTo(new MxPlan.Hosts("(a|b).example", List.of(host("a.example", 10, "2001:db8::1")), TTL));
    }

    @Test
    void aPlanWithNothingLeftIsDeferred() {
        assertThat(reply(plan.skipping(CidrSet.of("::/0", "0.0.0.0/0")))).startsWith("451 4.4.4 ");
    }

    @Test
    void skippingNothingChangesNothing() {
        assertThat(plan.skipping(CidrSet.of())).isSameAs(plan);
        assertThat(plan.skipping(CidrSet.of("203.0.113.0/24"))).isEqualTo(plan);
        assertThat(NOWHERE.skipping(CidrSet.of("::/0"))).isSameAs(NOWHERE);
    }

    @Test
    void oneProhibitedAddressRefusesThePlan() {
        MxPlan refused = plan.prohibiting(CidrSet.of("198.51.100.0/24"));

        assertThat(reply(refused)).startsWith("550 5.4.4 ").contains("b.example", "198.51.100.1");
        assertThat(((MxPlan.Nowhere) refused).outcome()).isInstanceOf(Outcome.Refused.class);
        assertThat(plan.prohibiting(CidrSet.of("127.0.0.0/8"))).isSameAs(plan);
        assertThat(NOWHERE.prohibiting(CidrSet.of("::/0"))).isSameAs(NOWHERE);
    }

    @Test
    void theLongestHostNameFitsIntoARefusal() {
        String longest = "a.".repeat(127) + "a";
        MxPlan far = new MxPlan.Hosts("site", List.of(host(longest, 0, "2001:db8:1111:1111:1111:1111:1111:1111")), TTL);

        assertThat(reply(far.prohibiting(CidrSet.of("::/0")))).contains(longest);
    }

    @Test
    void anEnforcedPolicyLeavesTheHostsItNames() {
        assertThat(plan.allowedBy(policy(MtaStsPolicy.Mode.ENFORCE, "b.example")))
                .isEqualTo(new MxPlan.Hosts("(a|b).example", List.of(host("b.example", 20, "198.51.100.1")), TTL));
        assertThat(reply(plan.allowedBy(policy(MtaStsPolicy.Mode.ENFORCE, "c.example"))))
                .startsWith("451 4.7.5 ");
    }

    @Test
    void anyOtherPolicyLeavesAll() {
        assertThat(plan.allowedBy(policy(MtaStsPolicy.Mode.TESTING, "c.example")))
                .isSameAs(plan);
        assertThat(plan.allowedBy(MtaStsPolicy.NONE)).isSameAs(plan);
        assertThat(NOWHERE.allowedBy(policy(MtaStsPolicy.Mode.ENFORCE, "c.example")))
                .isSameAs(NOWHERE);
    }

    @Test
    void aPlanHasHostsAndAHostHasAddresses() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MxPlan.Hosts("x", List.of(), TTL));
        assertThatIllegalArgumentException().isThrownBy(() -> new MxHost("x", 0, List.of()));
    }

    private static MtaStsPolicy policy(MtaStsPolicy.Mode mode, String... mx) {
        return new MtaStsPolicy(mode, List.of(mx), Duration.ofDays(1));
    }

    private static String reply(MxPlan plan) {
        return ((MxPlan.Nowhere) plan).outcome().reply().toString();
    }

    private static MxHost host(String name, int preference, String... addresses) {
        return new MxHost(
                name,
                preference,
                Stream.of(addresses).map(dev.kumo.core.net.IpLiteral::parse).toList());
    }
}
