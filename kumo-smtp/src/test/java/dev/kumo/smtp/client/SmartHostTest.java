package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.IpLookupStrategy;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.net.IpLiteral;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmartHostTest {

    @ParameterizedTest
    @CsvSource({
        "Relay.example.net,relay.example.net",
        "relay:587,relay:587",
        "[192.0.2.1],[192.0.2.1]",
        "192.0.2.1,[192.0.2.1]",
        "192.0.2.1:26,[192.0.2.1]:26",
        "[192.0.2.1]:26,[192.0.2.1]:26",
        "[2001:DB8::1],[2001:db8::1]",
        "[IPv6:2001:db8::1]:26,[2001:db8::1]:26"
    })
    void isReadFromTheFormsOfAnMxList(String text, String shown) {
        assertThat(SmartHost.parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "relay:", "relay:x", "[relay]", "[192.0.2.1", "relay:70000"})
    void isNothingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SmartHost.parse(text));
    }

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
