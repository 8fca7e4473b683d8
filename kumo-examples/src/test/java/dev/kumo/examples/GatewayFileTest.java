package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kumo.core.options.OptionException;
import dev.kumo.smtp.server.EsmtpListenerOptions;
import dev.kumo.tls.KeySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayFileTest {

    @TempDir
    Path folder;

    @Test
    void readsEachListenerAndTheMaildir() {
        GatewayFile file = read("""
                {
                  "esmtp_listeners": [
                    {"listen": "127.0.0.1:2601", "hostname": "one.example", "client_timeout": "5 minutes"},
                    {"listen": "[::1]:2602", "relay_hosts": [], "domains": {"example.com": {"relay_to": true}}}
                  ],
                  "deliver": {"maildir": "/var/mail/gateway"}
                }
                """);

        assertThat(file.listeners()).hasSize(2);
        EsmtpListenerOptions first = file.listeners().get(0).options();
        EsmtpListenerOptions second = file.listeners().get(1).options();
        assertThat(first.listen()).hasToString("127.0.0.1:2601");
        assertThat(first.hostname()).isEqualTo("one.example");
        assertThat(first.clientTimeout()).hasMinutes(5);
        assertThat(second.listen()).hasToString("[::1]:2602");
        assertThat(second.relayHosts().isEmpty()).isTrue();
        assertThat(second.domains().find("example.com"))
                .hasValueSatisfying(entry -> assertThat(entry.relayTo()).isTrue());
        assertThat(file.destination().words()).startsWith("Mail lands in the Maildir /var/mail/gateway,");
    }

    @Test
    void namesCertificatesByPath() {
        EsmtpListenerOptions options = listener("""
                {"tls_certificate": "/etc/mail/cert.pem", "tls_private_key": "/etc/mail/key.pem",
                 "tls_required_client_ca": "/etc/mail/clients.pem", "implicit_tls": true}
                """);

        assertThat(options.tlsCertificate().map(KeySource::describe)).contains("file '/etc/mail/cert.pem'");
        assertThat(options.tlsPrivateKey().map(KeySource::describe)).contains("file '/etc/mail/key.pem'");
        assertThat(options.tlsRequiredClientCa().map(KeySource::describe)).contains("file '/etc/mail/clients.pem'");
        assertThat(options.implicitTls()).isTrue();
    }

    @Test
    void withoutKeysOfTlsThereIsNoneOfThem() {
        EsmtpListenerOptions options = listener("{}");

        assertThat(options.tlsCertificate()).isEmpty();
        assertThat(options.tlsPrivateKey()).isEmpty();
        assertThat(options.tlsRequiredClientCa()).isEmpty();
        assertThat(options.sni()).isEmpty();
        assertThat(options.implicitTls()).isFalse();
    }

    @Test
    void namesCertificatesInVault() {
        EsmtpListenerOptions options = listener("""
                {"tls_certificate": {"vault_mount": "secret", "vault_path": "tls/mail.example.com.cert",
                   "vault_address": "https://vault.example.com:8200", "vault_token": "hvs.topsecret", "vault_key": "pem"},
                 "tls_private_key": {"vault_mount": "secret", "vault_path": "tls/mail.example.com.key",
                   "vault_address": "https://vault.example.com:8200", "vault_token": "hvs.topsecret"}}
                """);

        assertThat(options.tlsCertificate().map(KeySource::describe))
                .contains("Vault secret 'tls/mail.example.com.cert' (field 'pem', mount 'secret')"
                        + " at https://vault.example.com:8200");
        assertThat(options.tlsPrivateKey().map(KeySource::describe))
                .contains("Vault secret 'tls/mail.example.com.key' (field 'key', mount 'secret')"
                        + " at https://vault.example.com:8200");
        assertThat(options.toString()).doesNotContain("hvs.topsecret");
    }

    @Test
    void takesCertificatesAsTheyAre() throws IOException {
        EsmtpListenerOptions options = listener(
                "{\"tls_certificate\": {\"key_data\": \"chain\"}, \"tls_private_key\": {\"key_data\": \"hunter2\"}}");

        assertThat(options.tlsCertificate().orElseThrow().read()).asString().isEqualTo("chain");
        assertThat(options.tlsPrivateKey().orElseThrow().read()).asString().isEqualTo("hunter2");
        assertThat(options.toString()).doesNotContain("hunter2");
    }

    @Test
    void choosesCertificatesByName() {
        EsmtpListenerOptions options = listener("""
                {"sni": {
                  "mail.example.com": {"tls_certificate": "a.pem", "tls_private_key": "a.key"},
                  "*.example.org": {"tls_certificate": "b.pem", "tls_private_key": {"key_data": "hunter2"}}}}
                """);

        assertThat(options.sni()).containsOnlyKeys("mail.example.com", "*.example.org");
        assertThat(options.sni().get("mail.example.com")).hasToString("file 'a.pem' with the key of file 'a.key'");
        assertThat(options.sni().get("*.example.org")).hasToString("file 'b.pem' with the key of key_data");
    }

    @Test
    void aTokenInAWrongPlaceIsNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listener("{\"tls_certificate\": {\"vault_token\": [\"hvs.topsecret\"]}}"))
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith("esmtp_listeners[0].tls_certificate.vault_token: ")
                        .doesNotContain("hvs.topsecret"));
    }

    private EsmtpListenerOptions listener(String table) {
        return read("{\"esmtp_listeners\": [" + table + "], \"deliver\": \"discard\"}")
                .listeners()
                .get(0)
                .options();
    }

    @Test
    void mayDiscard() {
        assertThat(read("{\"esmtp_listeners\": [{}], \"deliver\": \"discard\"}")
                        .destination()
                        .words())
                .isEqualTo("Mail lands nowhere: it is discarded");
    }

    @Test
    void theDefaultTakesMailOfThisMachineOnly() {
        GatewayFile file = GatewayFile.localDefault();

        assertThat(file.listeners()).singleElement().satisfies(listener -> {
            assertThat(listener.options().listen()).hasToString("127.0.0.1:2525");
            assertThat(listener.options().relayHosts()).hasToString("[127.0.0.1, ::1]");
            assertThat(listener.options().domains().isEmpty()).isTrue();
        });
        assertThat(file.http()).singleElement().satisfies(listener -> {
            assertThat(listener.options().listen()).hasToString("127.0.0.1:8000");
            assertThat(listener.options().trustedHosts()).hasToString("[127.0.0.1, ::1]");
        });
    }

    @Test
    void theDefaultDeliversIntoTheMaildirMailOfTheWorkingDirectory() {
        assertThat(GatewayFile.localDefault().destination().words())
                .contains(" in the Maildir " + Path.of("mail").toAbsolutePath() + ",");
    }

    @Test
    void toReadAFileMakesNoMaildir() {
        Path maildir = folder.resolve("maildir");

        read("{\"esmtp_listeners\": [{}], \"deliver\": {\"maildir\": \"" + maildir + "\"}}");

        assertThat(maildir).doesNotExist();
    }

    @Test
    void writesALogOnlyIfToldWhere() throws IOException {
        Path logs = folder.resolve("logs");
        GatewayFile file = read("{\"esmtp_listeners\": [{}], \"deliver\": \"discard\", \"local_logs\": {\"log_dir\": \""
                + logs + "\", \"compression\": \"none\", \"per_record\": {\"Rejection\": {\"enable\": false}}}}");
        assertThat(logs).doesNotExist();
        file.openLog().orElseThrow().close();

        assertThat(logs).isDirectory();
        assertThat(GatewayFile.localDefault().openLog()).isEmpty();
    }

    @Test
    void aLogThatCannotBeWrittenIsNamedWithItsKey() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "");
        GatewayFile file = read("{\"esmtp_listeners\": [{}], \"deliver\": \"discard\", \"local_logs\": {\"log_dir\": \""
                + taken + "\"}}");

        assertThatThrownBy(file::openLog)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("gateway.local_logs: cannot make the folder " + taken);
    }

    @Test
    void aMaildirThatCannotBeMadeIsNamedWithItsKey() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "");
        GatewayFile file = read("{\"esmtp_listeners\": [{}], \"deliver\": {\"maildir\": \"" + taken + "\"}}");

        assertThatThrownBy(file::compose)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("gateway.deliver.maildir: cannot use '" + taken + "' as a maildir: ")
                .hasMessageEndingWith("; name a folder that this user may write");
    }

    static Stream<Arguments> wrongKeysAndValues() {
        return Stream.of(
                arguments(
                        "{'esmtp_listeners': [{}], 'delivr': 'discard'}",
                        "gateway: unknown key 'delivr' (did you mean 'deliver'?)"),
                arguments(
                        "{'esmtp_listener': [{}], 'deliver': 'discard'}",
                        "gateway: unknown key 'esmtp_listener' (did you mean 'esmtp_listeners'?)"),
                arguments(
                        "{'esmtp_listeners': [{}], 'deliver': {'mailbox': 'x'}}",
                        "gateway.deliver: unknown key 'mailbox' (known keys: lmtp, maildir, smart_host, trusted_ca)"),
                arguments(
                        "{'esmtp_listeners': [{'domains': {'example.com': {'relayto': true}}}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].domains['example.com']: unknown key 'relayto' (did you mean 'relay_to'?)"),
                arguments(
                        "{'esmtp_listeners': [{}, {'lisen': '127.0.0.1:25'}], 'deliver': 'discard'}",
                        "esmtp_listeners[1]: unknown key 'lisen' (did you mean 'listen'?)"),
                arguments(
                        "{'esmtp_listeners': [{'trace_headers': {'recieved_header': true}}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].trace_headers: unknown key 'recieved_header' (did you mean 'received_header'?)"),
                arguments(
                        "{'esmtp_listeners': [{'relay_hosts': ['10.0.0.1/8x']}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].relay_hosts: '10.0.0.1/8x' "),
                arguments(
                        "{'esmtp_listeners': [{'max_connections': 'many'}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].max_connections: must be a whole number, not 'many'"),
                arguments(
                        "{'esmtp_listeners': [{'tls_certificate': {'vault_pth': 'x'}}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].tls_certificate: unknown key 'vault_pth' (did you mean 'vault_path'?)"),
                arguments(
                        "{'esmtp_listeners': [{'tls_certificat': 'cert.pem'}], 'deliver': 'discard'}",
                        "esmtp_listeners[0]: unknown key 'tls_certificat' (did you mean 'tls_certificate'?)"),
                arguments(
                        "{'esmtp_listeners': [{'tls_private_key': ''}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].tls_private_key: must be the path of a file, but is empty"),
                arguments(
                        "{'esmtp_listeners': [{'tls_private_key': {}}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].tls_private_key: must have key_data, or vault_mount and vault_path"),
                arguments(
                        "{'esmtp_listeners': [{'tls_private_key': {'key_data': 'x', 'vault_path': 'y'}}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].tls_private_key: has both key_data and vault keys; keep one of the two"),
                arguments(
                        "{'esmtp_listeners': [{'tls_private_key': {'vault_path': 'y'}}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].tls_private_key: lacks vault_mount"),
                arguments(
                        "{'esmtp_listeners': [{'tls_certificate': 'cert.pem'}], 'deliver': 'discard'}",
                        "esmtp_listeners[0]: tls_certificate is set (file 'cert.pem') but tls_private_key is not"),
                arguments(
                        "{'esmtp_listeners': [{'sni': {'a.example': {'tls_certificate': 'cert.pem'}}}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].sni['a.example']: needs both tls_certificate and tls_private_key"),
                arguments(
                        "{'esmtp_listeners': [{'implicit_tls': 'yes'}], 'deliver': 'discard'}",
                        "esmtp_listeners[0].implicit_tls: must be true or false, not 'yes'"),
                arguments(
                        "{'esmtp_listeners': {}, 'deliver': 'discard'}",
                        "gateway.esmtp_listeners: must be a list of tables, not a table"),
                arguments(
                        "{'esmtp_listeners': [], 'deliver': 'discard'}",
                        "gateway: esmtp_listeners and http_listeners are missing or empty; give one of them a listener"),
                arguments("{'deliver': 'discard'}", "gateway: esmtp_listeners and http_listeners are missing or empty"),
                arguments(
                        "{'esmtp_listeners': [{}]}",
                        "gateway: deliver is missing or empty; it is \"mx\", \"discard\", {\"smart_host\": "),
                arguments("{'esmtp_listeners': [{}], 'deliver': {}}", "gateway: deliver is missing or empty"),
                arguments(
                        "{'esmtp_listeners': [{}], 'deliver': null}",
                        "gateway.deliver: must not be null; leave the key out for its default"),
                arguments(
                        "{'esmtp_listeners': [{}], 'deliver': 'maildir'}",
                        "gateway.deliver: must be \"mx\", \"discard\", {\"smart_host\": "),
                arguments(
                        "{'esmtp_listeners': [{}], 'deliver': {'maildir': 'a\\u0000b'}}",
                        "gateway.deliver.maildir: must be the path of a folder: Nul character not allowed"),
                arguments(
                        "{'esmtp_listeners': [{}], 'deliver': 'discard', 'local_logs': {}}",
                        "gateway.local_logs: log_dir is missing; name the folder of the log"),
                arguments(
                        "{'esmtp_listeners': [{}], 'deliver': 'discard', 'local_logs': {'logdir': 'x'}}",
                        "gateway.local_logs: unknown key 'logdir' (did you mean 'log_dir'?)"),
                arguments(
                        "{'esmtp_listeners': [{}], 'deliver': 'discard',"
                                + " 'local_logs': {'log_dir': 'x', 'per_record': {'Oob': {}}}}",
                        "gateway.local_logs.per_record['Oob']: is no kind of record: 'Oob'; the kinds are AdminBounce"),
                arguments(
                        "{'esmtp_listeners': [{}], 'deliver': {'maildir': ''}}",
                        "gateway.deliver.maildir: must be the path of a folder, not ''"));
    }

    @ParameterizedTest
    @MethodSource("wrongKeysAndValues")
    void namesWhereWhatAndTheMend(String json, String error) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith(error);
    }

    static Stream<Arguments> brokenJson() {
        return Stream.of(
                arguments("{\n  \"a\": [1}\n}", "line 2, column 10: Unexpected close marker '}'"),
                arguments("{\n\"a\": 1", "line 2, column 7: Unexpected end-of-input"),
                arguments("{\"deliver\": hunter2}", "line 1, column 13: a bare word"),
                arguments("{\"a\": 1} {\"b\": 2", "must hold one object in braces"),
                arguments("{\"a\": 1,\n \"a\": 2}", "line 2, column 5: Duplicate Object property \"a\""));
    }

    @ParameterizedTest
    @MethodSource("brokenJson")
    void saysTheLineAndTheColumnOfBrokenJson(String json, String error) {
        Path file = written(json);

        assertThatThrownBy(() -> GatewayFile.read(file))
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith(file + ": " + error);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"password\": hunter2}",
                "{\"password\": \"hunter2}",
                "{\"password\": \"hunter2\" 1}",
                "{\"password\": [\"hunter2\"}",
                "{\"password\": \"hunter2\"",
                "\"hunter2\"",
                "[\"hunter2\"]"
            })
    void showsNoValueOfBrokenJson(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(json))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2", "Source", "\n", "jackson"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[1]", "7", "\"text\"", "", "{} {}"})
    void wantsOneObject(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining(": must hold one object in braces, such as {\"esmtp_listeners\": [{");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing.json");

        assertThatThrownBy(() -> GatewayFile.read(missing))
                .isInstanceOf(OptionException.class)
                .hasMessage(missing + ": there is no such file; name a JSON file that exists");
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> GatewayFile.read(folder))
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith(folder + ": cannot be read: ");
    }

    @Test
    void theExampleInTheUsageIsAGatewaysFile() {
        String usage = Gateway.USAGE;
        String example = usage.substring(usage.indexOf("\n  {"), usage.indexOf("\n  }") + 4);

        assertThat(read(example).listeners()).hasSize(1);
    }

    @Test
    void theExampleInTheErrorIsAGatewaysFile() {
        assertThatIllegalArgumentException().isThrownBy(() -> read("[]")).satisfies(e -> {
            String example = e.getMessage().substring(e.getMessage().indexOf('{'));
            assertThat(read(example).listeners()).hasSize(1);
        });
    }

    private GatewayFile read(String json) {
        return GatewayFile.read(written(json));
    }

    private Path written(String json) {
        try {
            return Files.writeString(folder.resolve("gateway.json"), json, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void listenersAreKeptInTheOrderOfTheFile() {
        List<String> addresses = read(
                        "{\"deliver\": \"discard\", \"esmtp_listeners\": "
                                + "[{\"listen\": \"127.0.0.2:3\"}, {\"listen\": \"127.0.0.2:1\"}, {\"listen\": \"127.0.0.2:2\"}]}")
                .listeners()
                .stream()
                .map(listener -> listener.options().listen().toString())
                .toList();

        assertThat(addresses).containsExactly("127.0.0.2:3", "127.0.0.2:1", "127.0.0.2:2");
    }
}
