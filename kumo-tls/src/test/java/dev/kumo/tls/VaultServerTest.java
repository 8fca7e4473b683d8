package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Against a real server, if one is named: {@code mvn test -pl kumo-tls -am -Dvault.bin=/path/to/vault}. */
@EnabledIfSystemProperty(named = "vault.bin", matches = ".+")
class VaultServerTest {

    private static final String TOKEN = "root-of-the-test";

    @TempDir
    static Path home;

    private static String address = "";
    private static Process server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                        System.getProperty("vault.bin"),
                        "server",
                        "-dev",
                        "-dev-no-store-token",
                        "-dev-root-token-id=" + TOKEN,
                        "-dev-listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("vault.log").toFile());
        builder.environment().put("HOME", home.toString());
        server = builder.start();
        address = "http://" + address;
        put("tls/mail.example.com.cert", Map.of("key", "the certificate", "number", 5));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.destroy();
        server.waitFor();
    }

    private static void put(String path, Map<String, ?> fields) throws InterruptedException {
        String body = JsonMapper.builder().build().writeValueAsString(Map.of("data", fields));
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/v1/secret/data/" + path))
                .header("X-Vault-Token", TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        long patience = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        int status = 0;
        while (status != 200 && System.nanoTime() < patience) {
            try {
                status = HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                Thread.onSpinWait(); // it is still starting
            }
        }
        assertThat(status).isEqualTo(200);
    }

    private static KeySource secret(String mount, String path, String field, String token) {
        return KeySource.of(table -> table.vaultMount(mount)
                .vaultPath(path)
                .vaultKey(field)
                .vaultAddress(address)
                .vaultToken(token));
    }

    private static void assertFails(KeySource source, String text) {
        assertThatThrownBy(source::read).isInstanceOf(TlsException.class).hasMessageContaining(text);
    }

    @Test
    void readsASecret() throws TlsException {
        assertThat(secret("secret", "tls/mail.example.com.cert", "key", TOKEN).read())
                .asString()
                .isEqualTo("the certificate");
    }

    @Test
    void tellsWhatIsWrong() {
        assertFails(secret("secret", "tls/mail.example.com.cert", "key", "wrong"), "permission denied");
        assertFails(secret("secret", "tls/none", "key", TOKEN), "no such secret");
        assertFails(secret("none", "tls/none", "key", TOKEN), "no such mount");
        assertFails(secret("secret", "tls/mail.example.com.cert", "pem", TOKEN), "no field 'pem'");
        assertFails(secret("secret", "tls/mail.example.com.cert", "number", TOKEN), "not a string");
    }

    @Test
    void tellsThatASecretIsDeleted() throws IOException, InterruptedException {
        put("tls/gone", Map.of("key", "x"));
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address + "/v1/secret/data/tls/gone"))
                                .header("X-Vault-Token", TOKEN)
                                .DELETE()
                                .build(),
                        HttpResponse.BodyHandlers.discarding());

        assertFails(secret("secret", "tls/gone", "key", TOKEN), "deleted");
    }
}
