package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.trace.SupplementalHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /api/inject/v1}, over HTTP. */
@Timeout(60)
class InjectTest {

    private static final String CONTENT = "'content':{'text_body':'Hello','from':{'email':'a@b.example'}}";

    private static Served served() throws IOException {
        return new Served(builder -> builder.time(() -> Instant.parse("2026-11-22T03:04:05Z")));
    }

    private static RawClient.Reply inject(Served served, String json, String... fields) throws IOException {
        return post(served, json.replace('\'', '"'), fields);
    }

    private static RawClient.Reply post(Served served, String json, String... fields) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        try (RawClient client = served.client()) {
            return client.send("POST /api/inject/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + String.join("", fields) + "Content-Length: " + body.length + "\r\n\r\n")
                    .send(body)
                    .reply();
        }
    }

    private static String request(String more) {
        return "{'envelope_sender':'sender@b.example','recipients':[{'email':'to@c.example'}]," + more + "}";
    }

    @Test
    void aMessageIsMadeAndReceived() throws IOException {
        try (Served served = served()) {
            RawClient.Reply reply = inject(
                    served,
                    "{'envelope_sender':'sender@b.example','recipients':[{'email':'to@c.example','name':'Otto'}],"
                            + "'content':{'text_body':'Hello\\nyou','subject':'Hi','from':{'email':'a@b.example','name':'Ann'},"
                            + "'reply_to':{'email':'r@b.example'},'headers':{'X-Tag':'t'}}}");

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body())
                    .isEqualTo("{\"success_count\":1,\"fail_count\":0,\"failed_recipients\":[],\"errors\":[]}");
            Message message = served.inbox.messages.get(0);
            assertThat(message.sender()).isEqualTo(EnvelopeAddress.parse("sender@b.example"));
            assertThat(message.recipients()).containsExactly(EnvelopeAddress.parse("to@c.example"));
            assertThat(message.isDeferredSpool()).isFalse();
            assertThat(message.meta().asMap())
                    .isEqualTo(Map.of(
                            "hostname", "mail.example.com",
                            "http_auth", "127.0.0.1",
                            "received_from", "127.0.0.1",
                            "received_via", "127.0.0.1",
                            "reception_protocol", "HTTP"));
            assertThat(SupplementalHeader.decode(
                            message.headers().first("X-KumoRef").orElseThrow()))
                    .contains(Map.of("recipient", "to@c.example"));
            String text = served.inbox.text(0);
            assertThat(text.substring(text.indexOf("From:")))
                    .isEqualTo("From: Ann <a@b.example>\r\n"
                            + "To: Otto <to@c.example>\r\n"
                            + "Reply-To: r@b.example\r\n"
                            + "Subject: Hi\r\n"
                            + "Date: Sun, 22 Nov 2026 03:04:05 +0000\r\n"
                            + "Message-ID: <" + message.id() + "@mail.example.com>\r\n"
                            + "X-Tag: t\r\n"
                            + "MIME-Version: 1.0\r\n"
                            + "Content-Type: text/plain; charset=us-ascii\r\n"
                            + "Content-Transfer-Encoding: 7bit\r\n"
                            + "\r\n"
                            + "Hello\r\nyou\r\n");
        }
    }

    @Test
    void fiftyRecipientsGetWordsOfTheirOwn() throws IOException {
        try (Served served = served()) {
            String recipients = IntStream.range(0, 50)
                    .mapToObj(
                            i -> "{'email':'u" + i + "@c.example','name':'U" + i + "','substitutions':{'n':" + i + "}}")
                    .collect(Collectors.joining(","));
            RawClient.Reply reply = inject(
                    served,
                    "{'envelope_sender':'','recipients':[" + recipients
                            + "],'substitutions':{'shop':'Books','n':'none'},"
                            + "'content':{'text_body':'{{ name }}, {{ n }}, {{ shop }}, {{ email }}, {{ to_header }}',"
                            + "'subject':'No. {{ n }}','from':{'email':'a@b.example','name':'{{ shop }}'}}}");

            assertThat(reply.body()).contains("\"success_count\":50");
            assertThat(served.inbox.messages).hasSize(50);
            for (int i = 0; i < 50; i++) {
                assertThat(served.inbox.text(i))
                        .contains("From: Books <a@b.example>\r\n")
                        .contains("Subject: No. " + i + "\r\n")
                        .contains("\r\n\r\nU" + i + ", " + i + ", Books, u" + i + "@c.example, U" + i + " <u" + i
                                + "@c.example>\r\n");
            }
            assertThat(served.inbox.messages.stream().map(Message::id).distinct())
                    .hasSize(50);
        }
    }

    @Test
    void oneRecipientsFateIsNotThatOfAnother() throws IOException {
        try (Served served = served()) {
            served.inbox.answer = messages -> CompletableFuture.completedFuture(
                    messages.get(0).recipients().get(0).localPart().equals("full")
                            ? Reply.of(452, "4.3.1", "insufficient storage")
                            : Reply.OK);
            RawClient.Reply reply = inject(
                    served,
                    "{'envelope_sender':'s@b.example','recipients':[{'email':'one@c.example'},{'email':'full@c.example'},"
                            + "{'email':'no address'},{'email':'two@c.example'}]," + CONTENT + "}");

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body())
                    .contains("\"success_count\":2,\"fail_count\":2")
                    .contains("\"failed_recipients\":[\"full@c.example\",\"no address\"]")
                    .contains("\"full@c.example: 452 4.3.1 insufficient storage\"")
                    .contains("\"no address: not a mail address");
        }
    }

    @Test
    void aReceptionThatFailsIsNotTheClientsToKnow() throws IOException {
        try (Served served = served()) {
            served.inbox.answer = messages -> {
                throw new IllegalStateException("disk /dev/sda1 is broken");
            };
            RawClient.Reply reply = inject(served, request(CONTENT));
            assertThat(reply.body())
                    .contains("\"fail_count\":1")
                    .contains("451 4.3.0")
                    .doesNotContain("sda1");
        }
    }

    @Test
    void aPolicyMayChangeOrRefuseAMessage() throws IOException {
        try (Served served = new Served(builder -> builder.policy(HttpPolicy.onMessageGenerated((caller, message) -> {
            message.meta().put("tenant", "t1");
            return message.recipients().get(0).localPart().equals("no")
                    ? Verdict.reject(550, "5.7.1", "not to you")
                    : Verdict.proceed();
        })))) {
            RawClient.Reply reply = inject(
                    served,
                    "{'envelope_sender':'s@b.example','recipients':[{'email':'no@c.example'},{'email':'yes@c.example'}],"
                            + CONTENT + ",'trace_headers':{'include_meta_names':['tenant']}}");
            assertThat(reply.body()).contains("\"no@c.example: 550 5.7.1 not to you\"");
            assertThat(served.inbox.messages).hasSize(1);
            assertThat(SupplementalHeader.decode(served.inbox
                            .messages
                            .get(0)
                            .headers()
                            .first("X-KumoRef")
                            .orElseThrow()))
                    .contains(Map.of("recipient", "yes@c.example", "tenant", "t1"));
        }
    }

    @Test
    void traceHeadersAreAsDocumented() throws IOException {
        try (Served served = served()) {
            inject(served, request(CONTENT));
            inject(served, request(CONTENT + ",'trace_headers':{}"));
            inject(served, request(CONTENT + ",'trace_headers':{'received_header':true,'header_name':'X-Ref'}"));
            inject(served, request(CONTENT + ",'trace_headers':{'supplemental_header':false}"));

            assertThat(served.inbox.text(0)).startsWith("X-KumoRef: ").doesNotContain("Received:");
            assertThat(served.inbox.text(1)).startsWith("X-KumoRef: ").doesNotContain("Received:");
            assertThat(served.inbox.text(2))
                    .startsWith("X-Ref: ")
                    .contains("Received: from [127.0.0.1]\r\n\tby mail.example.com with HTTP id "
                            + served.inbox.messages.get(2).id()
                            + "\r\n\tfor <to@c.example>;\r\n\tSun, 22 Nov 2026 03:04:05 +0000\r\nFrom:");
            assertThat(served.inbox.text(3)).startsWith("From: ");
        }
    }

    @Test
    void metaDataOfARecipientIsExtra() throws IOException {
        try (Served served = served()) {
            inject(
                    served,
                    "{'envelope_sender':'s@b.example','recipients':[{'email':'a@c.example','metadata':{'k':[1,'x',{'y':true}]}}],"
                            + CONTENT + ",'deferred_spool':true}");
            assertThat(served.inbox.messages.get(0).meta().get("extra"))
                    .contains(Map.of("k", List.of(1, "x", Map.of("y", true))));
            assertThat(served.inbox.messages.get(0).isDeferredSpool()).isTrue();
        }
    }

    @Test
    void whoInjectsIsInTheMetaData() throws IOException {
        try (Served served =
                new Served(builder -> builder.trustedHosts().policy(HttpPolicy.bearer(Map.of("shop", "t0ken"))))) {
            assertThat(inject(served, request(CONTENT)).status()).isEqualTo(401);
            inject(served, request(CONTENT), "Authorization: Bearer t0ken\r\n");
            assertThat(served.inbox.messages.get(0).meta().text("http_auth")).contains("shop");
        }
    }

    @Test
    void noRecipientsIsNoError() throws IOException {
        try (Served served = served()) {
            assertThat(inject(served, "{'envelope_sender':'','recipients':[]," + CONTENT + "}")
                            .body())
                    .contains("\"success_count\":0,\"fail_count\":0");
        }
    }

    @Test
    void whatGoesToTheNullQueueIsTakenAndForgotten() throws IOException {
        try (Served served = new Served(builder -> builder.policy(HttpPolicy.onMessageGenerated((caller, message) -> {
            message.meta().put("queue", "null");
            return Verdict.proceed();
        })))) {
            assertThat(inject(served, request(CONTENT)).body()).contains("\"success_count\":1");
            assertThat(served.inbox.messages).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "400 | | the body is not JSON",
                "400 | {'envelope_sender' | the body is not JSON",
                "400 | {'a':1,'a':2} | the body is not JSON",
                "400 | {} x | the body is not JSON",
                "422 | [] | the body has to be an object, not a list",
                "422 | {} | envelope_sender is missing",
                "422 | {'envelope_sender':1} | envelope_sender has to be text, not a number",
                "422 | {'envelope_sender':'a@b.example','recipients':null} | recipients is missing",
                "422 | {'envelope_sender':'a@b.example','recipients':{}} | recipients has to be a list, not an object",
                "422 | {'envelope_sender':'a@b.example','recipients':[7]} | recipients[0] has to be an object, not a number",
                "422 | {'envelope_sender':'a@b.example','recipients':[{}]} | recipients[0].email is missing",
                "422 | {'envelope_sender':'a@b.example','recipients':[{'email':'x','mail':1}]} | recipients[0].mail is unknown; there are email, metadata, name, substitutions",
                "422 | {'envelope_sender':'a@b.example','recipients':[{'email':'x','metadata':{'k':null}}]} | recipients[0].metadata['k'] cannot be null",
                "422 | {'envelope_sender':'a@b.example','recipients':[],'content':7} | content has to be text or an object, not a number",
                "422 | {'envelope_sender':'not one','recipients':[],'content':{'text_body':''}} | envelope_sender: not a mail address",
                "422 | {'envelope_sender':'','recipients':[],'content':{}} | content needs text_body or html_body, or both",
                "422 | {'envelope_sender':'','recipients':[],'content':{'amp_html_body':'x'}} | content needs text_body or html_body, or both",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','headers':{'A':1}}} | content.headers['A'] has to be text, not a number",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','headers':{'A B':''}}} | content.headers['A B']: a name is 1 to 126 characters",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','headers':{'A':'b\\r\\nC: d'}}} | content.headers['A'] holds a line break",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','headers':{'Content-Type':'x'}}} | is written with the parts",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','headers':{'a':'','A':''}}} | is there twice",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','subject':'a\\nb'}} | content.subject holds a line break",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','from':{'email':'a@b.example\\r\\nX: y'}}} | content.from.email holds a line break",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','attachments':[{'data':'!','content_type':'a/b','base64':true}]}} | content.attachments[0].data is not base64",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','attachments':[{'data':'','content_type':'a'}]}} | content.attachments[0]: content_type has to be a media type",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','attachments':[{'data':'','content_type':'a/b\\r\\nX: y'}]}} | content.attachments[0]: content_type has to be a media type",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','attachments':[{'data':'','content_type':'a/b','content_id':'<a b>'}]}} | content_id has to be printable",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'','attachments':[{'data':'','content_type':'a/b','file_name':'a\\nb'}]}} | file_name has to be",
                "422 | {'envelope_sender':'','recipients':[],'content':'','trace_headers':{'recieved_header':true}} | did you mean 'received_header'",
                "422 | {'envelope_sender':'','recipients':[],'content':'','trace_headers':{'header_name':'To'}} | trace_headers.header_name cannot be 'To'",
                "422 | {'envelope_sender':'','recipients':[],'content':'','template_dialect':'jinja'} | template_dialect has to be one of Jinja, Static, Handlebars, not 'jinja'",
                "422 | {'envelope_sender':'','recipients':[],'content':'','nonsense':1} | nonsense is unknown",
                "422 | {'envelope_sender':'','recipients':[],'content':{'text_body':'{% if %}'}} | content.text_body is no template that can be read"
            })
    void wrongRequestsAreRefusedAsAWhole(int status, String json, String detail) throws IOException {
        try (Served served = served()) {
            RawClient.Reply reply = inject(served, json == null ? "" : json);
            assertThat(reply.status()).as(reply.body()).isEqualTo(status);
            assertThat(reply.body()).contains(detail);
            assertThat(served.inbox.messages).isEmpty();
        }
    }

    @Test
    void tooDeepOrTooManyIsRefused() throws IOException {
        try (Served served = new Served(builder -> builder.limits(limits -> limits.maxRecipients(1)))) {
            assertThat(post(served, "[".repeat(100_000)).status()).isEqualTo(400);
            assertThat(post(served, "{\"a\":" + "1".repeat(10_000) + "}").status())
                    .isEqualTo(400);
            assertThat(inject(
                                    served,
                                    "{'envelope_sender':'','recipients':[{'email':'a@b.example'},{'email':'c@b.example'}],"
                                            + CONTENT + "}")
                            .body())
                    .contains("\"status\":422")
                    .contains("one request may have 1");
        }
    }

    @Test
    void anotherTypeThanJsonIsRefused() throws IOException {
        try (Served served = served();
                RawClient client = served.client()) {
            RawClient.Reply reply = client.send("POST /api/inject/v1 HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
                    .reply();
            assertThat(reply.status()).isEqualTo(415);
        }
    }

    @Test
    void aLineBreakFromASubstitutionFailsThatRecipientAlone() throws IOException {
        try (Served served = served()) {
            RawClient.Reply reply = inject(
                    served,
                    "{'envelope_sender':'s@b.example','recipients':["
                            + "{'email':'bad@c.example','substitutions':{'s':'x\\r\\nBcc: victim@d.example'}},"
                            + "{'email':'good@c.example','substitutions':{'s':'fine'}}],"
                            + "'content':{'text_body':'','subject':'{{ s }}','from':{'email':'a@b.example'}}}");
            assertThat(reply.body())
                    .contains("\"failed_recipients\":[\"bad@c.example\"]")
                    .contains("line break");
            assertThat(served.inbox.messages).hasSize(1);
        }
    }

    @Test
    void aThousandLargeMessagesAreNeverOnTheWayAtOnce() throws IOException {
        try (Served served = new Served(builder -> builder.limits(limits -> limits.maxRecipients(1000)))) {
            List<CompletableFuture<Reply>> waiting = new ArrayList<>();
            int[] most = new int[1];
            served.inbox.answer = messages -> {
                CompletableFuture<Reply> reply = new CompletableFuture<>();
                waiting.add(reply);
                most[0] = Math.max(most[0], waiting.size());
                if (waiting.size() >= 20) {
                    waiting.forEach(first -> first.complete(Reply.OK));
                    waiting.clear();
                }
                if (messages.get(0).recipients().get(0).localPart().equals("u99")) {
                    waiting.forEach(first -> first.complete(Reply.OK));
                }
                return reply;
            };
            String recipients = IntStream.range(0, 100)
                    .mapToObj(i -> "{'email':'u" + i + "@c.example'}")
                    .collect(Collectors.joining(","));
            RawClient.Reply reply = inject(
                    served,
                    "{'envelope_sender':'','recipients':[" + recipients + "],'content':{'text_body':'"
                            + "x ".repeat(50_000) + "','from':{'email':'a@b.example'}}}");
            assertThat(reply.body()).contains("\"success_count\":100");
            assertThat(most[0]).isEqualTo(20);
        }
    }
}
