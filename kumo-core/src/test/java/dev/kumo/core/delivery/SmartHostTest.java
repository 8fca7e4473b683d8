package dev.kumo.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.net.HostPort;
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
    @ValueSource(
            strings = {
                "",
                "a b",
                ":25",
                "relay:",
                "relay:x",
                "[relay]",
                "[192.0.2.1",
                "relay:70000",
                "relay:0",
                "[192.0.2.1]:",
                "[192.0.2.1]25",
                "[192.0.2.1].evil.example",
                "[192.0.2.1].evil.example:25",
                "[::1]x:25",
                "[::1]]:25"
            })
    void isNothingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmartHost.parse(text))
                .withMessage("'" + text + "' is not a smart host: write name, name:port, [ip] or [ip]:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::1", "::1", "::1:587"})
    void anAddressOfIpv6IsInBracketsAsTheLastColonMayBeThatOfAPort(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmartHost.parse(text))
                .withMessage("'" + text + "' is not a smart host: an address of IPv6 goes in brackets; write [ip] or"
                        + " [ip]:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25:25", "0", "127.1", "0x7f000001"})
    void aNumberIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SmartHost.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1", "[192.0.2.1]", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:26"})
    void mayHaveANameAndAnAddress(String address) {
        SmartHost host = SmartHost.of("Mx.Example.com", address);

        assertThat(host.name()).isEqualTo("mx.example.com");
        assertThat(host.address()).isPresent();
        assertThat(host.isExplicit()).isTrue();
        assertThat(host.toString()).startsWith("mx.example.com=[");
    }

    @Test
    void anAddressIsNoName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmartHost.of("mx.example.com", "relay:25"))
                .withMessage("the address of smart host 'mx.example.com' must be an IP address, not 'relay:25'");
    }

    @Test
    void anAddressAsItsNameIsThatAddress() {
        assertThat(SmartHost.of("192.0.2.1", "[192.0.2.1]:26")).isEqualTo(SmartHost.parse("192.0.2.1:26"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmartHost.of("192.0.2.9", "192.0.2.1"))
                .withMessage("the smart host 192.0.2.9 cannot be at another address, 192.0.2.1; give the name that its"
                        + " certificate is for");
    }

    @Test
    void portZeroIsThatOfThePath() {
        assertThat(SmartHost.of(new HostPort("relay", 0)).port()).isEmpty();
        assertThat(SmartHost.of(new HostPort("relay", 26)).port()).hasValue(26);
    }

    @ParameterizedTest
    @CsvSource({"localhost,true", "127.0.0.1,true", "relay,false"})
    void isMeantIfItIsGivenByItsAddress(String text, boolean explicit) {
        assertThat(SmartHost.parse(text).isExplicit()).isEqualTo(explicit);
    }
}
