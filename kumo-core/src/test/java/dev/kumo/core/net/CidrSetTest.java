package dev.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrSetTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "10.0.0.0/24, 10.0.0.0",
        "10.0.0.0/24, 10.0.0.255",
        "10.0.0.7/32, 10.0.0.7",
        "0.0.0.0/0, 0.0.0.0",
        "0.0.0.0/0, 255.255.255.255",
        "::/0, ::",
        "::/0, ffff::ffff",
        "2001:db8::/32, 2001:db8:ffff::1",
        "2001:db8::/63, 2001:db8:0:1::1",
        "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff",
        "2001:db8::/65, 2001:db8::7fff:ffff:ffff:ffff",
        "2001:db8::1/128, 2001:db8::1",
        "any, 192.0.2.1",
        "any, 2001:db8::1",
        "::ffff:10.0.0.1, 10.0.0.1",
        "::ffff:10.0.0.0/104, 10.1.2.3",
        "::ffff:0:0/96, 192.0.2.1",
    })
    void contains(String entry, String address) {
        assertThat(CidrSet.of(entry).contains(IpLiteral.parse(address))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.2",
        "127.0.0.1, ::1",
        "::1, 127.0.0.1",
        "10.0.0.0/24, 10.0.1.0",
        "10.0.0.0/24, 9.255.255.255",
        "0.0.0.0/0, ::1",
        "::/0, 127.0.0.1",
        "2001:db8::/63, 2001:db8:0:2::1",
        "2001:db8::/64, 2001:db8:0:1::",
        "2001:db8::/65, 2001:db8::8000:0:0:0",
        "10.0.0.0/8, a00::",
    })
    void doesNotContain(String entry, String address) {
        assertThat(CidrSet.of(entry).contains(IpLiteral.parse(address))).isFalse();
    }

    @Test
    void anIpv4ClientOfADualStackSocketIsMatchedAsIpv4() throws UnknownHostException {
        byte[] mapped = new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        InetAddress client = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(client).isInstanceOf(Inet6Address.class);
        assertThat(CidrSet.of("10.0.0.0/24").contains(client)).isTrue();
        assertThat(CidrSet.of("::/0").contains(client)).isFalse();
    }

    @Test
    void aZoneIsNotLookedAt() throws UnknownHostException {
        InetAddress client =
                Inet6Address.getByAddress(null, IpLiteral.parse("fe80::1").getAddress(), 3);
        assertThat(CidrSet.of("fe80::/10").contains(client)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1/24, 10.0.0.0/24",
        "10.0.0.1/0, 0.0.0.0/0",
        "10.0.0.129/25, 10.0.0.128/25",
        "2001:db8::1/32, 2001:db8::/32",
        "2001:db8::1/127, 2001:db8::/127",
        "::ffff:10.0.0.1/104, 10.0.0.0/8",
    })
    void refusesHostBits(String entry, String meant) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CidrSet.of(entry))
                .withMessage("'%s' has host bits that are not zero (did you mean %s?)", entry, meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"33", "129", "-1", "+8", "08", "", " 8", "8 ", "8/8", "255.0.0.0", "999999999999", "x"})
    void refusesPrefixLengths(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CidrSet.of("0.0.0.0/" + prefix))
                .withMessageContaining("write a number from 0 to 32");
    }

    @Test
    void refusesAnIpv6PrefixLengthPast128() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CidrSet.of("::/129"))
                .withMessageContaining("write a number from 0 to 128");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 10.0.0.0/8",
                "localhost",
                "example.com/8",
                "10.0.0.0:25",
                "[::1]",
                "fe80::1%eth0",
                "10.0/16",
                "10.0.0.08",
                "ANY",
                "any/0",
                "*",
                "/8"
            })
    void refusesWhatIsNoAddress(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CidrSet.of(entry))
                .withMessageContaining("'" + entry + "' is neither an IP address, nor a CIDR block");
    }

    @Test
    void allBadEntriesAreInOneError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CidrSet.of("10.0.0.1/24", "127.0.0.1", "localhost"))
                .withMessage("'10.0.0.1/24' has host bits that are not zero (did you mean 10.0.0.0/24?); "
                        + "'localhost' is neither an IP address, nor a CIDR block such as 10.0.0.0/24, nor 'any'");
    }

    @Test
    void theEmptySetContainsNothing() {
        assertThat(CidrSet.EMPTY.isEmpty()).isTrue();
        assertThat(CidrSet.of()).isEqualTo(CidrSet.EMPTY);
        assertThat(CidrSet.EMPTY.contains(IpLiteral.parse("127.0.0.1"))).isFalse();
        assertThat(CidrSet.EMPTY.contains(IpLiteral.parse("::1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "any"})
    void aSetWithAnEntryIsNotEmpty(String entry) {
        assertThat(CidrSet.of(entry).isEmpty()).isFalse();
    }

    @Test
    void setsOfTheSameAddressesAreEqual() {
        assertThat(CidrSet.of("10.0.0.128/25", "10.0.0.0/25", "10.0.0.1"))
                .isEqualTo(CidrSet.of("10.0.0.0/24"))
                .hasSameHashCodeAs(CidrSet.of("10.0.0.0/24"));
        assertThat(CidrSet.of("0.0.0.0/0", "::/1", "8000::/1")).isEqualTo(CidrSet.of("any"));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/24, 10.0.0.0/25", "10.0.0.0, 10.0.0.1", "0.0.0.0/0, ::/0", "10.0.0.0/8, a00::/8"})
    void setsOfOtherAddressesAreNotEqual(String one, String other) {
        assertThat(CidrSet.of(one)).isNotEqualTo(CidrSet.of(other));
    }

    @Test
    void isWrittenAsItWasGiven() {
        assertThat(CidrSet.of("127.0.0.1", "any", "10.0.0.0/24")).hasToString("[127.0.0.1, any, 10.0.0.0/24]");
    }

    @Test
    void keepsNoHoldOnTheListItWasGiven() {
        List<String> entries = new ArrayList<>(List.of("127.0.0.1"));
        CidrSet set = CidrSet.of(entries);
        entries.set(0, "any");
        assertThat(set).hasToString("[127.0.0.1]");
    }
}
