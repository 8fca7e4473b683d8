package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GatewayProcessIT {

    @TempDir
    Path folder;

    private MaildirFolder maildir;

    @BeforeEach
    void setUp() {
        maildir = new MaildirFolder(folder.resolve("mail"));
    }

    @Test
    void takesAMailTellsItAndKeepsIt() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(folder, file(0))) {
            int port = gateway.port();
            assertThat(gateway.line())
                    .isEqualTo("Mail lands in the Maildir " + maildir.root() + ", a file per message in "
                            + maildir.root().resolve("new"));

            try (RawClient client = new RawClient(port)) {
                toContent(client);
                assertThat(client.ask("Subject: Hi\n\nHello\n.")).startsWith("250 2.6.0 accepted, id ");
                assertThat(client.ask("QUIT")).startsWith("221 2.0.0 ");
            }

            assertThat(gateway.line())
                    .matches("\\S+Z delivered id=[0-9a-f]{32} from=<a@client\\.example> to=<b@example\\.com>"
                            + " size=[0-9]+ client=127\\.0\\.0\\.1:[0-9]+ reply=\"250 2\\.0\\.0 delivered\"");
            assertThat(new String(maildir.onlyMessage(), ISO_8859_1)).endsWith("\r\nSubject: Hi\r\n\r\nHello\r\n");
        }
    }

    @Test
    void aRefusalIsTold() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(folder, file(0))) {
            try (RawClient client = new RawClient(gateway.port())) {
                client.reply();
                client.ask("EHLO client.example");
                client.ask("MAIL FROM:<a@client.example>");
                assertThat(client.ask("RCPT TO:<b@closed.example>")).startsWith("550 5.7.1 ");
            }
            gateway.line();

            assertThat(gateway.line())
                    .contains(" rejected RCPT from=<a@client.example> to=<b@closed.example> client=127.0.0.1:")
                    .contains(" reply=\"550 5.7.1 ");
        }
    }

    @Test
    void aTransactionThatRunsWhenItIsToldToEndIsFinished() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(folder, file(0))) {
            int port = gateway.port();
            gateway.line();
            try (RawClient client = new RawClient(port)) {
                toContent(client);
                client.send("Subject: Hi\n\nHel");

                gateway.terminate();
                Ports.awaitClosed(port);
                client.send("lo\n.\n");

                assertThat(client.reply()).startsWith("250 2.6.0 accepted, id ");
                assertThat(client.reply()).startsWith("421 4.3.2 ");
                assertThat(client.reply()).isEqualTo("closed");
            }

            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.rest())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains(" delivered id="));
            assertThat(gateway.errors()).isEmpty();
            assertThat(new String(maildir.onlyMessage(), ISO_8859_1)).endsWith("\r\nSubject: Hi\r\n\r\nHello\r\n");
        }
    }

    @Test
    void anIdleGatewayEndsWhenItIsTold() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(folder, file(0))) {
            gateway.port();
            gateway.line();

            gateway.terminate();

            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.rest()).isEmpty();
            assertThat(gateway.errors()).isEmpty();
        }
    }

    @Test
    void aWrongKeyIsNamedAndNothingIsOpened() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.json"), """
                {
                  "esmtp_listeners": [{"listen": "127.0.0.1:0"}],
                  "delivr": {"maildir": "mail"}
                }
                """);

        try (GatewayProcess gateway = GatewayProcess.start(folder, file.toString())) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.errors())
                    .isEqualToNormalizingNewlines("gateway: unknown key 'delivr' (did you mean 'deliver'?)\n");
            assertThat(gateway.rest()).isEmpty();
            assertThat(maildir.root()).doesNotExist();
        }
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(folder, "missing.json")) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.errors())
                    .isEqualToNormalizingNewlines(
                            "missing.json: there is no such file; name a JSON file that exists\n");
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GatewayProcess gateway = GatewayProcess.start(folder, file(taken.getLocalPort()))) {
            assertThat(gateway.exitCode()).isEqualTo(1);
            assertThat(gateway.errors())
                    .startsWith("esmtp_listeners[0].listen: cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .contains("in use; give it another address in the file (see --help), or end what has this one")
                    .hasLineCount(1);
            assertThat(gateway.rest()).isEmpty();
        }
    }

    @Test
    void aMaildirThatCannotBeMadeIsNamed() throws Exception {
        Files.writeString(maildir.root(), "a file, not a folder");

        try (GatewayProcess gateway = GatewayProcess.start(folder, file(0))) {
            assertThat(gateway.exitCode()).isEqualTo(1);
            assertThat(gateway.errors())
                    .startsWith("gateway.deliver.maildir: cannot use '" + maildir.root() + "' as a maildir: ")
                    .hasLineCount(1);
            assertThat(gateway.rest()).isEmpty();
        }
    }

    @Test
    void helpIsNoError() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(folder, "--help")) {
            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.line()).isEqualTo("usage: java -jar kumo-gateway.jar [FILE.json | POLICY.lua]");
            assertThat(gateway.errors()).isEmpty();
        }
    }

    @Test
    void anArgumentTooManyIsAnError() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(folder, "a.json", "b.json")) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.errors()).startsWith("usage: java -jar kumo-gateway.jar [FILE.json | POLICY.lua]");
            assertThat(gateway.rest()).isEmpty();
        }
    }

    private String file(int port) throws IOException {
        return Files.writeString(folder.resolve("gateway.json"), """
                        {
                          "esmtp_listeners": [
                            {
                              "listen": "127.0.0.1:%d",
                              "hostname": "gateway.example",
                              "domains": {"closed.example": {"relay_to": false}},
                              "limits": {"close_grace_period": "1 minute"}
                            }
                          ],
                          "deliver": {"maildir": "mail"}
                        }
                        """.formatted(port))
                .toString();
    }

    private static void toContent(RawClient client) throws IOException {
        assertThat(client.reply()).startsWith("220 gateway.example ");
        assertThat(client.ask("EHLO client.example")).startsWith("250 ");
        assertThat(client.ask("MAIL FROM:<a@client.example>")).startsWith("250 2.");
        assertThat(client.ask("RCPT TO:<b@example.com>")).startsWith("250 2.");
        assertThat(client.ask("DATA")).startsWith("354 ");
    }
}
