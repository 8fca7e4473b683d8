package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "[192.0.2.1], [192.0.2.1]",
        "[0.0.0.0], [0.0.0.0]",
        "[255.255.255.255], [255.255.255.255]",
        "[IPv6:2001:0DB8:0:0:0:0:0:1], [IPv6:2001:db8::1]",
        "[ipv6:::], [IPv6:::]",
        "[IPV6:::1], [IPv6:::1]",
        "[IPv6:1::], [IPv6:1::]",
        "[IPv6:1:2:3:4:5:6:7:8], [IPv6:1:2:3:4:5:6:7:8]",
        "[IPv6:1:2:3:4:5:6:7::], [IPv6:1:2:3:4:5:6:7:0]",
        "[IPv6:::2:3:4:5:6:7:8], [IPv6:0:2:3:4:5:6:7:8]",
        "[IPv6:1:0:0:2:0:0:0:3], [IPv6:1:0:0:2::3]",
        "[IPv6:1:0:0:2:3:0:0:4], [IPv6:1::2:3:0:0:4]",
        "[IPv6:1:0:2:3:4:5:6:7], [IPv6:1:0:2:3:4:5:6:7]",
        "[IPv6:::ffff:192.0.2.1], [192.0.2.1]",
        "[IPv6:::FFFF:c000:201], [192.0.2.1]",
        "[IPv6:64:ff9b::192.0.2.1], [IPv6:64:ff9b::c000:201]",
        "[IPv6:1:2:3:4:5:6:192.0.2.1], [IPv6:1:2:3:4:5:6:c000:201]",
    })
    void hasOneForm(String written, String printed) {
        assertThat(AddressLiteral.parse(written))
                .hasToString(printed)
                .isEqualTo(AddressLiteral.parse(printed))
                .hasSameHashCodeAs(AddressLiteral.parse(printed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[]",
                "1.2.3.4",
                "[1.2.3.4",
                "1.2.3.4]",
                "[1.2.3]",
                "[1.2.3.4.5]",
                "[1.2.3.]",
                "[.1.2.3]",
                "[1..2.3]",
                "[1.2.3.256]",
                "[1.2.3.04]",
                "[00.2.3.4]",
                "[1.2.3.-4]",
                "[1.2.3.٤]",
                "[ 1.2.3.4]",
                "[::1]",
                "[IPv6:]",
                "[IPv6::]",
                "[IPv6:1]",
                "[IPv6:1:2:3:4:5:6:7]",
                "[IPv6:1:2:3:4:5:6:7:8:9]",
                "[IPv6:1::2::3]",
                "[IPv6::::]",
                "[IPv6:1:::2]",
                "[IPv6:12345::]",
                "[IPv6:g::]",
                "[IPv6:::1%1]",
                "[IPv6:1:2:3:4:5:6:7:8::]",
                "[IPv6:1:2:3:4::5:6:7:8]",
                "[IPv6:1.2.3.4]",
                "[IPv6:1.2.3.4::]",
                "[IPv6:::1.2.3.4:5]",
                "[IPv6:::1.2.3]",
                "[IPv6:1:2:3:4:5:6:7:1.2.3.4]",
                "[IPv6:::٤]",
                "[IPv6: ::1]",
                "[x:::1]",
                "[\u0131Pv6:::1]",
                "[[1.2.3.4]]"
            })
    void refusesWhatIsNoLiteral(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressLiteral.parse(text));
    }

    @Test
    void aMappedAddressIsTheIpv4AddressInIt() {
        assertThat(AddressLiteral.parse("[IPv6:::ffff:192.0.2.1]"))
                .isEqualTo(AddressLiteral.parse("[192.0.2.1]"))
                .extracting(AddressLiteral::address)
                .isInstanceOf(Inet4Address.class);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, [192.0.2.1]",
        "255.255.255.255, [255.255.255.255]",
        "::ffff:192.0.2.1, [192.0.2.1]",
        "::, [IPv6:::]",
        "::1, [IPv6:::1]",
        "1::, [IPv6:1::]",
        "2001:DB8::1, [IPv6:2001:db8::1]",
        "2001:db8:0:0:1:0:0:1, [IPv6:2001:db8::1:0:0:1]",
        "2001:db8:0:1:0:0:0:1, [IPv6:2001:db8:0:1::1]",
        "2001:db8:0:1:1:1:1:1, [IPv6:2001:db8:0:1:1:1:1:1]",
        "0:1:2:3:4:5:6:7, [IPv6:0:1:2:3:4:5:6:7]",
        "1:2:3:4:5:6:7:0, [IPv6:1:2:3:4:5:6:7:0]",
        "0:0:2:3:4:5:6:7, [IPv6:::2:3:4:5:6:7]",
        "1:2:3:4:5:6:0:0, [IPv6:1:2:3:4:5:6::]",
    })
    void anAddressIsWrittenInItsShortestForm(String address, String literal) throws Exception {
        assertThat(AddressLiteral.of(InetAddress.getByName(address))).hasToString(literal);
    }

    @Test
    void aZoneIsLeftOut() throws Exception {
        byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();

        assertThat(AddressLiteral.of(Inet6Address.getByAddress(null, linkLocal, 5)))
                .hasToString("[IPv6:fe80::1]");
    }

    @Test
    void agreesWithThePlatform() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[16];
            for (int group = 0; group < 8; group++) {
                if (random.nextBoolean()) {
                    bytes[2 * group] = (byte) random.nextInt();
                    bytes[2 * group + 1] = (byte) random.nextInt();
                }
            }
            InetAddress expected = Inet6Address.getByAddress(null, bytes, -1);

            InetAddress full = AddressLiteral.parse("[IPv6:" + expected.getHostAddress() + "]")
                    .address();
            InetAddress shortened =
                    AddressLiteral.parse(AddressLiteral.of(expected).toString()).address();

            assertThat(full).as("seed %d", seed).isEqualTo(expected);
            assertThat(shortened).as("seed %d", seed).isEqualTo(expected);
        }
    }
}
