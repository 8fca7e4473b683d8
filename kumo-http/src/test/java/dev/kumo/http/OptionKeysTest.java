package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documented keys of {@code start_http_listener}, and what they come to. */
class OptionKeysTest {

    @Test
    void everyDocumentedKeyIsKnownAndNoOther() {
        assertThat(OptionTable.keys(HttpListener.Builder.class))
                .containsExactlyInAnyOrder(
                        // documented
                        "hostname",
                        "listen",
                        "request_body_limit",
                        "tls_certificate",
                        "tls_private_key",
                        "trusted_hosts",
                        "use_tls",
                        // our own
                        "limits",
                        "name",
                        "tls");
        assertThat(OptionTable.keys(HttpLimits.Builder.class)).hasSize(HttpLimits.class.getRecordComponents().length);
    }

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        HttpListenerOptions options = bound(Map.of());

        assertThat(options.trustedHosts()).isEqualTo(CidrSet.of("127.0.0.1", "::1"));
        assertThat(options.requestBodyLimit()).isEqualTo(2 * 1024 * 1024);
        assertThat(options.useTls()).isFalse();
        assertThat(options.tlsCertificate()).isEmpty();
        assertThat(options.tlsPrivateKey()).isEmpty();
        assertThat(options.hostname()).isNotEmpty();
        assertThat(options.listen()).isEqualTo(HostPort.parse("127.0.0.1:8000"));
    }

    @Test
    void everyDocumentedKeyIsRead() {
        HttpListenerOptions options = bound(Map.of(
                "hostname",
                "mail.example.com",
                "listen",
                "0.0.0.0:80",
                "request_body_limit",
                4096,
                "tls_certificate",
                Map.of("key_data", "-----BEGIN CERTIFICATE-----"),
                "tls_private_key",
                Map.of("key_data", "-----BEGIN PRIVATE KEY-----"),
                "trusted_hosts",
                List.of("10.0.0.0/8", "::1"),
                "use_tls",
                true,
                "limits",
                Map.of("idle_timeout", "5 seconds", "max_recipients", 7)));

        assertThat(options.hostname()).isEqualTo("mail.example.com");
        assertThat(options.listen()).isEqualTo(HostPort.parse("0.0.0.0:80"));
        assertThat(options.requestBodyLimit()).isEqualTo(4096);
        assertThat(options.tlsCertificate()).isPresent();
        assertThat(options.tlsPrivateKey()).isPresent();
        assertThat(options.trustedHosts()).isEqualTo(CidrSet.of("10.0.0.0/8", "::1"));
        assertThat(options.useTls()).isTrue();
        assertThat(options.limits().idleTimeout()).hasSeconds(5);
        assertThat(options.limits().maxRecipients()).isEqualTo(7);
    }

    @Test
    void aWrongKeyOrValueIsAnErrorThatSaysWhere() {
        refused(
                Map.of("trusted_host", List.of()),
                "start_http_listener: unknown key 'trusted_host' (did you mean 'trusted_hosts'?)");
        refused(
                Map.of("request_body_limit", 0),
                "start_http_listener.request_body_limit: must be 1 to 1073741824 bytes, not 0");
        refused(
                Map.of("limits", Map.of("max_requests", 0)),
                "start_http_listener.limits.max_requests: must be at least 1, not 0");
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> bound(Map.of("trusted_hosts", List.of("10.0.0.1/8", "nonsense"))))
                .withMessageContaining("10.0.0.1/8")
                .withMessageContaining("nonsense");
    }

    @Test
    void aCertificateWithoutAKeyIsAnErrorBeforeTheFirstClient() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bound(Map.of("use_tls", true, "tls_certificate", "/path/to/cert.pem")))
                .withMessageContaining("tls_private_key is not");
    }

    @Test
    void aRouteThatIsTakenOrNoPathIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpListener.builder()
                        .route(Method.GET, "/a", request -> Response.of(200))
                        .route(Method.GET, "/a", request -> Response.of(200))
                        .build())
                .withMessage("GET /a has a route already; give yours another path");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpListener.builder().route(Method.GET, "a?b", request -> Response.of(200)));
    }

    @Test
    void anAddressThatIsTakenIsAnErrorThatNamesIt() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            String address = "127.0.0.1:" + served.listener.address().getPort();
            HttpListener second = HttpListener.builder().listen(address).build();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> second.open(new Inbox()))
                    .withMessageContaining(address);
        }
    }

    private static HttpListenerOptions bound(Map<String, ?> table) {
        return OptionTable.apply("start_http_listener", table, HttpListener.builder())
                .build()
                .options();
    }

    private static void refused(Map<String, ?> table, String message) {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> bound(table))
                .withMessage(message);
    }
}
