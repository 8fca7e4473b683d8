package dev.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @CsvSource({
        "0:25, 0.0.0.0, 25, 0.0.0.0:25",
        "0.0.0.0:25, 0.0.0.0, 25, 0.0.0.0:25",
        "[::]:25, ::, 25, [::]:25",
        ":::25, ::, 25, [::]:25",
        "::1:25, ::1, 25, [::1]:25",
        "127.1:25, 127.0.0.1, 25, 127.0.0.1:25",
        "127.0.1:25, 127.0.0.1, 25, 127.0.0.1:25",
        "10.258:25, 10.0.1.2, 25, 10.0.1.2:25",
        "1.2.65535:25, 1.2.255.255, 25, 1.2.255.255:25",
        "0x7f000001:25, 127.0.0.1, 25, 127.0.0.1:25",
        "0x7f.1:25, 127.0.0.1, 25, 127.0.0.1:25",
        "4294967295:25, 255.255.255.255, 25, 255.255.255.255:25",
        "localhost:25, localhost, 25, localhost:25",
        "LocalHost:25, localhost, 25, localhost:25",
        "mx-1.example.com:25, mx-1.example.com, 25, mx-1.example.com:25",
        "mx.example.com.:25, mx.example.com., 25, mx.example.com.:25",
        "next_hop:25, next_hop, 25, next_hop:25",
        "127.0.0.1:0, 127.0.0.1, 0, 127.0.0.1:0",
        "127.0.0.1:65535, 127.0.0.1, 65535, 127.0.0.1:65535",
        "[2001:DB8:0::1]:2025, 2001:db8::1, 2025, [2001:db8::1]:2025",
        "[::ffff:127.0.0.1]:25, 127.0.0.1, 25, 127.0.0.1:25",
    })
    void reads(String text, String host, int port, String canonical) {
        HostPort read = HostPort.parse(text);
        assertThat(read).isEqualTo(new HostPort(host, port)).hasToString(canonical);
        assertThat(read.host()).isEqualTo(host);
        assertThat(HostPort.parse(read.toString())).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "25, it has no host: write 0.0.0.0:25 for all IPv4 addresses",
                "127.0.0.1, \"it has no port: write host:port, such as 0.0.0.0:25\"",
                "\"\", it has no port",
                "localhost, it has no port",
                ":25, \"it has no host: write 0.0.0.0 for all IPv4 addresses, or [::] for all\"",
                "*:25, it has no host: write 0.0.0.0",
                "\" 127.0.0.1:25\", it begins or ends with white space: write '127.0.0.1:25'",
                "\"127.0.0.1:25 \", it begins or ends with white space",
                "127.0.0.1 :25, '127.0.0.1 ' is neither an IP address",
                "127.0.0.1: 25, ' 25' is not a port",
                "127.0.0.1:, '' is not a port: write a number from 0 to 65535",
                "127.0.0.1:99999, 99999 is not a port: write a number from 0 to 65535",
                "127.0.0.1:65536, 65536 is not a port",
                "127.0.0.1:999999999999, '999999999999' is not a port",
                "127.0.0.1:-1, '-1' is not a port",
                "127.0.0.1:smtp, 'smtp' is not a port",
                "127.0.0.1:２５, is not a port",
                "127.0.0.01:25, '127.0.0.01' is not an IPv4 address: write four decimal octets without leading zeros",
                "010.0.0.1:25, is not an IPv4 address",
                "256.0.0.1:25, is not an IPv4 address",
                "1.2.3.4.5:25, is not an IPv4 address",
                "1.65536.1:25, is not an IPv4 address",
                "4294967296:25, is not an IPv4 address",
                "0x:25, is not an IPv4 address",
                "127..1:25, is not an IPv4 address",
                "1.2.3.4.:25, is not an IPv4 address",
                "[127.0.0.1]:25, is neither an IP address nor a host name",
                "[]:25, is neither",
                "[::1:25, is neither",
                "[fe80::1%eth0]:25, is neither",
                "-a.example:25, is neither",
                "a..example:25, is neither",
                "bücher.example:25, is neither",
                "smtp://localhost:25, is neither",
            })
    void refuses(String text, String mend) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostPort.parse(text))
                .withMessageContaining("is not host:port: ")
                .withMessageContaining(mend);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MAX_VALUE})
    void refusesPortsOutOfRange(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostPort("localhost", port))
                .withMessageContaining("from 0 to 65535");
    }

    @Test
    void refusesLongNames() {
        assertThat(new HostPort("a".repeat(63) + ".example", 25).port()).isEqualTo(25);
        assertThatIllegalArgumentException().isThrownBy(() -> new HostPort("a".repeat(64) + ".example", 25));
        assertThatIllegalArgumentException().isThrownBy(() -> new HostPort("a.".repeat(127) + "example", 25));
    }

    @Test
    void resolvesAnAddress() throws UnknownHostException {
        InetSocketAddress resolved = HostPort.parse("127.1:2025").resolve();
        assertThat(resolved.getAddress()).isEqualTo(IpLiteral.parse("127.0.0.1"));
        assertThat(resolved.getPort()).isEqualTo(2025);
    }

    @Test
    void resolvesTheLoopbackName() throws UnknownHostException {
        assertThat(HostPort.parse("localhost:0").resolve().getAddress().isLoopbackAddress())
                .isTrue();
    }
}
