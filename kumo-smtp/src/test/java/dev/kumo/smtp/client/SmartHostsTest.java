package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.IpLookupStrategy;
import dev.kumo.core.delivery.SmartHost;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.net.IpLiteral;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmartHostsTest {

    @ParameterizedTest
    @CsvSource({
        "IPV4_AND_IPV6,192.0.2.1 2001:db8::1",
        "IPV6_AND_IPV4,2001:db8::1 192.0.2.1",
        "IPV4_ONLY,192.0.2.1",
        "IPV6_ONLY,2001:db8::1",
        "IPV6_THEN_IPV4,2001:db8::1",
        "IPV4_THEN_IPV6,192.0.2.1"
    })
    void theAddressesOfANameAreThoseOfTheStrategy(IpLookupStrategy strategy, String addresses)
            throws UnroutableException {
        Site.Plan plan = plan(path -> path.ipLookupStrategy(strategy), "both");

        assertThat(plan.candidates())
                .extracting(candidate -> IpLiteral.format(candidate.address().getAddress()))
                .containsExactly(addresses.split(" ", -1));
    }

    @Test
    void theOrderIsThatOfTheListAndANameWithoutAddressIsPassedOver() throws UnroutableException {
        assertThat(plan(path -> path.smtpPort(26), "[192.0.2.9]:27", "none", "other")
                        .candidates())
                .extracting(Candidate::toString)
                .containsExactly("[192.0.2.9]:27", "other [192.0.2.7]:26");
    }

    @Test
    void aNameThatLeadsBackToUsIsRefused() {
        assertThatExceptionOfType(UnroutableException.class)
                .isThrownBy(() -> plan(path -> {}, "other", "sneaky"))
                .withMessage("550 5.4.4 host sneaky has the address 127.0.0.1, to which no mail goes from here");
    }

    @Test
    void anAddressOfThisMachineIsMeantIfItIsGiven() throws UnroutableException {
        assertThat(plan(path -> {}, "127.0.0.1").candidates()).hasSize(1);
    }

    @Test
    void nowhereIsADeferral() {
        assertThatExceptionOfType(UnroutableException.class)
                .isThrownBy(() -> plan(path -> {}, "none"))
                .withMessage("451 4.4.4 no smart host has an address");
    }

    @Test
    void anAddressThatIsGivenWithANameIsNotLookedUp() throws UnroutableException {
        Site.Plan plan = new SmartHosts(List.of(SmartHost.of("mx.example.com", "127.0.0.1:26")), host -> {
                    throw new UnknownHostException(host);
                })
                .plan(EgressSource.UNSPECIFIED, EgressPathOptions.DEFAULT);

        assertThat(plan.candidates()).extracting(Candidate::toString).containsExactly("mx.example.com [127.0.0.1]:26");
    }

    @Test
    void theNameOfTheSiteHasAllHostsInTheirOrderButIsBounded() {
        assertThat(site(List.of("b:26", "[192.0.2.1]", "a")).name()).isEqualTo("mx_list:b:26,[192.0.2.1],a");
        List<String> many =
                Stream.iterate(0, i -> i + 1).limit(100).map(i -> "relay-" + i).toList();
        assertThat(site(many).name())
                .hasSize(255)
                .isNotEqualTo(site(many.subList(0, 99)).name());
    }

    private static SmartHosts site(List<String> hosts) {
        return new SmartHosts(hosts.stream().map(SmartHost::parse).toList(), host -> List.of());
    }

    private static Site.Plan plan(Consumer<EgressPathOptions.Builder> options, String... hosts)
            throws UnroutableException {
        EgressPathOptions.Builder path = EgressPathOptions.builder();
        options.accept(path);
        SmartHosts site = new SmartHosts(Stream.of(hosts).map(SmartHost::parse).toList(), host -> switch (host) {
            case "both" -> List.of(IpLiteral.parse("192.0.2.1"), IpLiteral.parse("2001:db8::1"));
            case "other" -> List.of(IpLiteral.parse("192.0.2.7"));
            case "sneaky" -> List.of(IpLiteral.parse("127.0.0.1"));
            default -> throw new UnknownHostException(host);
        });
        return site.plan(EgressSource.UNSPECIFIED, path.build());
    }
}
