package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.QueueName;
import dev.kumo.testkit.SmtpDialogue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole policies, each with what its clients hear. */
class PolicyDialoguesTest {

    private LuaPolicyFile policy;

    @AfterEach
    void close() {
        policy.close();
    }

    private SmtpDialogue dialogue(String name) {
        policy = LuaPolicyFile.builder(Policies.resource(name)).readFiles(true).load();
        return fresh();
    }

    private SmtpDialogue fresh() {
        return SmtpDialogue.with(policy.listeners().get(0));
    }

    /** Says all of it up to the end of the content; the last reply. */
    private static String send(SmtpDialogue dialogue, String from, String to, String... content) {
        dialogue.send("EHLO client.example");
        dialogue.send("MAIL FROM:<" + from + ">");
        String answer = dialogue.send("RCPT TO:<" + to + ">").get(0);
        if (!answer.startsWith("250")) {
            return answer;
        }
        dialogue.send("DATA");
        for (String line : content) {
            dialogue.send(line);
        }
        return dialogue.send(".").get(0);
    }

    private static String text(Message message) throws Exception {
        try (var in = message.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void smartHostRelaysForItsNetworkOnly() {
        SmtpDialogue inside = dialogue("smart-host.lua").from("10.1.2.3");
        assertThat(send(inside, "a@example.com", "b@elsewhere.example", "", "hi"))
                .startsWith("250 ");
        assertThat(inside.received().get(0).queue()).hasToString("elsewhere.example!smarthost.example.net");
        fresh().run("""
                S: 220 smart.example.com *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<a@example.com>
                S: 250 2.1.0 OK
                C: RCPT TO:<b@elsewhere.example>
                S: 550 5.7.1 relaying denied
                """);
    }

    @Test
    void domainsComeFromTheScript() {
        dialogue("domain-list.lua").run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<a@elsewhere.example>
                S: 250 2.1.0 OK
                C: RCPT TO:<b@example.com>
                S: 250 2.1.5 OK
                C: RCPT TO:<b@reports.example.com>
                S: 250 2.1.5 OK
                C: RCPT TO:<b@www.example.com>
                S: 550 5.7.1 relaying denied
                """);
    }

    @Test
    void tenantsComeFromHeaders() throws Exception {
        SmtpDialogue dialogue = dialogue("tenant.lua");
        assertThat(send(
                        dialogue,
                        "a@acme.example",
                        "b@elsewhere.example",
                        "X-Tenant: acme",
                        "X-Campaign: spring",
                        "",
                        "hi"))
                .startsWith("250 ");
        Message message = dialogue.received().get(0);
        assertThat(message.queue()).hasToString("spring:acme@elsewhere.example");
        assertThat(text(message)).doesNotContain("X-Tenant", "X-Campaign");
        String trace = message.headers().first("X-KumoRef").orElseThrow().replaceAll("\\s", "");
        assertThat(new String(Base64.getDecoder().decode(trace), StandardCharsets.UTF_8))
                .contains("\"tenant\":\"acme\"", "\"campaign\":\"spring\"");
        assertThat(send(fresh(), "a@acme.example", "b@elsewhere.example", "Subject: x", "", "hi"))
                .isEqualTo("550 5.7.1 X-Tenant is missing");
        assertThat(send(fresh(), "a@acme.example", "b@elsewhere.example", "X-Tenant: nobody", "", "hi"))
                .isEqualTo("550 5.7.1 no such tenant");
    }

    @Test
    void clientsShowWhoTheyAre() {
        String right = Base64.getEncoder().encodeToString("\0scott\0tiger".getBytes(StandardCharsets.UTF_8));
        String wrong = Base64.getEncoder().encodeToString("\0scott\0lion".getBytes(StandardCharsets.UTF_8));
        dialogue("auth.lua").underTls().run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: AUTH PLAIN %s
                S: 535 5.7.8 *
                C: AUTH PLAIN %s
                S: 235 2.7.0 *
                C: MAIL FROM:<a@elsewhere.example>
                S: 550 5.7.1 scott does not send for elsewhere.example
                C: MAIL FROM:<a@tiger.example>
                S: 250 2.1.0 OK
                C: RCPT TO:<b@elsewhere.example>
                S: 250 2.1.5 OK
                """.formatted(wrong, right));
        fresh().underTls().run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<a@tiger.example>
                S: 250 2.1.0 OK
                C: RCPT TO:<b@elsewhere.example>
                S: 550 5.7.1 relaying denied
                """);
    }

    @Test
    void queuesAreShapedByProvider() {
        dialogue("shaping.lua");
        var gmail = policy.queueOptions(QueueName.parse("spring:urgent@gmail.com"));
        assertThat(gmail.retryInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(gmail.maxAge()).isEqualTo(Duration.ofHours(2));
        assertThat(gmail.egressPool()).isEqualTo("pool-urgent");
        assertThat(gmail.maxMessageRate()).isPresent();
        assertThat(policy.queueOptions(QueueName.parse("example.com")).egressPool())
                .isEqualTo("shared");
        assertThat(policy.egressPool("shared").entries())
                .hasToString("[Entry[name=ip-1, weight=3], Entry[name=ip-2, weight=1]]");
        assertThat(policy.egressSource("ip-2").name()).isEqualTo("ip-2");
        assertThat(policy.egressPathOptions("mx.yahoo.com", "ip-1", "yahoo.com")
                        .limits()
                        .connectionLimit())
                .isEqualTo(3);
        assertThatThrownBy(() -> policy.egressSource("ip-3"))
                .hasMessage("the script knows no egress source 'ip-3'; let a handler of get_egress_source return one");
    }

    @Test
    void mailIsRefusedByItsHeaders() {
        assertThat(send(dialogue("reject-by-header.lua"), "a@b.example", "c@d.example", "Subject: VIAGRA now", "", "x"))
                .isEqualTo("554 5.7.1 not wanted here");
        assertThat(send(fresh(), "a@b.example", "c@d.example", "Received: 1", "Received: 2", "Received: 3", "", "x"))
                .isEqualTo("554 5.4.6 too many hops");
        SmtpDialogue longer = fresh();
        assertThat(send(longer, "a@b.example", "c@d.example", "", "x".repeat(900), "x".repeat(900), "x".repeat(900)))
                .isEqualTo("552 5.3.4 too long for us");
        assertThat(longer.isClosed()).isTrue();
        assertThat(send(fresh(), "a@b.example", "c@d.example", "Subject: hello", "", "x"))
                .startsWith("250 ");
    }

    @Test
    void bouncesAreRead() {
        SmtpDialogue dialogue = dialogue("bounce-domain.lua");
        assertThat(send(dialogue, "", "x@bounce.example.com", "Subject: hi", "", "text"))
                .isEqualTo("550 5.7.1 this address takes bounces only");
        assertThat(send(
                        dialogue,
                        "",
                        "x@bounce.example.com",
                        "MIME-Version: 1.0",
                        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                        "",
                        "--b",
                        "Content-Type: text/plain",
                        "",
                        "It failed.",
                        "--b",
                        "Content-Type: message/delivery-status",
                        "",
                        "Reporting-MTA: dns; mx.example.net",
                        "",
                        "Final-Recipient: rfc822; b@example.net",
                        "Action: failed",
                        "Status: 5.1.1",
                        "",
                        "--b--"))
                .startsWith("250 ");
        assertThat(dialogue.received().get(0).meta().get("x_action")).contains("failed");
    }

    @Test
    void connectionsAreSorted() {
        dialogue("connection-limits.lua").from("192.0.2.66").run("""
                S: 554 5.7.1 not you
                S: (closed)
                """);
        fresh().from("192.0.2.1").run("""
                S: 220 *
                C: EHLO localhost
                S: 550 5.7.1 you are not this machine
                C: EHLO [127.0.0.1]
                S: 550 5.7.1 you are not this machine
                C: EHLO client.example
                S: *
                C: MAIL FROM:<a@b.example>
                S: 250 2.1.0 OK
                C: RCPT TO:<a@example.com>
                S: 250 2.1.5 OK
                C: RCPT TO:<b@example.com>
                S: 250 2.1.5 OK
                C: RCPT TO:<c@example.com>
                S: 452 4.5.3 *
                """);
        fresh().from("198.51.100.1").run("""
                S: 220 *
                C: HELO client.example
                S: 250 *
                C: MAIL FROM:<a@b.example>
                S: 250 2.1.0 OK
                C: RCPT TO:<a@example.com>
                S: 450 4.7.1 strangers write to postmaster first
                C: RCPT TO:<postmaster@example.com>
                S: 250 2.1.5 OK
                """);
    }

    @Test
    void domainsHaveWildcards() {
        SmtpDialogue dialogue = dialogue("wildcards.lua");
        for (String domain : List.of("shop.example", "a.shop.example", "b.a.shop.example", "vip.shop.example")) {
            assertThat(send(dialogue, "x@y.example", "a@" + domain, "", "x")).startsWith("250 ");
        }
        assertThat(dialogue.received())
                .extracting(message -> message.meta().text("tenant").orElse(""))
                .containsExactly("shop", "shop-customer", "shop-customer", "vip");
        assertThat(send(fresh(), "x@y.example", "a@closed.shop.example", "", "x"))
                .startsWith("550 5.7.1");
    }

    @Test
    void metaDataGoesIntoTheTrace() {
        SmtpDialogue dialogue = dialogue("meta-into-trace.lua");
        assertThat(send(dialogue, "a@b.example", "c@d.example", "List-Id: weekly", "", "x"))
                .startsWith("250 ");
        Message message = dialogue.received().get(0);
        assertThat(message.headers().first("Received")).isEmpty();
        String trace = message.headers().first("X-Trace").orElseThrow().replaceAll("\\s", "");
        assertThat(new String(Base64.getDecoder().decode(trace), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"_@_\":\"\\\\_/\",\"recipient\":\"c@d.example\",\"x_customer\":\"client\",\"x_list\":\"weekly\"}");
    }

    @Test
    void handlersRunInOrder() {
        dialogue("several-handlers.lua").run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<>
                S: 451 4.7.1 no bounces now
                C: MAIL FROM:<a@b.example>
                S: 250 2.1.0 OK
                """);
    }

    @Test
    void messagesAreRewritten() throws Exception {
        SmtpDialogue dialogue = dialogue("rewrite.lua");
        assertThat(send(
                        dialogue,
                        "a@b.example",
                        "c@d.example",
                        "Subject: x",
                        "Bcc: secret",
                        " folded",
                        "",
                        "teh end of teh day"))
                .startsWith("250 ");
        String text = text(dialogue.received().get(0));
        assertThat(text)
                .startsWith("X-Greeting: =?UTF-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=\r\nReceived: ")
                .endsWith("\r\nSubject: x\r\nX-Text-Length: 20\r\n\r\nthe end of the day\r\n")
                .doesNotContain("secret", "folded")
                .containsOnlyOnce("Received: ");
    }

    @Test
    void strangersComeBackLater() {
        SmtpDialogue dialogue = dialogue("greylist.lua");
        assertThat(send(dialogue, "a@b.example", "c+tag@example.com", "", "x")).startsWith("250 ");
        Message message = dialogue.received().get(0);
        assertThat(message.meta().get("x_tag")).contains("tag");
        assertThat(message.meta().text("x_hash").orElseThrow()).hasSize(27);
        assertThat(send(fresh().from("198.51.100.7"), "a@b.example", "c@example.com", "", "x"))
                .isEqualTo("451 4.7.1 come back later");
    }

    @Test
    void queuesAreNamedByMetaData() {
        SmtpDialogue dialogue = dialogue("null-queue.lua");
        assertThat(send(dialogue, "a@b.example", "devnull@example.com", "", "x"))
                .startsWith("250 ");
        assertThat(send(dialogue, "a@b.example", "c@example.com", "", "x")).startsWith("250 ");
        assertThat(dialogue.received())
                .extracting(message -> message.queue().toString())
                .containsExactly("null", "bulk:shop@example.com!relay.example");
    }

    @Test
    void logsAndOtherFilesAreNamed() {
        dialogue("local-logs.lua").from("127.0.0.1").run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<a@b.example>
                S: 250 2.1.0 OK
                C: RCPT TO:<info@elsewhere.example>
                S: 250 2.1.5 OK
                C: RCPT TO:<boss@elsewhere.example>
                S: 550 5.1.1 no mailbox boss
                """);
        assertThat(policy.localLogs().orElseThrow().logDir()).endsWithRaw(Path.of("logs"));
    }
}
