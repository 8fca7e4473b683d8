package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySourceTest {

    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    @TempDir
    Path directory;

    private static KeySource bound(Map<String, ?> table) {
        return OptionTable.apply("start_esmtp_listener", table, new SampleListener(NO_ENVIRONMENT::get)).certificate;
    }

    @Test
    void aFileIsReadEachTime() throws IOException {
        Path file = Files.write(directory.resolve("cert.pem"), CONTENT);
        KeySource source = KeySource.file(file);
        assertThat(source.read()).isEqualTo(CONTENT);

        Files.writeString(file, "other");
        assertThat(source.read()).asString().isEqualTo("other");
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = directory.resolve("none.pem");

        assertThatThrownBy(() -> KeySource.file(file).read())
                .isInstanceOf(TlsException.class)
                .hasMessage("file '" + file + "' does not exist; name a file that does");
    }

    @Test
    void aDirectoryIsNoFile() {
        assertThatThrownBy(() -> KeySource.file(directory).read())
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("file '" + directory + "' cannot be read");
    }

    @Test
    void aFileOfAnotherKindIsNotReadToItsEnd() throws IOException {
        Path file = Files.write(directory.resolve("mail.log"), new byte[KeySource.LARGEST + 1]);

        assertThatThrownBy(() -> KeySource.file(file).read())
                .isInstanceOf(TlsException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("1 MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----"})
    void whatIsNoPathIsRefusedUnseen(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeySource.file(path))
                .withMessageContaining("must be the path of a file")
                .withMessageNotContaining("MIIsecret");
    }

    @Test
    void bytesAreCopiedInAndOut() throws TlsException {
        byte[] content = CONTENT.clone();
        KeySource source = KeySource.bytes(content);
        content[0] = 0;
        source.read()[1] = 0;

        assertThat(source.read()).isEqualTo(CONTENT);
    }

    @Test
    void aSupplierIsAskedEachTime() throws TlsException {
        int[] asked = {0};
        KeySource source = KeySource.supplier(() -> new byte[] {(byte) ++asked[0]});

        assertThat(source.read()).containsExactly(1);
        assertThat(source.read()).containsExactly(2);
    }

    @Test
    void aSupplierThatFailsIsToldOf() {
        assertThatThrownBy(() -> KeySource.supplier(() -> {
                            throw new IllegalStateException("no HSM");
                        })
                        .read())
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("supplier")
                .hasRootCauseMessage("no HSM");
        assertThatThrownBy(() -> KeySource.supplier(() -> null).read()).hasMessageContaining("nothing");
        assertThatThrownBy(() -> KeySource.supplier(() -> new byte[0]).read()).hasMessageContaining("nothing");
    }

    @Test
    void noSourceShowsItsContent() {
        assertThat(KeySource.bytes(CONTENT).toString()).isEqualTo("key_data");
        assertThat(KeySource.file("/etc/cert.pem")).hasToString("file '/etc/cert.pem'");
        assertThat(KeySource.supplier(() -> CONTENT).describe()).isEqualTo("the key supplier");
    }

    @Test
    void aStringIsAPath() {
        assertThat(bound(Map.of("tls_certificate", "/path/to/cert.pem"))).hasToString("file '/path/to/cert.pem'");
    }

    @Test
    void keyDataIsTheTextItself() throws TlsException {
        assertThat(bound(Map.of("tls_certificate", Map.of("key_data", "content")))
                        .read())
                .isEqualTo(CONTENT);
    }

    @Test
    void aTableNamesASecretInVault() throws TlsException {
        try (FakeVault vault = new FakeVault()) {
            vault.put("secret", "tls/mail.example.com.cert", Map.of("key", "content", "pem", "other"));
            Map<String, String> table = new HashMap<>(Map.of(
                    "vault_mount",
                    "secret",
                    "vault_path",
                    "tls/mail.example.com.cert",
                    "vault_address",
                    vault.address(),
                    "vault_token",
                    FakeVault.TOKEN));

            assertThat(bound(Map.of("tls_certificate", table)).read()).isEqualTo(CONTENT);

            table.put("vault_key", "pem");
            assertThat(bound(Map.of("tls_certificate", table)).read())
                    .asString()
                    .isEqualTo("other");

            table.put("vault_namespace", "team");
            vault.namespace = "team";
            assertThat(bound(Map.of("tls_certificate", table)).read())
                    .asString()
                    .isEqualTo("other");
        }
    }

    @Test
    void addressTokenAndNamespaceComeFromTheEnvironmentByDefault() throws TlsException {
        try (FakeVault vault = new FakeVault()) {
            vault.namespace = "team";
            vault.put("secret", "tls/key", Map.of("key", "content"));
            Map<String, String> environment = Map.of(
                    "VAULT_ADDR", vault.address() + "/",
                    "VAULT_TOKEN", FakeVault.TOKEN + "\n",
                    "VAULT_NAMESPACE", "team");

            KeySource source = KeySource.of(
                    table -> table.vaultMount("secret").vaultPath("tls/key").environment(environment::get));

            assertThat(source.read()).isEqualTo(CONTENT);
            assertThat(source.toString()).doesNotContain(FakeVault.TOKEN);
        }
    }

    @Test
    void theTableGoesBeforeTheEnvironment() {
        Map<String, String> environment = Map.of("VAULT_ADDR", "http://wrong", "VAULT_TOKEN", "wrong");

        KeySource source = KeySource.of(table -> table.vaultMount("secret")
                .vaultPath("tls/key")
                .vaultAddress("http://right")
                .vaultToken("right")
                .environment(environment::get));

        assertThat(source.describe()).contains("at http://right").doesNotContain("wrong");
    }

    @Test
    void whatIsMissingIsNamed() {
        Map<String, String> table = new HashMap<>(Map.of("vault_token", FakeVault.TOKEN));
        assertRefused(table, "lacks vault_mount");

        table.put("vault_mount", "secret");
        assertRefused(table, "lacks vault_path");

        table.put("vault_path", "tls/key");
        assertRefused(table, "lacks vault_address", "VAULT_ADDR");

        table.put("vault_address", "http://127.0.0.1:8200");
        table.remove("vault_token");
        assertRefused(table, "lacks vault_token", "VAULT_TOKEN");
    }

    @Test
    void oneTableIsOneSource() {
        assertRefused(Map.of("key_data", "x", "vault_mount", "secret"), "both key_data and vault");
        assertRefused(Map.of(), "key_data", "vault_mount", "path of a file");
    }

    @Test
    void anUnknownKeyHasANearestOne() {
        assertRefused(Map.of("vault_tocken", FakeVault.TOKEN), "did you mean 'vault_token'?");
    }

    @Test
    void aValueOfTheWrongTypeIsHidden() {
        assertRefused(Map.of("vault_token", 12345678), "must be a string");
        assertThatThrownBy(() -> bound(Map.of("tls_certificate", Map.of("key_data", 12345678))))
                .hasMessageNotContaining("12345678");
        assertThatThrownBy(() -> bound(Map.of("tls_certificate", Map.of("vault_token", 12345678))))
                .hasMessageNotContaining("12345678");
    }

    @Test
    void aNumberIsNoSource() {
        assertThatThrownBy(() -> bound(Map.of("tls_certificate", 5)))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("start_esmtp_listener.tls_certificate: must be a string or a table");
    }

    private static void assertRefused(Map<String, ?> table, String... texts) {
        assertThatThrownBy(() -> bound(Map.of("tls_certificate", table)))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("start_esmtp_listener.tls_certificate")
                .hasMessageContainingAll(texts)
                .hasMessageNotContaining(FakeVault.TOKEN);
    }
}
