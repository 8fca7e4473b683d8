package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Reception;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.testkit.MailAssertions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Mail that was injected waits in the gateway's queues, where administrators look after it, and is handed on. */
@Timeout(180)
class HttpQueueIT {

    private static final String HELLO = "{\"subject\": \"hello\", \"text_body\": \"Hello\"}";
    private static final String SUSPEND = "/api/admin/suspend/v1";

    @TempDir
    Path folder;

    private final BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
    private int port;

    private @Nullable EsmtpListener nextHop;

    @BeforeEach
    void setUp() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    private GatewayProcess gateway() throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.json"), """
                {
                  "esmtp_listeners": [{"listen": "127.0.0.1:0", "hostname": "gateway.example"}],
                  "http_listeners": [{"listen": "127.0.0.1:0", "hostname": "gateway.example"}],
                  "spool": {"kind": "LocalDisk", "path": "./spool"},
                  "queue": {"retry_interval": "1 second"},
                  "egress_path": {"enable_tls": "Disabled"},
                  "deliver": {"smart_host": ["127.0.0.1:%d"]},
                  "local_logs": {"log_dir": "logs", "compression": "none"}
                }
                """.formatted(port));
        return GatewayProcess.start(folder, file.toString());
    }

    /** Begins to take mail where the gateway hands it on. */
    private void openNextHop() throws IOException {
        nextHop = EsmtpListener.builder().listen("127.0.0.1:" + port).build();
        nextHop.open(Reception.of(message -> {
            arrived.add(message);
            return Reply.OK;
        }));
    }

    @AfterEach
    void closeNextHop() {
        if (nextHop != null) {
            nextHop.close();
        }
    }

    private Message arrival() throws InterruptedException {
        Message message = arrived.poll(60, TimeUnit.SECONDS);
        assertThat(message).as("a message that has arrived").isNotNull();
        return message;
    }

    private static Curl curl(Path folder, GatewayProcess gateway) throws Exception {
        gateway.port();
        return Curl.of(folder, gateway);
    }

    /** What waits in a queue, once something does: a message is safe before it stands in line. */
    private static JsonNode queue(Curl curl, String name) throws Exception {
        while (true) {
            Curl.Answer answer = curl.ask("/api/admin/inspect-sched-q/v1?want_body=true&queue_name=" + name);
            if (answer.status() != 404 && !answer.json().path("messages").isEmpty()) {
                return answer.json();
            }
        }
    }

    private List<String> logged() throws IOException {
        List<String> types = new ArrayList<>();
        LogLines.read(
                folder.resolve("logs"), record -> types.add(record.path("type").asString()));
        return types;
    }

    @Test
    void whatIsSuspendedStaysUntilItIsReleased() throws Exception {
        openNextHop();
        try (GatewayProcess gateway = gateway()) {
            Curl curl = curl(folder, gateway);
            String order = curl.send("POST", SUSPEND, "{\"domain\": \"held.example\", \"reason\": \"wait\"}")
                    .json()
                    .path("id")
                    .asString();
            curl.injectFor("joe@held.example", HELLO);
            curl.injectFor("joe@free.example", HELLO);

            MailAssertions.assertThat(arrival()).hasRecipients("joe@free.example");
            JsonNode held = queue(curl, "held.example");
            assertThat(held.path("num_scheduled").asInt()).isEqualTo(1);
            JsonNode waiting = held.path("messages").get(0);
            assertThat(waiting.path("message").path("recipient").asString()).isEqualTo("joe@held.example");
            JsonNode message = curl.ask("/api/admin/inspect-message/v1?want_body=true&id="
                            + waiting.path("id").asString())
                    .json()
                    .path("message");
            assertThat(message.path("sender").asString()).isEqualTo("shop@example.com");
            assertThat(message.path("num_attempts").asInt()).isZero();
            assertThat(message.path("meta").path("reception_protocol").asString())
                    .isEqualTo("HTTP");
            assertThat(message.path("data").asString())
                    .contains("\r\nSubject: hello\r\n")
                    .endsWith("\r\n\r\nHello\r\n");
            assertThat(curl.ask(SUSPEND).json().get(0).path("id").asString()).isEqualTo(order);
            assertThat(arrived).isEmpty();

            assertThat(curl.send("DELETE", SUSPEND, "{\"id\": \"" + order + "\"}")
                            .status())
                    .isEqualTo(200);
            MailAssertions.assertThat(arrival())
                    .hasSender("shop@example.com")
                    .hasRecipients("joe@held.example")
                    .hasSubject("hello")
                    .hasBody("Hello\n");
            gateway.terminate();
            assertThat(gateway.exitCode()).isZero();
            assertThat(logged()).containsExactlyInAnyOrder("Reception", "Reception", "Delayed", "Delivery", "Delivery");
        }
    }

    @Test
    void whatIsBouncedIsGone() throws Exception {
        try (GatewayProcess gateway = gateway()) {
            Curl curl = curl(folder, gateway);
            curl.send("POST", SUSPEND, "{\"all\": true, \"reason\": \"wait\"}").json();
            curl.injectFor("joe@wrong.example", HELLO);
            curl.injectFor("joe@right.example", HELLO);
            queue(curl, "wrong.example");

            JsonNode order = curl.send(
                            "POST",
                            "/api/admin/bounce/v1",
                            "{\"domain\": \"wrong.example\", \"reason\": \"wrong list\"}")
                    .json();
            assertThat(order.path("total_bounced").asInt()).isEqualTo(1);
            assertThat(queue(curl, "right.example").path("num_scheduled").asInt())
                    .isEqualTo(1);
            gateway.terminate();
            assertThat(gateway.exitCode()).isZero();
            assertThat(logged()).contains("AdminBounce");
        }
        openNextHop();
        try (GatewayProcess gateway = gateway()) {
            gateway.port();
            MailAssertions.assertThat(arrival()).hasRecipients("joe@right.example");
            gateway.terminate();
            assertThat(gateway.exitCode()).isZero();
            assertThat(arrived).isEmpty();
            assertThat(logged()).containsOnlyOnce("AdminBounce", "Delivery");
        }
    }

    @Test
    void whatWasAnsweredFor200SurvivesAKill() throws Exception {
        try (GatewayProcess gateway = gateway()) {
            Curl curl = curl(folder, gateway);
            for (int i = 0; i < 20; i++) {
                curl.injectFor("joe" + i + "@example.org", HELLO);
            }
            gateway.kill();
        }
        openNextHop();
        try (GatewayProcess gateway = gateway()) {
            gateway.port();
            List<String> recipients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                recipients.add(arrival().recipients().get(0).toString());
            }
            assertThat(recipients).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300, 700})
    void whatIsGeneratedAfterThe200SurvivesAKill(int generated) throws Exception {
        Set<String> recipients = IntStream.range(0, 1000)
                .mapToObj(i -> "joe" + i + "@example.org")
                .collect(Collectors.toCollection(TreeSet::new));
        String list = recipients.stream()
                .map(recipient -> "{\"email\": \"" + recipient + "\"}")
                .collect(Collectors.joining(","));
        try (GatewayProcess gateway = gateway()) {
            Curl curl = curl(folder, gateway);
            JsonNode answer = curl.inject("{\"envelope_sender\": \"shop@example.com\", \"deferred_generation\": true,"
                            + " \"recipients\": [" + list + "], \"content\": {\"subject\": \"{{ email }}\","
                            + " \"text_body\": \"{% for i in range(200) %}{{ i }}, {% endfor %}\"}}")
                    .json();
            assertThat(answer.path("success_count").asInt()).isZero();
            assertThat(answer.path("fail_count").asInt()).isZero();
            while (generated(curl) < generated) {
                Thread.onSpinWait();
            }
            gateway.kill();
        }
        openNextHop();
        int doubled = 0;
        try (GatewayProcess gateway = gateway()) {
            Curl curl = curl(folder, gateway);
            while (!recipients.isEmpty()) {
                doubled += note(arrival(), recipients) ? 0 : 1;
            }
            while (depth(curl, "generator.kumomta.internal") + depth(curl, "example.org") > 0) {
                Thread.onSpinWait();
            }
            gateway.terminate();
            assertThat(gateway.exitCode()).isZero();
        }
        doubled += arrived.size();
        System.out.println("killed after " + generated + " of 1000 were generated: all arrived, " + doubled + " twice");
        assertThat(doubled)
                .isLessThanOrEqualTo(50 * Math.max(2, Runtime.getRuntime().availableProcessors() * 3 / 8));
        assertThat(logged()).isSubsetOf("Reception", "Delivery", "TransientFailure");
    }

    private static boolean note(Message message, Set<String> expected) {
        String recipient = message.recipients().get(0).toString();
        assertThat(message.headers().first("Subject")).contains(recipient);
        return expected.remove(recipient);
    }

    private static int generated(Curl curl) throws Exception {
        return curl.ask("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("http_deferred_generation_total{outcome=\"generated\"} "))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf("} ") + 2)))
                .sum();
    }

    private static int depth(Curl curl, String queue) throws Exception {
        Curl.Answer answer = curl.ask("/api/admin/inspect-sched-q/v1?queue_name=" + queue);
        return answer.status() == 404 ? 0 : answer.json().path("num_scheduled").asInt();
    }

    @Test
    void whatIsSpooledLaterSurvivesAKillOnceAnAttemptHasFailed() throws Exception {
        try (GatewayProcess gateway = gateway()) {
            Curl curl = curl(folder, gateway);
            assertThat(curl.inject(
                                    "{\"envelope_sender\": \"a@example.com\", \"recipients\": [{\"email\": \"joe@example.org\"}],"
                                            + " \"deferred_spool\": true, \"content\": " + HELLO + "}")
                            .json()
                            .path("success_count")
                            .asInt())
                    .isEqualTo(1);
            assertThat(gateway.mailLine()).contains(" deferred ");
            queue(curl, "example.org"); // told of before it is written
            gateway.kill();
        }
        openNextHop();
        try (GatewayProcess gateway = gateway()) {
            gateway.port();
            MailAssertions.assertThat(arrival())
                    .hasRecipients("joe@example.org")
                    .hasSubject("hello");
        }
    }

    @Test
    void twoReadersFindWhatWasInjectedAtTheNextHop() throws Exception {
        openNextHop();
        try (GatewayProcess gateway = gateway()) {
            curl(folder, gateway)
                    .injectFor(
                            "joe@example.org",
                            "{\"subject\": \"Gr\u00fc\u00dfe\", \"text_body\": \".\\n\u65e5\u672c\u8a9e\", \"html_body\": \"<p>\u00fc</p>\","
                                    + " \"attachments\": [{\"content_type\": \"text/plain\", \"data\": \".\\n..\\n\", \"file_name\": \"a.txt\"}]}");
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            arrival().writeTo(bytes);

            PythonMail mail = PythonMail.read(folder, List.of(Files.write(folder.resolve("mail"), bytes.toByteArray())))
                    .get(0);
            assertThat(mail.defects()).isEmpty();
            assertThat(mail.header("Subject")).isEqualTo("Gr\u00fc\u00dfe");
            assertThat(mail.parts().get(0).parts().get(0).text()).isEqualTo(".\n\u65e5\u672c\u8a9e\n");
            assertThat(mail.parts().get(1).text()).isEqualTo(".\n..\n");
            HttpGatewayIT.assertSame(mail, MailParts.read(bytes.toByteArray()));
        }
    }

    @Test
    void postfixTakesWhatWasInjected() throws Exception {
        TestCa ca = TestCa.in(folder.resolve("ca"));
        try (Postfix postfix = Postfix.server(folder, port, ca.issue("server"));
                GatewayProcess gateway = gateway()) {
            curl(folder, gateway).injectFor("anybody@example.org", HELLO);

            assertThat(gateway.mailLine()).contains(" delivered ").contains("reply=\"250 2.0.0 Ok: ");
            postfix.logged("status=sent (delivered to maildir)");
            List<Path> mails = new MaildirFolder(folder.resolve("postfix/mail/box")).messages();
            PythonMail mail = PythonMail.read(folder, mails).get(0);
            assertThat(mail.defects()).isEmpty();
            assertThat(mail.header("Subject")).isEqualTo("hello");
            assertThat(mail.text()).isEqualTo("Hello\n");
        }
    }
}
