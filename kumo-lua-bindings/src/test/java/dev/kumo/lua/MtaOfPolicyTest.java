package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.testkit.HeardRecords;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a script gets that asks for more than listeners. */
@Timeout(60)
class MtaOfPolicyTest {

    private static final String SPOOLED = """
            kumo.on('pre_init', function()
              kumo.define_spool { name = 'meta', path = '%s/meta', min_free_space = 0 }
              kumo.define_spool { name = 'data', path = '%s/data', min_free_space = 0 }
              kumo.configure_local_logs { log_dir = '%s/logs', compression = 'none', max_segment_duration = '1 hour' }
            end)
            kumo.on('init', function()
              kumo.start_http_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com' }
              kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com' }
            end)
            """;

    @TempDir
    Path folder;

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final CountDownLatch delivered = new CountDownLatch(1);

    private Delivery delivery() {
        return batch -> batch.stream()
                .map(message -> {
                    sent.add(message.recipients() + " of " + message.queue());
                    delivered.countDown();
                    return (Outcome) new Outcome.Delivered(Reply.OK);
                })
                .toList();
    }

    private LuaPolicyFile policy(String rest) {
        String home = folder.toString().replace('\\', '/');
        return LuaPolicyFile.builder(Policies.write(folder, SPOOLED.replace("%s", home) + rest))
                .delivery(delivery())
                .load();
    }

    private static Message message(String to) {
        return new Message(
                MessageId.next(Instant.now(), new Random(1)),
                Envelope.of(EnvelopeAddress.parse("a@client.example"), EnvelopeAddress.parse(to)),
                new Meta(),
                Content.of("Subject: hi\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void keepsMailInItsSpoolAndSendsItOutOfItsQueues() throws Exception {
        HeardRecords heard = new HeardRecords();
        try (LuaPolicyFile policy = policy("""
                        kumo.on('get_queue_config', function(domain)
                          return kumo.make_queue_config { egress_pool = 'own', max_age = '1 day' }
                        end)
                        kumo.on('get_egress_pool', function(name)
                          return kumo.make_egress_pool { name = name, entries = { { name = 'one' } } }
                        end)
                        kumo.on('get_egress_source', function(name) return kumo.make_egress_source { name = name } end)
                        kumo.on('get_egress_path_config', function() return kumo.make_egress_path { connection_limit = 2 } end)
                        """);
                Mta mta = policy.mta(builder -> builder.observer(heard))) {
            mta.start();

            assertThat(mta.submit(message("b@example.com"))
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .isPositive())
                    .isTrue();
            assertThat(delivered.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(heard.await(2).get(1).toString()).contains("own").contains("one");
        }
        assertThat(sent).containsExactly("[b@example.com] of example.com");
        assertThat(folder.resolve("data")).isNotEmptyDirectory();
        assertThat(folder.resolve("meta")).doesNotExist();
        assertThat(folder.resolve("logs")).isNotEmptyDirectory();
    }

    @Test
    void letsAdministratorsLookAtTheQueues() throws Exception {
        try (LuaPolicyFile policy = policy("");
                Mta mta = policy.mta()) {
            mta.start();
            int port = policy.httpListeners().get(0).address().getPort();

            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/admin/bounce/v1"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("[]");
        }
    }

    @Test
    void hasNoQueuesWithoutASpool() throws Exception {
        try (LuaPolicyFile policy = LuaPolicyFile.builder(Policies.write(folder, Policies.listening("")))
                        .delivery(delivery())
                        .load();
                Mta mta = policy.mta()) {
            assertThatThrownBy(mta::queues).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void makesOneMta() throws Exception {
        try (LuaPolicyFile policy = policy("");
                Mta mta = policy.mta()) {
            assertThat(mta).isNotNull();
            assertThatThrownBy(policy::mta)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a policy file makes one Mta; load it again for another");
        }
    }

    @Test
    void leavesNothingOpenThatItCouldNotUse() throws Exception {
        try (LuaPolicyFile policy = policy("")) {
            assertThatThrownBy(() -> policy.mta(builder -> {
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            try (Mta mta = policy.mta()) { // the spool's lock would be held otherwise
                mta.start();
            }
        }
    }

    @Test
    void refusesASpoolThatIsAFile() throws Exception {
        Files.writeString(folder.resolve("data"), "");
        try (LuaPolicyFile policy = policy("")) {
            assertThatThrownBy(policy::mta).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kumo.define_spool { path = 'x' } | policy.lua:2: define_spool.name: is missing; give it a name, a string
            kumo.define_spool { name = 'logs', path = 'x' } | policy.lua:2: define_spool.name: must be 'data' or 'meta', not 'logs'
            kumo.define_spool { name = 'data', path = 'x', kind = 'RocksDB' } | policy.lua:2: define_spool.kind: must be 'LocalDisk', not 'RocksDB'
            kumo.define_spool { name = 'data', path = 'x', rocks_params = {} } | policy.lua:2: define_spool: unknown key 'rocks_params'
            kumo.define_spool { name = 'data', path = 'x', fulsh = true } | policy.lua:2: define_spool: unknown key 'fulsh' (did you mean 'flush'?)
            kumo.define_spool { name = 'data', path = 'x' } kumo.define_spool { name = 'data', path = 'y' } | policy.lua:2: define_spool: the spool 'data' was defined before
            kumo.define_spool { name = 'meta', path = 'x' } | policy.lua: it defines a spool 'meta' and none named 'data'
            kumo.configure_log_hook { name = 'w' } | policy.lua:2: configure_log_hook: url is missing
            kumo.configure_log_hook { url = 'http://127.0.0.1/' } | policy.lua:2: configure_log_hook.name: is missing
            kumo.configure_log_hook { name = 'w', ulr = 'http://127.0.0.1/' } | policy.lua:2: configure_log_hook: unknown key 'ulr' (did you mean 'url'?)
            kumo.configure_local_logs { log_dri = 'x' } | policy.lua:2: configure_local_logs: unknown key 'log_dri' (did you mean 'log_dir'?)
            kumo.start_http_listener { trusted_host = {} } | policy.lua:2: start_http_listener: unknown key 'trusted_host' (did you mean 'trusted_hosts'?)
            kumo.start_http_listener { listen = 'x' } | policy.lua:2: start_http_listener.listen:
            """)
    void saysWhichKeyIsWrong(String call, String message) {
        assertThatThrownBy(() -> Policies.load(folder, "kumo.on('init', function()\n" + call + "\nend)"))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith(message.strip());
    }

    @Test
    void refusesWhatItsOwnValidationRefuses() {
        assertThatThrownBy(() -> Policies.load(
                        folder, "kumo.on('validate_config', function() print('bad') kumo.validation_failed() end)"))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessage(
                        "policy.lua: a handler of validate_config called kumo.validation_failed; what it logged tells"
                                + " what is wrong");
    }
}
