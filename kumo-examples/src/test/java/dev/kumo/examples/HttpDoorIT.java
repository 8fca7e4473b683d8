package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may come in over HTTP, and how the gateway's doors open and close. */
@Timeout(180)
class HttpDoorIT {

    private static final String MAIL =
            "{\"envelope_sender\": \"a@example.com\", \"recipients\": [{\"email\": \"b@example.org\"}],"
                    + " \"content\": \"Subject: hello\\n\\nHello\\n\"}";

    @TempDir
    Path folder;

    private GatewayProcess gateway(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.json"), json);
        return GatewayProcess.start(folder, file.toString());
    }

    @Test
    void aUserOfTheFileMayInjectAndNothingElse() throws Exception {
        Files.writeString(folder.resolve("shop.password"), "correct horse\n");
        try (GatewayProcess gateway = gateway("""
                {
                  "http_listeners": [{"listen": "127.0.0.1:0", "trusted_hosts": []}],
                  "http_users": {"shop": {"password_file": "shop.password"}},
                  "spool": {"kind": "Memory"},
                  "deliver": "discard"
                }
                """)) {
            Curl curl = Curl.of(folder, gateway);

            Curl.Answer nobody = curl.inject(MAIL);
            assertThat(nobody.status()).isEqualTo(401);
            assertThat(nobody.head()).containsIgnoringCase("\nwww-authenticate: Basic realm=");
            assertThat(curl.inject(MAIL, "-u", "shop:wrong").status()).isEqualTo(401);
            assertThat(curl.inject(MAIL, "-u", "shop:correct horse")
                            .json()
                            .path("success_count")
                            .asInt())
                    .isEqualTo(1);
            for (String path : List.of("/metrics", "/api/admin/suspend/v1")) {
                assertThat(curl.ask(path, "-u", "shop:correct horse").status())
                        .as(path)
                        .isEqualTo(403);
            }
            assertThat(curl.ask("/api/check-liveness/v1").body()).isEqualTo("OK");
        }
    }

    @Test
    void httpsIsOfferedWithHttp2() throws Exception {
        try (GatewayProcess gateway = gateway("""
                {"http_listeners": [{"listen": "127.0.0.1:0", "use_tls": true}], "deliver": "discard"}
                """)) {
            Curl curl = new Curl(folder, "https://127.0.0.1:" + gateway.httpPort());

            Curl.Answer answer = curl.inject(MAIL, "-k");
            assertThat(answer.protocol()).isEqualTo("HTTP/2");
            assertThat(answer.json().path("success_count").asInt()).isEqualTo(1);
            assertThat(curl.ask("/api/check-liveness/v1", "-k", "--http1.1").protocol())
                    .isEqualTo("HTTP/1.1");
        }
    }

    @Test
    void withoutASpoolThereIsNothingToAdminister() throws Exception {
        try (GatewayProcess gateway = gateway("""
                {"http_listeners": [{"listen": "127.0.0.1:0"}], "deliver": "discard"}
                """)) {
            Curl.Answer answer = Curl.of(folder, gateway).ask("/api/admin/suspend/v1");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).contains("there are no queues");
        }
    }

    @Test
    void aPortInUseIsNamedWithItsKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GatewayProcess gateway = gateway("""
                        {
                          "esmtp_listeners": [{"listen": "127.0.0.1:0"}],
                          "http_listeners": [{"listen": "127.0.0.1:0"}, {"listen": "127.0.0.1:%d"}],
                          "deliver": "discard"
                        }
                        """.formatted(taken.getLocalPort()))) {
            assertThat(gateway.exitCode()).isEqualTo(1);
            assertThat(gateway.errors())
                    .startsWith("http_listeners[1].listen: cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .contains("in use; give it another address in the file (see --help), or end what has this one")
                    .hasLineCount(1);
            assertThat(gateway.rest()).isEmpty();
        }
    }

    @Test
    void aPasswordFileThatIsNotThereIsNamedAndNothingIsOpened() throws Exception {
        try (GatewayProcess gateway = gateway("""
                {
                  "http_listeners": [{"listen": "127.0.0.1:0"}],
                  "http_users": {"shop": {"password_file": "missing"}},
                  "spool": {"kind": "LocalDisk", "path": "spool"},
                  "deliver": {"maildir": "mail"}
                }
                """)) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.errors())
                    .isEqualToNormalizingNewlines("gateway.http_users['shop'].password_file: cannot read "
                            + folder.resolve("missing")
                            + "; write the password into a file that this user may read\n");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("gateway.json", "stderr");
            }
        }
    }

    @Test
    void mailThatIsStillOnItsWayWhenItIsToldToEndIsRefusedInWords() throws Exception {
        try (GatewayProcess gateway = gateway("""
                {
                  "http_listeners": [{"listen": "127.0.0.1:0", "limits": {"close_grace_period": "1 minute"}}],
                  "deliver": {"maildir": "mail"}
                }
                """)) {
            int port = gateway.httpPort();
            try (RawClient client = new RawClient(port)) {
                client.send("""
                        POST /api/inject/v1 HTTP/1.1
                        Host: localhost
                        Content-Type: application/json
                        Expect: 100-continue
                        Content-Length: %d

                        """.formatted(MAIL.length()));
                assertThat(client.reply()).isEqualTo("HTTP/1.1 100 Continue");
                assertThat(client.reply()).isEmpty();

                gateway.terminate();
                Ports.awaitClosed(port);
                client.send(MAIL);

                assertThat(client.reply()).isEqualTo("HTTP/1.1 503 Service Unavailable");
                assertThat(client.rest())
                        .containsIgnoringCase("connection: close")
                        .contains("shutting down");
            }
            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.errors()).isEmpty();
            assertThat(new MaildirFolder(folder.resolve("mail")).messages()).isEmpty();
        }
    }

    @Test
    void whileItDrainsItSaysSo() throws Exception {
        try (GatewayProcess gateway = gateway("""
                {
                  "http_listeners": [{"listen": "127.0.0.1:0", "limits": {"close_grace_period": "1 minute"}}],
                  "deliver": "discard"
                }
                """)) {
            int port = gateway.httpPort();
            try (RawClient client = new RawClient(port)) {
                // The second comes with the first, so that it is known to have begun before the gateway is told to
                // end, and ends afterwards.
                String request = "GET /api/check-liveness/v1 HTTP/1.1\nHost: localhost\n";
                client.send(request + "\n" + request);
                assertThat(client.reply()).isEqualTo("HTTP/1.1 200 OK");
                String line = client.reply();
                while (!line.isEmpty()) {
                    line = client.reply();
                }

                gateway.terminate();
                Ports.awaitClosed(port);
                client.send("\n");

                assertThat(client.reply()).isEqualTo("OKHTTP/1.1 503 Service Unavailable"); // a body has no line
                assertThat(client.rest())
                        .containsIgnoringCase("connection: close")
                        .contains("shutting down");
            }
            assertThat(gateway.exitCode()).isZero();
        }
    }
}
