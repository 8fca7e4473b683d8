package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.Mta;
import dev.kumo.core.Reception;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.http.Access;
import dev.kumo.http.HttpListener;
import dev.kumo.http.Method;
import dev.kumo.http.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records that a script sends to a web server. */
@Timeout(60)
class LogHookTest {

    @TempDir
    Path folder;

    private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();
    private HttpListener server;

    @BeforeEach
    void serve() throws Exception {
        server = HttpListener.builder()
                .listen("127.0.0.1:0")
                .route(Method.POST, "/log", Access.OPEN, request -> {
                    posted.add(request.text());
                    return Response.text(200, "thanks");
                })
                .build();
        server.open(Reception.of(message -> Reply.OK));
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Sends two messages through an MTA of the script; what the web server was sent, in order. */
    private List<String> records(String script, int count) throws Exception {
        String whole = Policies.listening(
                script.replace("URL", "http://127.0.0.1:" + server.address().getPort() + "/log"));
        List<String> records = new ArrayList<>();
        try (LuaPolicyFile policy = LuaPolicyFile.builder(Policies.write(folder, whole))
                        .delivery(Delivery.discard())
                        .load();
                Mta mta = policy.mta()) {
            mta.start();
            for (String to : new String[] {"b@example.com", "c@example.org"}) {
                Message message = new Message(
                        MessageId.next(Instant.now(), new Random(1)),
                        Envelope.of(EnvelopeAddress.parse("a@client.example"), EnvelopeAddress.parse(to)),
                        new Meta().put("tenant", "acme"),
                        Content.of("Subject: hi\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII)));
                mta.submit(message).toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
            while (records.size() < count) {
                records.add(posted.take());
            }
        }
        assertThat(posted).isEmpty();
        return records;
    }

    @Test
    void sendsAllRecordsWithoutAHandler() throws Exception {
        assertThat(records("""
                kumo.on('init', function()
                  kumo.configure_log_hook { name = 'web', url = 'URL', headers = { 'Subject' }, meta = { 'tenant' } }
                end)
                """, 4))
                .allSatisfy(record -> assertThat(record).contains("\"Subject\":\"hi\"", "\"tenant\":\"acme\""))
                .anySatisfy(record -> assertThat(record).contains("\"type\":\"Reception\"", "b@example.com"))
                .anySatisfy(record -> assertThat(record).contains("\"type\":\"Delivery\"", "c@example.org"));
    }

    @Test
    void sendsWhatTheHandlerLetsThrough() throws Exception {
        assertThat(records("""
                kumo.on('init', function()
                  kumo.configure_log_hook { name = 'web', url = 'URL' }
                end)
                kumo.on('should_enqueue_log_record', function(msg, hook)
                  assert(hook == 'web')
                  assert(msg:get_meta('reception_protocol') == 'LogRecord')
                  assert(tostring(msg:sender()) == 'a@client.example')
                  local record = msg:get_meta 'log_record'
                  assert(kumo.json_parse(msg:get_data()).id == record.id)
                  return record.type == 'Delivery' and msg:recipient().domain == 'example.org'
                end)
                """, 1)).singleElement().asString().contains("\"type\":\"Delivery\"", "c@example.org");
    }

    @Test
    void takesTheHelperOfKumoMta() throws Exception {
        assertThat(records("""
                local log_hooks = require 'policy-extras.log_hooks'
                log_hooks:new_json {
                  name = 'web',
                  url = 'URL',
                  batch_size = 4,
                  max_batch_latency = '30s',
                  log_parameters = { meta = { 'ten*' } },
                  queue_config = { retry_interval = '1m', max_retry_interval = '20m', max_age = '1 hour' },
                }
                """, 1)).singleElement().asString().startsWith("[{").contains("\"tenant\":\"acme\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            log_hooks:new_json { name = 'web', ulr = 'x' } | policy.lua:2: log_hooks:new_json: unknown key 'ulr' (did you mean 'url'?)
            log_hooks:new_json { name = 'web' } | policy.lua:2: log_hooks:new_json: url is missing
            log_hooks:new_json { name = 'web', url = 'http://127.0.0.1', log_parameters = { header = {} } } | policy.lua:2: log_hooks:new_json: unknown key 'header'
            log_hooks:new_json { name = 'web', url = 'http://127.0.0.1', queue_config = { egress_pool = 'x' } } | policy.lua:2: log_hooks:new_json: the queue_config of a hook has
            log_hooks:new { name = 'web' } | policy.lua:2: log_hooks:new is not supported here: it makes connections in Lua
            kumo.on('make.webhook', print) | policy.lua:2: kumo.on: 'make.webhook' would make connections of a queue in Lua
            require 'policy-extras.shaping' | policy.lua:2: require 'policy-extras.shaping': this helper of KumoMTA is not here; there are listener_domains, log_hooks
            """)
    void saysTheLineOfTheScript(String call, String message) {
        assertThatThrownBy(() -> Policies.load(folder, "local log_hooks = require 'policy-extras.log_hooks'\n" + call))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith(message.strip());
    }

    @Test
    void aHelperThatIsNotHereIsNamedWhereFilesMayBeReadToo() {
        Path script = Policies.write(folder, "require 'policy-extras.shaping'");

        assertThatThrownBy(() -> LuaPolicyFile.builder(script).readFiles(true).load())
                .hasMessageStartingWith(
                        "policy.lua:1: require 'policy-extras.shaping': this helper of KumoMTA is not here");
    }
}
