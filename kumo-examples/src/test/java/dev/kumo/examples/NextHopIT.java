package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway keeps mail in its spool and hands it to the mail servers that the world runs. */
@Timeout(180)
class NextHopIT {

    @TempDir
    Path folder;

    private TestCa ca;
    private int port;

    @BeforeEach
    void setUp() throws Exception {
        ca = TestCa.in(folder.resolve("ca"));
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    private GatewayProcess gateway(String trusted) throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.json"), """
                {
                  "esmtp_listeners": [{"listen": "127.0.0.1:0", "hostname": "gateway.example"}],
                  "spool": {"kind": "LocalDisk", "path": "./spool"},
                  "queue": {"retry_interval": "1 second"},
                  "egress_path": {"enable_tls": "Required"},
                  "deliver": {"smart_host": ["localhost:%d"], "trusted_ca": "%s"}
                }
                """.formatted(port, trusted));
        return GatewayProcess.start(folder, file.toString());
    }

    private static void send(int gateway, String recipient, String content) throws IOException {
        try (RawClient client = new RawClient(gateway)) {
            client.reply();
            client.ask("EHLO client.example");
            client.ask("MAIL FROM:<sender@client.example>");
            client.ask("RCPT TO:<" + recipient + ">");
            client.ask("DATA");
            assertThat(client.ask(content + "\n.")).startsWith("250 2.6.0 accepted, id ");
        }
    }

    @Test
    void postfixTakesMailOverVerifiedTls() throws Exception {
        try (Postfix postfix = Postfix.server(folder, port, ca.issue("server"));
                GatewayProcess gateway = gateway(ca.certificate().toString())) {
            send(gateway.port(), "anybody@example.org", "Subject: hello\n\n..dots\n.. and more");

            assertThat(gateway.mailLine()).contains(" delivered ").contains("reply=\"250 2.0.0 Ok: ");
            postfix.logged("status=sent (delivered to maildir)");
            List<Path> mails = new MaildirFolder(folder.resolve("postfix/mail/box")).messages();
            assertThat(mails)
                    .singleElement()
                    .satisfies(mail -> assertThat(Files.readString(mail, UTF_8))
                            .contains("with ESMTPS id")
                            .contains("\nSubject: hello\n", "\n\n.dots\n. and more\n"));
        }
    }

    @Test
    void whatPostfixDoesNotKnowIsRefusedForGood() throws Exception {
        try (Postfix postfix = Postfix.server(folder, port, ca.issue("server"));
                GatewayProcess gateway = gateway(ca.certificate().toString())) {
            send(gateway.port(), "nobody@example.org", "Subject: hello");

            assertThat(gateway.mailLine()).contains(" refused ").contains("reply=\"550 5.1.1 ");
            postfix.logged("nobody of that name");
        }
    }

    @Test
    void aServerThatCannotBeVerifiedGetsNoMail() throws Exception {
        TestCa stranger = TestCa.in(folder.resolve("stranger"));
        try (Postfix postfix = Postfix.server(folder, port, ca.issue("server"));
                GatewayProcess gateway = gateway(stranger.certificate().toString())) {
            send(gateway.port(), "anybody@example.org", "Subject: hello");

            assertThat(gateway.mailLine()).contains(" deferred ").contains("reply=\"4");
            postfix.logged("SSL_accept error");
        }
    }

    @Test
    void eximTakesMailOverVerifiedTls() throws Exception {
        try (EximServer exim = EximServer.start(folder, port, ca.issue("server"));
                GatewayProcess gateway = gateway(ca.certificate().toString())) {
            send(gateway.port(), "anybody@example.org", "Subject: hello\n\n..dots");
            String line = gateway.mailLine();
            while (line.contains(" deferred ")) { // Exim may not be up yet
                line = gateway.mailLine();
            }

            assertThat(line).contains(" delivered ").contains("OK id=");
            assertThat(exim.messages())
                    .singleElement()
                    .asString()
                    .contains("Subject: hello", "anybody@example.org", "\n.dots\n");
            assertThat(exim.log()).contains("P=esmtps");
        }
    }

    @Test
    void whatEximDefersIsTriedAgain() throws Exception {
        try (EximServer exim = EximServer.start(folder, port, ca.issue("server"));
                GatewayProcess gateway = gateway(ca.certificate().toString())) {
            send(gateway.port(), "later@example.org", "Subject: hello");

            String line = gateway.mailLine();
            while (!line.contains("reply=\"451 4.2.1 come back later\"")) {
                assertThat(line).contains(" deferred ");
                line = gateway.mailLine();
            }
            assertThat(gateway.mailLine()).contains(" deferred ").contains("come back later");
            assertThat(exim.messages()).isEmpty();
        }
    }
}
