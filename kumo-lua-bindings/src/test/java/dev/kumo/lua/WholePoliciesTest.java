package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.Mta;
import dev.kumo.core.Reception;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import dev.kumo.http.Access;
import dev.kumo.http.HttpListener;
import dev.kumo.http.Method;
import dev.kumo.http.Response;
import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Policies that are more than a listener's: HTTP, logs, queues, and all of it together. */
@Timeout(60)
class WholePoliciesTest {

    @TempDir
    Path folder;

    private static String rcpt(SmtpDialogue dialogue, String from, String to) {
        dialogue.send("EHLO client.example");
        dialogue.send("MAIL FROM:<" + from + ">");
        return dialogue.send("RCPT TO:<" + to + ">").get(0);
    }

    private static String send(SmtpDialogue dialogue, String from, String to, String... content) {
        String answer = rcpt(dialogue, from, to);
        if (!answer.startsWith("250")) {
            return answer;
        }
        dialogue.send("DATA");
        for (String line : content) {
            dialogue.send(line);
        }
        return dialogue.send(".").get(0);
    }

    @Test
    void customersInjectOverHttp() throws Exception {
        List<Message> received = new CopyOnWriteArrayList<>();
        try (LuaPolicyFile policy = LuaPolicyFile.load(Policies.resource("http-inject.lua"));
                HttpListener listener = policy.httpListeners().get(0)) {
            listener.open(Reception.of(message -> {
                received.add(message);
                return Reply.OK;
            }));
            int port = listener.address().getPort();

            assertThat(inject(port, "acme:roadrunner", "b@example.com", "").statusCode())
                    .isEqualTo(200);
            assertThat(inject(port, "acme:counter", "b@example.com", "").statusCode())
                    .isEqualTo(401);
            assertThat(inject(port, "shop:counter", "b@competitor.example", "").body())
                    .contains("5.7.1 not there");
            assertThat(inject(port, "shop:counter", "b@example.com", "x".repeat(30_000))
                            .statusCode())
                    .isEqualTo(413);
        }
        assertThat(received).singleElement().satisfies(message -> {
            assertThat(message.queue()).hasToString("acme@example.com");
            assertThat(message.headers().first("X-Internal")).isEmpty();
            assertThat(message.headers().first("Subject")).contains("hi");
        });
    }

    private static HttpResponse<String> inject(int port, String user, String to, String text) throws Exception {
        String basic = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/inject/v1"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Basic " + basic)
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"envelope_sender": "a@client.example", "recipients": [{"email": "%s"}],
                         "content": "Subject: hi\\r\\nX-Internal: 7\\r\\n\\r\\n%s"}
                        """.formatted(to, text)))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void deliveriesAreToldToAWebServer() throws Exception {
        BlockingQueue<String> posted = new LinkedBlockingQueue<>();
        try (HttpListener web = HttpListener.builder()
                .listen("127.0.0.1:0")
                .route(Method.POST, "/log", Access.OPEN, request -> {
                    posted.add(request.text());
                    return Response.text(200, "thanks");
                })
                .build()) {
            web.open(Reception.of(message -> Reply.OK));
            String script = Files.readString(Policies.resource("log-hook.lua"))
                    .replace("PORT", String.valueOf(web.address().getPort()));
            try (LuaPolicyFile policy = LuaPolicyFile.builder(Policies.write(folder, script))
                            .delivery(Delivery.discard())
                            .load();
                    Mta mta = policy.mta()) {
                mta.start();
                say(policy.listeners().get(0).address(), """
                        EHLO client.example
                        MAIL FROM:<a@acme.example>
                        RCPT TO:<b@example.com>
                        DATA
                        Subject: hi

                        hello
                        .
                        QUIT
                        """);
                assertThat(posted.take())
                        .contains(
                                "\"type\":\"Delivery\"", "\"Subject\":\"hi\"", "\"tenant\":\"acme\"", "b@example.com");
            }
            assertThat(posted).isEmpty();
        }
    }

    /** Says all lines one after the other, each after the reply to the one before, but for those of the content. */
    private static void say(InetSocketAddress address, String lines) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            var replies = new java.io.BufferedReader(
                    new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            boolean content = false;
            String reply = replies.readLine();
            for (String line : lines.lines().toList()) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                content = content && !line.equals(".");
                if (!content) {
                    do {
                        reply = replies.readLine();
                        assertThat(reply).as(line).matches("[23]\\d\\d.*");
                    } while (reply.charAt(3) == '-');
                }
                content |= line.equals("DATA");
            }
        }
    }

    @Test
    void ratesAreByTenantAndProvider() {
        try (LuaPolicyFile policy = LuaPolicyFile.load(Policies.resource("throttles.lua"))) {
            var free = policy.queueOptions(QueueName.parse("free@example.com"));
            assertThat(free.maxMessageRate()).hasToString("Optional[10/h]");
            assertThat(free.retryInterval()).isEqualTo(Duration.ofHours(1));
            assertThat(policy.queueOptions(QueueName.parse("paid@example.com")).maxMessageRate())
                    .hasToString("Optional[1000/min]");
            assertThat(policy.queueOptions(QueueName.parse("example.com")).maxMessageRate())
                    .isEmpty();
            var google = policy.egressPathOptions("aspmx.l.google.com", "ip-1", "example.com")
                    .limits();
            assertThat(google.connectionLimit()).isEqualTo(20);
            assertThat(google.maxDeliveriesPerConnection()).isEqualTo(50);
            assertThat(policy.egressPathOptions("mail.protection.outlook.com", "ip-1", "example.com")
                            .limits()
                            .connectionLimit())
                    .isEqualTo(5);
            assertThat(policy.egressPathOptions("mx.elsewhere.example", "ip-1", "elsewhere.example")
                            .limits()
                            .connectionLimit())
                    .isEqualTo(2);
            SmtpDialogue.with(policy.listeners().get(0)).run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@b.example>
                    S: 250 *
                    C: RCPT TO:<a@example.com>
                    S: 250 *
                    C: RCPT TO:<b@example.com>
                    S: 452 4.5.3 *
                    C: RSET
                    S: 250 *
                    C: MAIL FROM:<a@b.example>
                    S: 250 *
                    C: RSET
                    S: 250 *
                    C: MAIL FROM:<a@b.example>
                    S: 451 *
                    """);
        }
    }

    @Test
    void allOfASendersPolicy() {
        try (LuaPolicyFile policy = LuaPolicyFile.load(Policies.resource("whole.lua"))) {
            assertThat(policy.listeners()).hasSize(2);
            var listener = policy.listeners().get(0);
            SmtpDialogue inside = SmtpDialogue.with(listener).from("10.1.2.3");
            assertThat(send(inside, "a@news.example.com", "b@gmail.example", "X-Campaign: spring", "", "hi"))
                    .startsWith("250 ");
            Message message = inside.received().get(0);
            assertThat(message.queue()).hasToString("spring:news@gmail.example");
            assertThat(message.headers().first("X-Campaign")).isEmpty();
            assertThat(message.headers().first("X-KumoRef")).isPresent();
            assertThat(send(
                            SmtpDialogue.with(listener).from("10.1.2.3"),
                            "a@elsewhere.example",
                            "b@gmail.example",
                            "",
                            "hi"))
                    .isEqualTo("550 5.7.1 who are you?");
            assertThat(rcpt(SmtpDialogue.with(listener), "a@news.example.com", "b@gmail.example"))
                    .isEqualTo("550 5.7.1 relaying denied");
            assertThat(rcpt(SmtpDialogue.with(listener), "", "x@bounce.example.com"))
                    .startsWith("250 ");

            var queue = policy.queueOptions(message.queue());
            assertThat(queue.maxAge()).isEqualTo(Duration.ofHours(12));
            assertThat(policy.egressPool(queue.egressPool()).entries())
                    .extracting(entry ->
                            policy.egressSource(entry.name()).ehloDomain().orElse(""))
                    .containsExactly("out1.example.com", "out2.example.com");
            assertThat(policy.queueOptions(QueueName.parse("shop@example.org")).egressPool())
                    .isEqualTo("transactional");
            assertThatThrownBy(() -> policy.egressSource("ip-9"))
                    .hasMessageStartingWith("whole.lua:")
                    .hasMessageContaining("bad argument #1 to 'for iterator'");
        }
    }
}
