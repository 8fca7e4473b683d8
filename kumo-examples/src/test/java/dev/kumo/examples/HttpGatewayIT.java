package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The gateway takes mail over HTTP from curl; what lands in the Maildir is read by Python and by ourselves. */
@Timeout(180)
class HttpGatewayIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    private MaildirFolder maildir;

    @BeforeEach
    void setUp() {
        maildir = new MaildirFolder(folder.resolve("mail"));
    }

    private GatewayProcess gateway(String more) throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.json"), """
                {
                  "http_listeners": [{"listen": "127.0.0.1:0", "hostname": "gateway.example"}],
                  "deliver": {"maildir": "mail"}
                  %s
                }
                """.formatted(more));
        return GatewayProcess.start(folder, file.toString());
    }

    private static ObjectNode request(String... recipients) {
        ObjectNode request = JSON.createObjectNode().put("envelope_sender", "shop@example.com");
        ArrayNode list = request.putArray("recipients");
        for (String recipient : recipients) {
            list.addObject().put("email", recipient);
        }
        return request;
    }

    private static void assertTaken(int count, Curl.Answer answer) {
        JsonNode result = answer.json();
        assertThat(result.path("success_count").asInt()).as(answer.body()).isEqualTo(count);
        assertThat(result.path("fail_count").asInt()).as(answer.body()).isZero();
    }

    private PythonMail onlyMail() throws Exception {
        assertThat(maildir.messages()).hasSize(1);
        PythonMail mail = PythonMail.read(folder, maildir.messages()).get(0);
        assertThat(mail.defects()).isEmpty();
        return mail;
    }

    @Test
    void aWholeMessageArrivesAsItWasSaid() throws Exception {
        String subject = "Gr\u00fc\u00dfe, " + "und noch ein langes Wort ".repeat(12) + "\ud83d\ude00 Ende";
        ObjectNode request = request("joe@example.org");
        request.put(
                "content",
                "From: J\u00fcrgen Gro\u00dfe <shop@example.com>\nTo: Joe <joe@example.org>\nSubject: " + subject
                        + "\nX-Mailer: none\n\n.\nFrom here on\n\u65e5\u672c\u8a9e\n" + "x".repeat(2000) + "\n");
        try (GatewayProcess gateway = gateway("")) {
            assertTaken(1, Curl.of(folder, gateway).inject(request.toString()));

            PythonMail mail = onlyMail();
            assertThat(mail.header("Subject")).isEqualTo(subject);
            assertThat(mail.header("From")).isEqualTo("J\u00fcrgen Gro\u00dfe <shop@example.com>");
            assertThat(mail.header("To")).isEqualTo("Joe <joe@example.org>");
            assertThat(mail.header("X-Mailer")).isEqualTo("none");
            assertThat(mail.header("Return-Path")).isEqualTo("<shop@example.com>");
            assertThat(mail.headers("X-KumoRef")).hasSize(1);
            assertThat(mail.text()).isEqualTo(".\nFrom here on\n\u65e5\u672c\u8a9e\n" + "x".repeat(2000) + "\n");
            MailParts own = MailParts.read(maildir.onlyMessage());
            assertSame(mail, own);
            assertThat(new String(maildir.onlyMessage(), ISO_8859_1).lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(998));
        }
    }

    @Test
    void builtPartsArriveAsTheyWereGiven() throws Exception {
        byte[] image = new byte[100_000];
        new SplittableRandom(1).nextBytes(image);
        String image64 = Base64.getEncoder().encodeToString(image);
        ObjectNode request = request("joe@example.org");
        ObjectNode content = request.putObject("content");
        content.put("text_body", "Gr\u00fc\u00dfe\n\n.\ntrailing blank \n");
        content.put("html_body", "<p>Gr\u00fc\u00dfe <img src=\"cid:logo@x\"></p>");
        content.put("subject", "Angebot \u20ac 100");
        content.putObject("from").put("email", "shop@example.com").put("name", "Caf\u00e9, \"Z\u00fcrich\"");
        content.putObject("reply_to").put("email", "help@example.com");
        content.putObject("headers").put("X-Campaign", "autumn");
        ArrayNode attachments = content.putArray("attachments");
        attachments
                .addObject()
                .put("content_type", "image/png")
                .put("content_id", "logo@x")
                .put("file_name", "logo.png")
                .put("base64", true)
                .put("data", image64);
        attachments
                .addObject()
                .put("content_type", "application/pdf")
                .put("file_name", "\u00c4rger; \"x\".pdf")
                .put("base64", true)
                .put("data", image64);
        attachments.addObject().put("content_type", "text/csv; charset=utf-8").put("data", "a;\u00fc\n");
        try (GatewayProcess gateway = gateway("")) {
            assertTaken(1, Curl.of(folder, gateway).inject(request.toString()));

            PythonMail mail = onlyMail();
            assertThat(mail.header("Subject")).isEqualTo("Angebot \u20ac 100");
            assertThat(mail.header("From")).isEqualTo("\"Caf\u00e9, \\\"Z\u00fcrich\\\"\" <shop@example.com>");
            assertThat(mail.header("Reply-To")).isEqualTo("help@example.com");
            assertThat(mail.header("X-Campaign")).isEqualTo("autumn");
            assertThat(mail.header("To")).isEqualTo("joe@example.org");
            assertThat(mail.header("Message-ID")).matches("<\\S+@gateway\\.example>");
            assertThat(mail.parts())
                    .extracting(PythonMail::type)
                    .containsExactly("multipart/related", "application/pdf", "text/csv");
            PythonMail related = mail.parts().get(0);
            PythonMail texts = related.parts().get(0);
            assertThat(texts.parts()).extracting(PythonMail::type).containsExactly("text/plain", "text/html");
            assertThat(texts.parts().get(0).text()).isEqualTo("Gr\u00fc\u00dfe\n\n.\ntrailing blank \n");
            assertThat(related.parts().get(1).payload()).isEqualTo(image);
            assertThat(related.parts().get(1).member("id")).isEqualTo("<logo@x>");
            assertThat(related.parts().get(1).member("disposition")).isEqualTo("inline");
            assertThat(mail.parts().get(1).payload()).isEqualTo(image);
            assertThat(mail.parts().get(1).name()).isEqualTo("\u00c4rger; \"x\".pdf");
            assertThat(mail.parts().get(2).text()).isEqualTo("a;\u00fc\n");
            assertSame(mail, MailParts.read(maildir.onlyMessage()));
        }
    }

    /** Two readers find the same parts; Python reads files by lines, and gives their ends as LF. */
    static void assertSame(PythonMail python, MailParts own) {
        assertThat(own.type()).isEqualTo(python.type());
        if (own.type().startsWith("text/")) {
            assertThat(own.text()).isEqualTo(python.text());
        } else {
            assertThat(own.payload()).isEqualTo(python.payload());
        }
        assertThat(own.parts()).hasSameSizeAs(python.parts());
        Iterator<MailParts> parts = own.parts().iterator();
        python.parts().forEach(part -> assertSame(part, parts.next()));
    }

    @Test
    void fiftyRecipientsHaveAMessageOfTheirOwn() throws Exception {
        ObjectNode request = request();
        request.putObject("substitutions").put("shop", "Caf\u00e9").put("greeting", "Hello");
        ObjectNode content = request.putObject("content");
        content.put("subject", "{{ greeting }} {{ name }}, order {{ order.number }}");
        content.put(
                "text_body",
                "{% for item in order.items %}{{ loop.index }} {{ item | upper }}\n{% endfor %}{{ shop }}");
        content.put("html_body", "<p>{{ name }}</p>");
        content.putObject("from").put("email", "shop@example.com").put("name", "{{ shop }}");
        for (int i = 0; i < 50; i++) {
            ObjectNode recipient = request.withArray("recipients").addObject();
            recipient.put("email", "r" + i + "@example.org").put("name", "N\u00e4me <" + i + ">");
            ObjectNode own = recipient.putObject("substitutions");
            if (i % 2 == 1) {
                own.put("greeting", "Gr\u00fc\u00df Gott");
            }
            ObjectNode order = own.putObject("order").put("number", 1000 + i);
            order.putArray("items").add("tea").add("item " + i);
        }
        try (GatewayProcess gateway = gateway("")) {
            assertTaken(50, Curl.of(folder, gateway).inject(request.toString()));
        }
        TreeMap<String, PythonMail> byRecipient = new TreeMap<>();
        for (PythonMail mail : PythonMail.read(folder, maildir.messages())) {
            assertThat(mail.defects()).isEmpty();
            byRecipient.put(mail.header("To"), mail);
        }
        assertThat(byRecipient).hasSize(50);
        for (int i = 0; i < 50; i++) {
            PythonMail mail = byRecipient.get("\"N\u00e4me <" + i + ">\" <r" + i + "@example.org>");
            assertThat(mail)
                    .as("the mail of recipient %d among %s", i, byRecipient.keySet())
                    .isNotNull();
            assertThat(mail.header("Subject"))
                    .isEqualTo((i % 2 == 1 ? "Gr\u00fc\u00df Gott" : "Hello") + " N\u00e4me <" + i + ">, order "
                            + (1000 + i));
            assertThat(mail.header("From")).isEqualTo("Caf\u00e9 <shop@example.com>");
            assertThat(mail.parts().get(0).text().stripTrailing()).isEqualTo("1 TEA\n2 ITEM " + i + "\nCaf\u00e9");
            assertThat(mail.parts().get(1).text().stripTrailing()).isEqualTo("<p>N\u00e4me &lt;" + i + "&gt;</p>");
        }
    }

    @Test
    void handlebarsIsInTheJarToo() throws Exception {
        ObjectNode request = request("joe@example.org");
        request.put("template_dialect", "Handlebars");
        request.putObject("substitutions").putArray("items").add("tea").add("milk");
        request.putObject("content").put("subject", "{{email}}").put("text_body", "{{#each items}}{{this}};{{/each}}");
        try (GatewayProcess gateway = gateway("")) {
            assertTaken(1, Curl.of(folder, gateway).inject(request.toString()));

            PythonMail mail = onlyMail();
            assertThat(mail.header("Subject")).isEqualTo("joe@example.org");
            assertThat(mail.text().strip()).isEqualTo("tea;milk;");
        }
    }

    @Test
    void aRepeatIsAnsweredAndMakesNoSecondMessage() throws Exception {
        String json = request("joe@example.org")
                .put("content", "Subject: once\n\nHello\n")
                .toString();
        try (GatewayProcess gateway = gateway("")) {
            Curl curl = Curl.of(folder, gateway);
            Curl.Answer first = curl.inject(json, "-H", "Idempotency-Key: \"order-17\"");
            Curl.Answer second = curl.inject(json, "-H", "Idempotency-Key: \"order-17\"");
            Curl.Answer other = curl.inject(json.replace("once", "twice"), "-H", "Idempotency-Key: \"order-17\"");

            assertTaken(1, first);
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(other.status()).isEqualTo(422);
            assertThat(maildir.messages()).hasSize(1);
        }
    }

    @Test
    void aBodyMayBeCompressed() throws Exception {
        String json = request("joe@example.org")
                .put("content", "Subject: packed\n\n" + "Hello ".repeat(150) + "\n")
                .toString();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(json.getBytes(UTF_8));
        }
        Path body = Files.write(folder.resolve("request.gz"), packed.toByteArray());
        try (GatewayProcess gateway = gateway("")) {
            assertTaken(
                    1,
                    Curl.of(folder, gateway)
                            .ask(
                                    "/api/inject/v1",
                                    "-H",
                                    "Content-Type: application/json",
                                    "-H",
                                    "Content-Encoding: gzip",
                                    "--data-binary",
                                    "@" + body));

            assertThat(onlyMail().header("Subject")).isEqualTo("packed");
        }
    }

    @Test
    void theLogTellsOfItAndTheMetricsCountIt() throws Exception {
        try (GatewayProcess gateway = gateway(", \"esmtp_listeners\": [{\"listen\": \"127.0.0.1:0\"}],"
                + " \"local_logs\": {\"log_dir\": \"logs\", \"headers\": [\"Subject\"]}")) {
            int smtp = gateway.port();
            Curl curl = Curl.of(folder, gateway);
            curl.injectFor("joe@example.org", "{\"subject\": \"by HTTP\", \"text_body\": \"Hello\"}");
            try (RawClient client = new RawClient(smtp)) {
                client.reply();
                client.ask("EHLO client.example");
                client.ask("MAIL FROM:<a@client.example>");
                client.ask("RCPT TO:<b@example.com>");
                client.ask("DATA");
                assertThat(client.ask("Subject: by SMTP\n\nHello\n.")).startsWith("250 2.6.0 accepted, id ");
            }
            assertThat(gateway.mailLine())
                    .contains(" delivered id=", " from=<shop@example.com> to=<joe@example.org> ", " client=127.0.0.1 ");
            gateway.mailLine();

            assertThat(curl.ask("/metrics").body())
                    .contains("\ntotal_messages_delivered 2\n")
                    .contains("\ntotal_messages_received{service=\"http_listener\"} 1\n")
                    .contains("\ntotal_messages_received{service=\"esmtp_listener\"} 1\n");
            gateway.terminate();
            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.errors()).isEmpty();
        }
        List<JsonNode> records = new ArrayList<>();
        LogLines.read(folder.resolve("logs"), record -> {
            if (record.path("sender").asString().equals("shop@example.com")) {
                records.add(record);
            }
        });
        assertThat(records)
                .extracting(record -> record.path("type").asString())
                .containsExactly("Reception", "Delivery");
        assertThat(records).allSatisfy(record -> {
            assertThat(record.path("reception_protocol").asString()).isEqualTo("HTTP");
            assertThat(record.path("recipient").asString()).isEqualTo("joe@example.org");
            assertThat(record.path("headers").path("Subject").asString()).isEqualTo("by HTTP");
        });
        assertThat(records.get(0).path("peer_address").path("addr").asString()).isEqualTo("127.0.0.1");
    }
}
