package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.options.OptionException;
import dev.kumo.examples.TestCa.Issued;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway says when certificates are not what they should be, and that Vault is as good as files. */
@Timeout(120)
class GatewayTlsIT {

    @TempDir
    Path folder;

    private TestCa ca;
    private Issued server;

    @BeforeEach
    void setUp() throws Exception {
        ca = TestCa.in(folder.resolve("ca"));
        server = ca.issue("server");
    }

    @Test
    void aMissingCertificateEndsItWithOneLineAndCodeTwo() throws Exception {
        Path missing = folder.resolve("missing.pem");

        try (GatewayProcess gateway = GatewayProcess.start(folder, file(missing, server.key()))) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.errors())
                    .isEqualToNormalizingNewlines(
                            "esmtp_listeners[0]: file '" + missing + "' does not exist; name a file that does\n");
            assertThat(gateway.rest()).isEmpty();
        }
    }

    @Test
    void aFolderIsNoCertificate() throws Exception {
        assertRefused(
                file(folder, server.key()),
                "esmtp_listeners[0]: file '" + folder + "' cannot be read: ",
                "; name a file of ");
    }

    @Test
    void aFileOfSomethingElseIsNoCertificate() throws Exception {
        Path other = Files.writeString(folder.resolve("other.pem"), "hello");

        assertRefused(file(other, server.key()), "esmtp_listeners[0]: file '" + other + "' ", "");
    }

    @Test
    void aCertificateWithoutAKeyIsRefused() throws Exception {
        assertRefused(
                file("\"tls_certificate\": \"" + server.certificate() + "\""),
                "esmtp_listeners[0]: tls_certificate is set (file '" + server.certificate()
                        + "') but tls_private_key is not; ",
                "set tls_private_key too, or neither for a self-signed certificate");
    }

    @Test
    void aKeyWithoutACertificateIsRefused() throws Exception {
        assertRefused(
                file("\"tls_private_key\": \"" + server.key() + "\""),
                "esmtp_listeners[0]: tls_private_key is set (file '" + server.key() + "') but tls_certificate is not; ",
                "set tls_certificate too, or neither for a self-signed certificate");
    }

    @Test
    void aKeyThatDoesNotFitIsRefused() throws Exception {
        Issued other = ca.issue("other");

        assertRefused(
                file(server.certificate(), other.key()),
                "esmtp_listeners[0]: the key of file '" + other.key() + "' does not fit the certificate of file '"
                        + server.certificate() + "'",
                "; name the two that belong together");
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        Issued expired = ca.expired("expired");

        assertRefused(
                file(expired.certificate(), expired.key()),
                "esmtp_listeners[0]: the certificate of file '" + expired.certificate()
                        + "' for CN=expired expired at ",
                "; renew it");
    }

    @Test
    void aVaultThatCannotBeReachedEndsItWithOneLineAndCodeOne() throws Exception {
        String nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "http://127.0.0.1:" + free.getLocalPort();
        }

        try (GatewayProcess gateway = GatewayProcess.start(folder, vaultFile(nobody, "tls/cert", VaultServer.TOKEN))) {
            assertThat(gateway.exitCode()).isEqualTo(1);
            assertThat(gateway.errors())
                    .startsWith("esmtp_listeners[0]: Vault secret 'tls/cert' (field 'pem', mount 'secret') at " + nobody
                            + ": Vault cannot be reached")
                    .contains("; check vault_address and the network")
                    .doesNotContain(VaultServer.TOKEN)
                    .hasLineCount(1);
            assertThat(gateway.rest()).isEmpty();
        }
    }

    @Test
    void aTokenThatVaultRefusesEndsItWithCodeTwoAndIsNotShown() throws Exception {
        String wrong = "hvs.another-secret";

        try (VaultServer vault = new VaultServer();
                GatewayProcess gateway = GatewayProcess.start(folder, vaultFile(vault.address(), "tls/cert", wrong))) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.errors())
                    .startsWith("esmtp_listeners[0]: Vault secret 'tls/cert' (field 'pem', mount 'secret') at "
                            + vault.address() + ": permission denied (403)")
                    .contains("check vault_token")
                    .doesNotContain(wrong)
                    .hasLineCount(1);
            assertThat(gateway.rest()).isEmpty();
        }
    }

    @Test
    void aSecretThatVaultDoesNotHaveIsRefused() throws Exception {
        try (VaultServer vault = new VaultServer()) {
            assertRefused(
                    vaultFile(vault.address(), "tls/certt", VaultServer.TOKEN),
                    "esmtp_listeners[0]: Vault secret 'tls/certt' (field 'pem', mount 'secret') at " + vault.address()
                            + ": ",
                    "check vault_mount and vault_path");
        }
    }

    @Test
    void aTokenIsNotShownWhereItsKeyIsWrong() throws Exception {
        String file = edited(
                vaultFile("http://127.0.0.1:8200", "tls/cert", VaultServer.TOKEN),
                json -> json.replace("vault_token", "vault_tokn"));

        assertRefused(
                file, "esmtp_listeners[0].tls_certificate: unknown key 'vault_tokn' (did you mean 'vault_token'?)", "");
    }

    @Test
    void servesACertificateFromVault() throws Exception {
        try (VaultServer vault = new VaultServer()
                        .put("tls/cert", "pem", Files.readString(server.certificate()))
                        .put("tls/key", "key", Files.readString(server.key()));
                GatewayProcess gateway =
                        GatewayProcess.start(folder, vaultFile(vault.address(), "tls/cert", VaultServer.TOKEN))) {
            String listening = gateway.line();
            String mail = gateway.line();

            assertThat(served(portOf(listening))).isEqualTo(server.serial());
            gateway.terminate();
            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.errors()).isEmpty();
            assertThat(listening + mail + gateway.rest()).doesNotContain(VaultServer.TOKEN);
        }
    }

    private static int portOf(String listening) {
        return Integer.parseInt(listening.replaceFirst("Listening on 127\\.0\\.0\\.1:([0-9]+) .*", "$1"));
    }

    private BigInteger served(int port) throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.reply();
            client.ask("EHLO client.example");
            assertThat(client.ask("STARTTLS")).startsWith("220 ");
            return client.secure(ca.trusting()).getSerialNumber();
        }
    }

    /** What {@link Gateway#main} prints with code 2. */
    private static void assertRefused(String file, String start, String mend) {
        assertThatThrownBy(() -> Gateway.start(GatewayFile.read(Path.of(file)), new ByteArrayOutputStream())
                        .close())
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith(start)
                .hasMessageContaining(mend)
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain(VaultServer.TOKEN)
                        .hasLineCount(1));
    }

    private String file(Path certificate, Path key) throws IOException {
        return file("\"tls_certificate\": \"" + certificate + "\", \"tls_private_key\": \"" + key + "\"");
    }

    private String vaultFile(String address, String certificate, String token) throws IOException {
        return file("""
                "tls_certificate": {"vault_mount": "secret", "vault_path": "%2$s", "vault_key": "pem",
                  "vault_address": "%1$s", "vault_token": "%3$s"},
                "tls_private_key": {"vault_mount": "secret", "vault_path": "tls/key",
                  "vault_address": "%1$s", "vault_token": "%3$s"}\
                """.formatted(address, certificate, token));
    }

    private String file(String tls) throws IOException {
        return Files.writeString(folder.resolve("gateway.json"), """
                        {
                          "esmtp_listeners": [{"listen": "127.0.0.1:0", "hostname": "gateway.example", %s}],
                          "deliver": "discard"
                        }
                        """.formatted(tls))
                .toString();
    }

    private static String edited(String file, UnaryOperator<String> edit) throws IOException {
        Path path = Path.of(file);
        return Files.writeString(path, edit.apply(Files.readString(path))).toString();
    }
}
