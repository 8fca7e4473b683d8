package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.core.queue.QueuePolicy;
import dev.kumo.http.answer.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an administrator asks and orders, on queues that are there. */
@Timeout(60)
class AdminTest {

    private static final String BOUNCE = "/api/admin/bounce/v1";
    private static final String SUSPEND = "/api/admin/suspend/v1";
    private static final String SUSPEND_READY = "/api/admin/suspend-ready-q/v1";
    private static final String REBIND = "/api/admin/rebind/v1";

    private final Undelivered mail;
    private HttpListener listener;

    AdminTest() throws IOException {
        mail = new Undelivered(QueuePolicy.onRebindMessage((message, data) ->
                message.meta().put("tenant", message.recipients().get(0).localPart() + data.get("suffix"))));
        listener = mail.listener;
    }

    @AfterEach
    void stop() {
        mail.close();
    }

    private RawClient.Reply ask(String method, String path, String json) throws IOException {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        try (RawClient client = new RawClient(listener.address())) {
            return client.send(
                            method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + body.length + "\r\n\r\n")
                    .send(body)
                    .reply();
        }
    }

    private RawClient.Reply get(String path) throws IOException {
        return ask("GET", path, "");
    }

    private static Object json(RawClient.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return Json.read(reply.body().getBytes(StandardCharsets.UTF_8));
    }

    private Map<?, ?> order(String path, String json) throws IOException {
        return (Map<?, ?>) json(ask("POST", path, json));
    }

    private void inject(String to) throws IOException {
        assertThat(ask(
                                "POST",
                                "/api/inject/v1",
                                "{'envelope_sender':'s@b.example','recipients':[{'email':'" + to + "'}],"
                                        + "'content':{'text_body':'Hello'}}")
                        .body())
                .contains("\"success_count\":1");
    }

    /** The message that waits in a queue, once it does. */
    private Map<?, ?> waiting(String queue, String more) throws IOException {
        while (true) {
            Map<?, ?> state = (Map<?, ?>) json(get("/api/admin/inspect-sched-q/v1?queue_name=" + queue + more));
            assertThat(state.get("num_scheduled")).isEqualTo(1);
            List<?> messages = (List<?>) state.get("messages");
            if (!messages.isEmpty()) {
                return (Map<?, ?>) messages.get(0);
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void aMessageThatWaitsCanBeLookedAt() throws IOException {
        inject("to@c.example");
        Map<?, ?> listed = waiting("c.example", "&want_body=true");
        Map<?, ?> message = (Map<?, ?>) listed.get("message");
        assertThat(message.get("sender")).isEqualTo("s@b.example");
        assertThat(message.get("recipient")).isEqualTo("to@c.example");
        assertThat((String) message.get("data")).endsWith("\r\n\r\nHello\r\n");

        Map<?, ?> shown = (Map<?, ?>) json(get("/api/admin/inspect-message/v1?id=" + listed.get("id")));
        assertThat(shown.get("id")).isEqualTo(listed.get("id"));
        assertThat(((Map<?, ?>) shown.get("message")).get("data")).isNull();
        assertThat(((Map<?, ?>) shown.get("message")).get("meta")).asString().contains("reception_protocol=HTTP");
    }

    @Test
    void aQueueIsShownWithItsOptionsAndItsLastChange() throws IOException {
        inject("to@c.example");
        waiting("c.example", "");
        Map<?, ?> state = (Map<?, ?>) json(get("/api/admin/inspect-sched-q/v1?queue_name=c.example"));
        assertThat(state.get("delayed_metric")).isEqualTo(1);
        assertThat(state.get("queue_config"))
                .isEqualTo(Map.of(
                        "retry_interval",
                        "20m",
                        "max_age",
                        "7d",
                        "egress_pool",
                        "unspecified",
                        "reap_interval",
                        "10m",
                        "protocol",
                        Map.of("smtp", Map.of())));
        assertThat(Instant.parse((String) state.get("last_changed")))
                .isBetween(Instant.now().minusSeconds(60), Instant.parse((String) state.get("now")));
    }

    @Test
    void aQueueIsShownWithItsProtocolAsItIsGiven(@TempDir Path folder) throws IOException {
        Protocol smartHosts = Protocol.builder()
                .smtp(smtp -> smtp.mxList(
                                List.of("mx.example.com:2525", Map.of("name", "mx2.example.com", "addr", "192.0.2.1")))
                        .treatMxListAsSecure(true))
                .build();
        Protocol maildir = Protocol.builder().maildirPath(folder).dirMode(0750).build();
        try (Undelivered other =
                new Undelivered((Mta.Builder builder) -> builder.queueOptions(name -> QueueOptions.builder()
                        .protocol(name.domain().equals("smart.example") ? smartHosts : maildir)
                        .build()))) {
            listener = other.listener;
            inject("to@smart.example");
            inject("to@folder.example");
            assertThat(protocol("smart.example"))
                    .isEqualTo(Map.of(
                            "smtp",
                            Map.of(
                                    "mx_list",
                                    List.of(
                                            "mx.example.com:2525",
                                            Map.of("name", "mx2.example.com", "addr", "[192.0.2.1]")),
                                    "treat_mx_list_as_secure",
                                    true)));
            assertThat(protocol("folder.example"))
                    .isEqualTo(Map.of("maildir_path", folder.toString(), "dir_mode", 0750));
        }
    }

    private Object protocol(String queue) throws IOException {
        while (true) {
            Map<?, ?> state = (Map<?, ?>) json(get("/api/admin/inspect-sched-q/v1?queue_name=" + queue));
            if (state.get("queue_config") instanceof Map<?, ?> config) {
                return Objects.requireNonNull(config.get("protocol"));
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException {
        assertThat(get("/api/admin/inspect-sched-q/v1?queue_name=none.example").status())
                .isEqualTo(404);
        assertThat(get("/api/admin/inspect-sched-q/v1").status()).isEqualTo(400);
        assertThat(get("/api/admin/inspect-sched-q/v1?queue_name=a&limit=x").status())
                .isEqualTo(400);
        assertThat(get("/api/admin/inspect-message/v1?id=" + "0".repeat(32)).status())
                .isEqualTo(404);
        assertThat(get("/api/admin/inspect-message/v1?id=x").status()).isEqualTo(400);
        String unknown = "{'id':'00000000-0000-0000-0000-000000000000'}";
        for (String path : new String[] {BOUNCE, SUSPEND, SUSPEND_READY}) {
            assertThat(ask("DELETE", path, unknown).status()).isEqualTo(404);
            assertThat(ask("DELETE", path, "{'id':'x'}").status()).isEqualTo(422);
        }
    }

    @Test
    void ordersAreGivenListedAndRevoked() throws IOException {
        String[][] orders = {
            {BOUNCE, "{'domain':'C.example','reason':'wrong list','duration':'1h'}", "\"domain\":\"c.example\""},
            {
                SUSPEND,
                "{'campaign':'x','tenant':'t','reason':'wait','duration':90}",
                "\"campaign\":\"x\",\"tenant\":\"t\""
            },
            {SUSPEND_READY, "{'name':'a->b@smtp_client','reason':'wait'}", "\"name\":\"a->b@smtp_client\""}
        };
        for (String[] order : orders) {
            Object id = order(order[0], order[1]).get("id");
            assertThat(get(order[0]).body())
                    .contains("\"id\":\"" + id + "\"")
                    .contains(order[2])
                    .contains("\"duration\":\"");
            for (String[] other : orders) {
                if (!other[0].equals(order[0])) {
                    assertThat(ask("DELETE", other[0], "{'id':'" + id + "'}").status())
                            .isEqualTo(404);
                }
            }
            RawClient.Reply removed = ask("DELETE", order[0], "{'id':'" + id + "'}");
            assertThat(removed.body()).isEqualTo("removed " + id);
            assertThat(get(order[0]).body()).isEqualTo("[]");
        }
    }

    @Test
    void aBounceRemovesWhatWaits() throws IOException {
        inject("to@c.example");
        waiting("c.example", "");
        assertThat(order(BOUNCE, "{'queue_names':['c.example'],'reason':'wrong list'}")
                        .get("total_bounced"))
                .isEqualTo(1);
        while (get("/api/admin/inspect-sched-q/v1?queue_name=c.example").body().contains("\"id\"")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aRebindMovesWhatWaits() throws IOException {
        order(SUSPEND, "{'all':true,'reason':'wait'}");
        inject("to@c.example");
        waiting("c.example", "");
        assertThat(order(REBIND, "{'domain':'c.example','reason':'move','data':{'tenant':'t2'}}"))
                .isEmpty();
        while (get("/api/admin/inspect-sched-q/v1?queue_name=t2@c.example").status() != 200) {
            Thread.onSpinWait();
        }
    }

    @Test
    void thePolicySaysWhereARebindLeadsIfItIsToBeAsked() throws IOException {
        order(SUSPEND, "{'all':true,'reason':'wait'}");
        inject("to@c.example");
        waiting("c.example", "");
        order(
                REBIND,
                "{'domain':'c.example','reason':'move','data':{'suffix':'-2'},'trigger_rebind_event':true,"
                        + "'suppress_logging':true,'always_flush':true}");
        while (get("/api/admin/inspect-sched-q/v1?queue_name=to-2@c.example").status() != 200) {
            Thread.onSpinWait();
        }
    }

    @Test
    void readyQueuesAreThoseThatAreNamed() throws IOException {
        Map<?, ?> states = (Map<?, ?>) json(get("/api/admin/ready-q-states/v1?queues=no-such-queue"));
        assertThat(states.get("states_by_ready_queue")).isEqualTo(Map.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/api/admin/bounce/v1 | {'reason':'r'} | say which queues",
                "/api/admin/bounce/v1 | {'reason':'r','all':true,'domain':'a.example'} | say which queues",
                "/api/admin/bounce/v1 | {'domain':'a.example'} | reason is missing",
                "/api/admin/bounce/v1 | {'domain':'a.example','queue_names':['b'],'reason':'r'} | either queue_names or domain",
                "/api/admin/bounce/v1 | {'domain':'a.example','reason':'a\\u0007b'} | ",
                "/api/admin/bounce/v1 | {'domain':'a.example','reason':'r','duration':'1 fortnight'} | duration: ",
                "/api/admin/bounce/v1 | {'domain':'a.example','reason':'r','duration':0} | longer than no time",
                "/api/admin/bounce/v1 | {'domain':'a.example','reason':'r','duration':1e300} | duration has to be",
                "/api/admin/bounce/v1 | {'domain':'a.example','reason':'r','expires':'tomorrow'} | RFC 3339",
                "/api/admin/bounce/v1 | {'domain':'a.example','reason':'r','expires':'2001-01-01T00:00:00Z'} | longer than no time",
                "/api/admin/bounce/v1 | {'domain':'a.example','reason':'r','suppress_logging':true} | suppress_logging cannot be true",
                "/api/admin/bounce/v1 | {'domain':'a.example','reason':'r','nonsense':1} | nonsense is unknown",
                "/api/admin/suspend/v1 | {'domain':'a.example','reason':'r','nonsense':1} | nonsense is unknown",
                "/api/admin/suspend-ready-q/v1 | {'reason':'r'} | name is missing",
                "/api/admin/rebind/v1 | {'domain':'a.example','reason':'r'} | data is missing",
                "/api/admin/rebind/v1 | {'domain':'a.example','reason':'r','data':{}} | ",
                "/api/admin/rebind/v1 | {'domain':'a.example','reason':'r','data':{'a':1}} | data['a'] has to be text",
                "/api/admin/rebind/v1 | {'domain':'a.example','reason':'r','data':{'a':'b'},'always_flush':1} | always_flush"
            })
    void wrongOrdersAreRefused(String path, String json, String detail) throws IOException {
        RawClient.Reply reply = ask("POST", path, json);
        assertThat(reply.status()).as(reply.body()).isEqualTo(422);
        assertThat(reply.body()).contains(detail == null ? "detail" : detail);
    }

    @Test
    void withoutQueuesItIsSaidWhy() throws IOException {
        try (Served served = new Served(builder -> builder.queues(() -> {
            throw new IllegalStateException("there are no queues; give the Mta a spool");
        }))) {
            RawClient.Reply reply = served.ask("GET " + SUSPEND + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body()).contains("there are no queues; give the Mta a spool");
        }
    }

    @Test
    void ordersAreForTrustedHosts() throws IOException {
        try (Served served = new Served(builder -> builder.trustedHosts().queues(mail::queues))) {
            for (String path : new String[] {BOUNCE, SUSPEND, SUSPEND_READY, "/api/admin/ready-q-states/v1"}) {
                assertThat(served.ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .status())
                        .isEqualTo(403);
            }
        }
    }
}
