package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNameTest {

    private static final TestCa CA = TestCa.root("Test CA");
    private static final TestCa.Issued DEFAULT = CA.issue("default.example.com");
    private static final TestCa.Issued EXACT = CA.issue("mx.example.com");
    private static final TestCa.Issued WILDCARD = CA.issue("*.example.com");
    private static final TestCa.Issued IDN = CA.issue("xn--bcher-kva.example");

    private static ServerTls server(ServerTls.Provider provider) throws TlsException {
        ServerTls tls = ServerTls.builder()
                .identity(DEFAULT.source())
                .identity("MX.example.com", EXACT.source())
                .identity("*.example.com", WILDCARD.source())
                .identity("bücher.example", IDN.source())
                .provider(provider)
                .time(TestCa.CLOCK)
                .scheduler(new IdleScheduler())
                .build();
        tls.open();
        return tls;
    }

    private static TestCa.Issued expected(String name) {
        return switch (name) {
            case "EXACT" -> EXACT;
            case "WILDCARD" -> WILDCARD;
            case "IDN" -> IDN;
            default -> DEFAULT;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.com, EXACT",
        "Mx.Example.COM, EXACT",
        "mx2.example.com, WILDCARD",
        "a.b.example.com, DEFAULT",
        "example.com, DEFAULT",
        "mx.example.net, DEFAULT",
        "xn--bcher-kva.example, IDN",
        "'', DEFAULT"
    })
    void choosesTheIdentity(String asked, String identity) throws TlsException {
        for (ServerTls.Provider provider :
                new ServerTls.Provider[] {ServerTls.Provider.OPENSSL, ServerTls.Provider.JDK}) {
            Wire wire = Wire.connect(server(provider), Wire.believing(), asked);

            assertThat(wire.secured()).isTrue();
            assertThat(wire.shown()).isEqualTo(expected(identity).certificate());
            wire.clientSays("NOOP\r\n");
            assertThat(wire.serverHears.text).hasToString("NOOP\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void tellsTheNameThatWasAskedFor(ServerTls.Provider provider) throws TlsException {
        assertThat(Wire.connect(server(provider), Wire.believing(), "mx2.example.com")
                        .session()
                        .serverName())
                .contains("mx2.example.com");
        assertThat(Wire.connect(server(provider), Wire.believing(), "")
                        .session()
                        .serverName())
                .isEmpty();
    }

    @Test
    void tellsTheIdentitiesByName() throws TlsException {
        assertThat(server(ServerTls.Provider.AUTO).identities())
                .containsOnlyKeys("", "mx.example.com", "*.example.com", "xn--bcher-kva.example")
                .hasEntrySatisfying(
                        "mx.example.com",
                        identity -> assertThat(identity.serial()).isEqualTo(EXACT.serial()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "*.", "*.*.example.com", "a b", "mx..example.com", "*mx.example.com"})
    void refusesWhatIsNoName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.builder().identity(name, EXACT.source()))
                .withMessageContaining("host name");
    }

    @Test
    void refusesANameTwice() {
        ServerTls.Builder builder = ServerTls.builder().identity("mx.example.com", EXACT.source());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.identity("MX.example.com.", EXACT.source()))
                .withMessageContaining("already");
    }
}
