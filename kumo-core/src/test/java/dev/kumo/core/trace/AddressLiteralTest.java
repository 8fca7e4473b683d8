package dev.kumo.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {

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
    void isWrittenInItsShortestForm(String address, String literal) throws UnknownHostException {
        assertThat(AddressLiteral.of(InetAddress.getByName(address))).isEqualTo(literal);
    }

    @Test
    void aScopeIsLeftOut() throws UnknownHostException {
        byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();

        assertThat(AddressLiteral.of(Inet6Address.getByAddress(null, linkLocal, 5)))
                .isEqualTo("[IPv6:fe80::1]");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void isReadBackAsTheSameAddress(long seed) throws UnknownHostException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            byte[] bytes = new byte[16];
            for (int i = 0; i < bytes.length; i += 2) {
                if (random.nextBoolean()) {
                    bytes[i] = (byte) random.nextInt();
                    bytes[i + 1] = (byte) random.nextInt();
                }
            }
            InetAddress address = Inet6Address.getByAddress(null, bytes, -1);
            String literal = AddressLiteral.of(address);

            assertThat(InetAddress.getByName(literal.substring("[IPv6:".length(), literal.length() - 1))
                            .getAddress())
                    .as("seed %d, %s", seed, literal)
                    .isEqualTo(InetAddress.getByAddress(bytes).getAddress());
        }
    }
}
