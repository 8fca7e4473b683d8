package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kumo.core.options.OptionException;
import dev.kumo.http.HttpListenerOptions;
import dev.kumo.tls.KeySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway's file says of HTTP. */
class GatewayHttpFileTest {

    @TempDir
    Path folder;

    @Test
    void readsEachHttpListener() {
        GatewayFile file = read("""
                {
                  "http_listeners": [
                    {"listen": "[::1]:8001", "hostname": "api.example", "request_body_limit": 5000000,
                     "trusted_hosts": ["10.0.0.0/8"], "limits": {"max_recipients": 7, "close_grace_period": "1 minute"}},
                    {"use_tls": true, "tls_certificate": "a.pem", "tls_private_key": {"key_data": "hunter2"}}
                  ],
                  "deliver": "discard"
                }
                """);

        assertThat(file.listeners()).isEmpty();
        HttpListenerOptions first = file.http().get(0).options();
        HttpListenerOptions second = file.http().get(1).options();
        assertThat(first.listen()).hasToString("[::1]:8001");
        assertThat(first.hostname()).isEqualTo("api.example");
        assertThat(first.requestBodyLimit()).isEqualTo(5_000_000);
        assertThat(first.trustedHosts()).hasToString("[10.0.0.0/8]");
        assertThat(first.limits().maxRecipients()).isEqualTo(7);
        assertThat(first.limits().closeGracePeriod()).hasMinutes(1);
        assertThat(second.useTls()).isTrue();
        assertThat(second.tlsCertificate().map(KeySource::describe)).contains("file 'a.pem'");
        assertThat(second.toString()).doesNotContain("hunter2");
    }

    @Test
    void aPasswordIsInAFileOfItsOwn() throws IOException {
        Path password = Files.writeString(folder.resolve("shop.password"), "correct horse\n");

        assertThat(user(password).password()).isEqualTo("correct horse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "two\nlines", "\u0000overlong"})
    void aFileWithoutAPasswordIsNamed(String content) throws IOException {
        Path password =
                Files.writeString(folder.resolve("shop.password"), content.replace("\u0000over", "over".repeat(1000)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> user(password).password())
                .withMessageStartingWith(
                        "gateway.http_users['shop'].password_file: " + password + " has to hold one line");
    }

    @Test
    void aPasswordFileThatIsNotThereIsNamed() {
        Path password = folder.resolve("missing");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> user(password).password())
                .withMessageStartingWith("gateway.http_users['shop'].password_file: cannot read " + password);
    }

    private HttpUser user(Path password) {
        return read("{\"http_listeners\": [{}], \"http_users\": {\"shop\": {\"password_file\": \"" + password
                        + "\"}}, \"deliver\": \"discard\"}")
                .users()
                .get(0);
    }

    static Stream<Arguments> wrongKeysAndValues() {
        return Stream.of(
                arguments(
                        "{'http_listeners': [{}, {'lisen': '127.0.0.1:80'}], 'deliver': 'discard'}",
                        "http_listeners[1]: unknown key 'lisen' (did you mean 'listen'?)"),
                arguments(
                        "{'http_listeners': [{'trusted_hosts': ['10.0.0.1/8']}], 'deliver': 'discard'}",
                        "http_listeners[0].trusted_hosts: '10.0.0.1/8' "),
                arguments(
                        "{'http_listeners': [{'request_body_limit': 0}], 'deliver': 'discard'}",
                        "http_listeners[0].request_body_limit: must be 1 to "),
                arguments(
                        "{'http_listeners': [{'limits': {'max_recipents': 1}}], 'deliver': 'discard'}",
                        "http_listeners[0].limits: unknown key 'max_recipents' (did you mean 'max_recipients'?)"),
                arguments(
                        "{'http_listeners': [{'limits': {'idle_timeout': 'soon'}}], 'deliver': 'discard'}",
                        "http_listeners[0].limits.idle_timeout: "),
                arguments(
                        "{'http_listeners': [{'use_tls': true, 'tls_certificate': 'cert.pem'}], 'deliver': 'discard'}",
                        "http_listeners[0]: tls_certificate is set (file 'cert.pem') but tls_private_key is not"),
                arguments(
                        "{'http_listeners': {'listen': '127.0.0.1:80'}, 'deliver': 'discard'}",
                        "gateway.http_listeners: must be a list of tables, not a table"),
                arguments(
                        "{'http_listeners': [{}], 'http_users': {'shop': {}}, 'deliver': 'discard'}",
                        "gateway.http_users['shop']: password_file is missing; name a file that holds the password"),
                arguments(
                        "{'http_listeners': [{}], 'http_users': {'shop': {'password': 'hunter2'}}, 'deliver': 'discard'}",
                        "gateway.http_users['shop']: unknown key 'password' (known keys: password_file)"),
                arguments(
                        "{'http_listeners': [{}], 'http_users': {'a:b': {'password_file': 'x'}}, 'deliver': 'discard'}",
                        "gateway.http_users['a:b']: a user has a name, and no ':' in it"),
                arguments(
                        "{'esmtp_listeners': [{}], 'http_users': {'shop': {'password_file': 'x'}}, 'deliver': 'discard'}",
                        "gateway: http_users need http_listeners"));
    }

    @ParameterizedTest
    @MethodSource("wrongKeysAndValues")
    void whatIsWrongIsNamed(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(OptionException.class)
                .withMessageStartingWith(message);
    }

    private GatewayFile read(String json) {
        try {
            return GatewayFile.read(Files.writeString(folder.resolve("gateway.json"), json));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
