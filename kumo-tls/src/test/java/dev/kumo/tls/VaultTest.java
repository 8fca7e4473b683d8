package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultTest {

    private static final String PATH = "tls/mail.example.com.cert";
    private static final String PEM = "-----BEGIN CERTIFICATE-----\nunread\n-----END CERTIFICATE-----\n";
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final FakeVault vault = new FakeVault();
    private final LogCapture log = new LogCapture();
    private final List<Duration> pauses = new ArrayList<>();

    @AfterEach
    void theTokenIsInNoLog() {
        vault.close();
        log.close();
        assertThat(log.text()).doesNotContain(FakeVault.TOKEN).doesNotContain("unread");
    }

    private Vault vault(VaultSecret secret, Duration answer) {
        return new Vault(secret, new VaultPatience(PATIENT, answer, 3, Duration.ofSeconds(1), pauses::add));
    }

    private VaultSecret secret(String address, String token, String field) {
        return VaultSecret.of("secret", PATH, field, address, token, null, null);
    }

    private String read() throws TlsException {
        return new String(
                vault(secret(vault.address(), FakeVault.TOKEN, "key"), PATIENT).read(), StandardCharsets.UTF_8);
    }

    /** The error of a read: it names the place and the mend, and tells neither the token nor what Vault said. */
    private String error() {
        return error(vault(secret(vault.address(), FakeVault.TOKEN, "key"), PATIENT));
    }

    private static String error(Vault vault) {
        TlsException e = catchThrowableOfType(TlsException.class, vault::read);
        StringWriter all = new StringWriter();
        e.printStackTrace(new PrintWriter(all));
        assertThat(all.toString()).doesNotContain(FakeVault.TOKEN).doesNotContain("unread");
        assertThat(e.getMessage()).contains(PATH, "'secret'", "http");
        return e.getMessage();
    }

    @Test
    void readsTheFieldKey() throws TlsException {
        vault.put("secret", PATH, Map.of("key", PEM, "other", 1));

        assertThat(read()).isEqualTo(PEM);
        assertThat(vault.requests).hasSize(1);
        assertThat(vault.requests.get(0).path()).isEqualTo("/v1/secret/data/" + PATH);
    }

    @Test
    void readsAnotherField() throws TlsException {
        vault.put("secret", PATH, Map.of("key", "no", "pem", PEM));

        assertThat(vault(secret(vault.address(), FakeVault.TOKEN, "pem"), PATIENT)
                        .read())
                .asString()
                .isEqualTo(PEM);
    }

    @Test
    void encodesWhatAPathMayNotHold() throws TlsException {
        vault.put("my%20kv/deep", "tls/a%3Fb%25%C3%BC", Map.of("key", PEM));
        VaultSecret odd =
                VaultSecret.of("/my kv/deep/", "tls/a?b%ü", "key", vault.address() + "/", FakeVault.TOKEN, null, null);

        assertThat(vault(odd, PATIENT).read()).asString().isEqualTo(PEM);
    }

    @Test
    void sendsTheNamespace() throws TlsException {
        vault.namespace = "team/mail";
        vault.put("secret", PATH, Map.of("key", PEM));
        VaultSecret inTeam = VaultSecret.of("secret", PATH, "key", vault.address(), FakeVault.TOKEN, "team/mail", null);

        assertThat(vault(inTeam, PATIENT).read()).asString().isEqualTo(PEM);
    }

    @Test
    void saysThatTheTokenIsWrong() {
        vault.put("secret", PATH, Map.of("key", PEM));

        assertThat(error(vault(secret(vault.address(), "hvs.wrong", "key"), PATIENT)))
                .contains("403", "vault_token")
                .doesNotContain("hvs.wrong");
        assertThat(vault.requests).as("no second try").hasSize(1);
    }

    @Test
    void saysThatThereIsNoSuchSecret() {
        assertThat(error()).contains("no such secret", "vault_path");
        assertThat(vault.requests).as("no second try").hasSize(1);
    }

    @Test
    void saysThatTheMountIsNotOfThisVersion() {
        vault.next(
                404,
                "{\"errors\":null,\"data\":null,\"warnings\":[\"Invalid path for a versioned K/V secrets engine.\"]}");

        assertThat(error()).contains("key-value version 2", "vault_mount");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 200})
    void saysThatTheVersionIsDeleted(int status) {
        vault.next(
                status,
                "{\"data\":{\"data\":null,\"metadata\":{\"deletion_time\":\"2026-11-21T00:00:00Z\",\"destroyed\":false}}}");

        assertThat(error()).contains("deleted", "undelete");
    }

    @Test
    void saysThatTheEngineIsOfVersionOne() {
        vault.next(200, "{\"data\":{\"key\":\"" + PEM.replace("\n", "\\n") + "\"}}");

        assertThat(error()).contains("version 2", "enable-versioning");
    }

    @ParameterizedTest
    @CsvSource({
        "503, sealed",
        "429, standby",
        "472, standby",
        "473, standby",
        "500, trouble",
        "502, trouble",
        "412, behind"
    })
    void asksAgainWhileTroubleMayPass(int status, String text) {
        for (int i = 0; i < 3; i++) {
            vault.next(status, "{\"errors\":[\"Vault says unread\"]}");
        }

        assertThat(error()).contains(text, String.valueOf(status), "3 times");
        assertThat(vault.requests).hasSize(3);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void takesTheSecondAnswerIfItIsGood() throws TlsException {
        vault.next(503, "{\"errors\":[\"Vault is sealed\"]}").put("secret", PATH, Map.of("key", PEM));

        assertThat(read()).isEqualTo(PEM);
        assertThat(vault.requests).hasSize(2);
    }

    @Test
    void asksAgainAfterAHangUp() throws TlsException {
        vault.next(new FakeVault.Reply("", false)).put("secret", PATH, Map.of("key", PEM));

        assertThat(read()).isEqualTo(PEM);
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(error(vault(secret("http://127.0.0.1:" + port, FakeVault.TOKEN, "key"), PATIENT)))
                .contains("cannot be reached", "vault_address");
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void followsAStandbyToItsLeader(int status) throws TlsException {
        try (FakeVault leader = new FakeVault()) {
            leader.put("secret", PATH, Map.of("key", PEM));
            vault.next(status, "Location: " + leader.address() + "/v1/secret/data/" + PATH + "\r\n", "");

            assertThat(read()).isEqualTo(PEM);
            assertThat(leader.requests).hasSize(1);
        }
    }

    @Test
    void trustsTheAuthoritiesThatItIsGivenAndNoOthers(@TempDir Path directory) throws Exception {
        TestCa ca = TestCa.root("Vault CA");
        Path trusted = Files.write(directory.resolve("ca.pem"), TestCa.pem(List.of(ca.certificate)));
        try (FakeVault secure = new FakeVault(ca.issue("localhost").sslContext())) {
            secure.put("secret", PATH, Map.of("key", PEM));
            VaultSecret secret =
                    VaultSecret.of("secret", PATH, "key", secure.address(), FakeVault.TOKEN, null, trusted.toString());

            assertThat(vault(secret, PATIENT).read()).asString().isEqualTo(PEM);
            assertThat(error(vault(secret(secure.address(), FakeVault.TOKEN, "key"), PATIENT)))
                    .contains("cannot be reached", "SSLHandshakeException");
            assertThat(secure.requests).hasSize(1);
        }
    }

    @Test
    void takesTheTokenFromHttpsToNoHttp(@TempDir Path directory) throws Exception {
        TestCa ca = TestCa.root("Vault CA");
        Path trusted = Files.write(directory.resolve("ca.pem"), TestCa.pem(List.of(ca.certificate)));
        try (FakeVault secure = new FakeVault(ca.issue("localhost").sslContext())) {
            secure.next(307, "Location: " + vault.address() + "/v1/secret/data/" + PATH + "\r\n", "");
            VaultSecret secret =
                    VaultSecret.of("secret", PATH, "key", secure.address(), FakeVault.TOKEN, null, trusted.toString());

            assertThat(error(vault(secret, PATIENT))).contains("https to http", "not followed");
            assertThat(vault.requests).isEmpty();
        }
    }

    @Test
    void followsNoFurtherThanTwice() {
        for (int i = 0; i < 9; i++) {
            vault.next(307, "Location: /v1/secret/data/" + PATH + "\r\n", "");
        }

        assertThat(error()).contains("redirected more than 2 times");
        assertThat(vault.requests).hasSize(3);
    }

    @Test
    void followsNowhere() {
        vault.next(307, "", "");
        assertThat(error()).contains("no address");

        vault.next(307, "Location: ftp://127.0.0.1/\r\n", "");
        assertThat(error()).contains("no address");

        vault.next(307, "Location: http://[\r\n", "");
        assertThat(error()).contains("no address");
    }

    @Test
    void saysThatAProxyAnswered() {
        vault.next(200, "<html>unread</html>");
        assertThat(error()).contains("not JSON", "proxy");

        vault.next(404, "<html>unread</html>");
        assertThat(error()).contains("404", "proxy");

        vault.next(302, "<html>unread</html>");
        assertThat(error()).contains("302", "proxy");

        vault.next(200, "[\"unread\"]");
        assertThat(error()).contains("not JSON");

        vault.next(200, "");
        assertThat(error()).contains("not JSON");
    }

    @Test
    void saysThatTheFieldIsMissing() {
        vault.put("secret", PATH, Map.of("cert", PEM));

        assertThat(error()).contains("no field 'key'", "vault_key");
    }

    @Test
    void saysThatTheFieldIsNotAString() {
        vault.put("secret", PATH, Map.of("key", List.of(PEM)));

        assertThat(error()).contains("'key' is not a string");
    }

    @Test
    void saysThatTheAnswerIsCut() {
        String whole = FakeVault.http(200, "", FakeVault.envelope(Map.of("key", PEM)));
        for (int i = 0; i < 3; i++) {
            vault.next(new FakeVault.Reply(whole.substring(0, whole.length() - 10), false));
        }

        assertThat(error()).contains("hung up", "3 times");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40, 300})
    void waitsNoLongerThanItMust(int sentBeforeItStalls) {
        String whole = FakeVault.http(200, "", FakeVault.envelope(Map.of("key", PEM)));
        assertThat(whole.length()).isGreaterThan(300);
        for (int i = 0; i < 3; i++) {
            vault.next(new FakeVault.Reply(whole.substring(0, sentBeforeItStalls), true));
        }

        assertThat(error(vault(secret(vault.address(), FakeVault.TOKEN, "key"), Duration.ofMillis(100))))
                .contains("no whole answer within 100 ms", "3 times");
    }

    @Test
    void readsNoEndlessAnswer() {
        vault.next(200, "x".repeat(KeySource.LARGEST + 1));

        assertThat(error()).contains("larger than 1 MiB");
    }

    @Test
    void stopsWhenInterrupted() {
        Vault waiting = new Vault(
                secret(vault.address(), FakeVault.TOKEN, "key"),
                new VaultPatience(PATIENT, PATIENT, 3, Duration.ofSeconds(1), time -> {
                    throw new InterruptedException();
                }));
        vault.next(503, "");

        assertThatThrownBy(waiting::read).isInstanceOf(TlsException.class).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).as("the flag, for the caller").isTrue();
        assertThat(vault.requests).hasSize(1);
    }

    @Test
    void namesItselfWithoutTheToken() {
        assertThat(VaultSecret.of(
                        "secret", PATH, "key", "https://vault.example.com:8200/", FakeVault.TOKEN, "team", null))
                .hasToString("Vault secret '" + PATH
                        + "' (field 'key', mount 'secret') at https://vault.example.com:8200," + " namespace 'team'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vault.example.com:8200",
                "vault",
                "",
                "ftp://vault",
                "http://",
                "https://root:hvs.CAESIJtopsecret0123456789@vault",
                "http://vault/?token=hvs.CAESIJtopsecret0123456789",
                "http://vault#x",
                "http://va ult"
            })
    void refusesWhatIsNoAddress(String address) {
        assertThatThrownBy(() -> secret(address, FakeVault.TOKEN, "key"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vault_address")
                .hasMessageNotContaining(FakeVault.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a//b", "../x", "a/./b"})
    void refusesWhatIsNoPath(String path) {
        assertThatThrownBy(() -> VaultSecret.of("secret", path, "key", "http://vault", "t", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vault_path");
        assertThatThrownBy(() -> VaultSecret.of(path, "x", "key", "http://vault", "t", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vault_mount");
    }

    @Test
    void refusesATokenThatIsNoHeader() {
        assertThatThrownBy(() -> secret("http://vault", FakeVault.TOKEN + "\r\nX-Evil: 1", "key"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vault_token")
                .hasMessageNotContaining(FakeVault.TOKEN);
    }
}
