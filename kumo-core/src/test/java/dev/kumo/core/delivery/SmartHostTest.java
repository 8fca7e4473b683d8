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
            strings = {"", "a b", "relay:", "relay:x", "[relay]", "[192.0.2.1", "relay:70000", "relay:0", "2001:db8::1"
            })
    void isNothingElse(String text) {
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
