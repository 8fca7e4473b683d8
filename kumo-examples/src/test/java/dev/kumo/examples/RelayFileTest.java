package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.queue.QueueOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that keeps mail and sends it on: the keys spool, queue, egress_path and deliver. */
class RelayFileTest {

    @TempDir
    Path folder;

    private GatewayFile read(String keys) throws Exception {
        Path file = Files.writeString(
                folder.resolve("gateway.json"), ("{'esmtp_listeners': [{}], " + keys + "}").replace('\'', '"'));
        return GatewayFile.read(file);
    }

    @Test
    void mailMayGoToTheHostsOfTheDns() throws Exception {
        assertThat(read("'deliver': 'mx'").destination().words()).contains("hosts that the DNS has");
    }

    @Test
    void mailMayGoToSmartHosts() throws Exception {
        assertThat(read("'deliver': {'smart_host': ['127.0.0.1:2526', 'relay.example']}")
                        .destination()
                        .words())
                .isEqualTo("Mail goes to 127.0.0.1:2526, else to relay.example");
    }

    @Test
    void mailMayGoByLmtp() throws Exception {
        assertThat(read("'deliver': {'lmtp': 'localhost:24'}").destination().words())
                .isEqualTo("Mail goes by LMTP to localhost:24");
    }

    @Test
    void mailMayWaitOnDisk() throws Exception {
        GatewayFile file = read("'deliver': 'discard', 'spool': {'kind': 'LocalDisk', 'path': 'x', 'flush': false}");

        assertThat(file.spool().orElseThrow().disk()).hasValueSatisfying(options -> {
            assertThat(options.flush()).isFalse();
            assertThat(options.path()).hasToString("x");
        });
    }

    @Test
    void mailMayWaitInMemory() throws Exception {
        assertThat(read("'deliver': 'discard', 'spool': {'kind': 'Memory'}")
                        .spool()
                        .orElseThrow()
                        .disk())
                .isEmpty();
    }

    @Test
    void theKeysOfQueuesAndPathsAreTheDocumentedOnes() throws Exception {
        GatewayFile file = read("'deliver': 'discard', 'spool': {'kind': 'Memory'},"
                + " 'queue': {'retry_interval': '1 minute', 'max_age': '1 day'},"
                + " 'egress_path': {'connection_limit': 7, 'enable_tls': 'Required'}");
        QueueOptions.Builder queue = QueueOptions.builder();
        EgressPathOptions.Builder path = EgressPathOptions.builder();

        file.queue().accept(queue);
        file.egressPath().accept(path);

        assertThat(queue.build().retryInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(path.build().limits().connectionLimit()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'mx'", "{'smart_host': ['other']}", "{'lmtp': 'localhost:24'}"})
    void hostsOfTheQueueComeBeforeThoseOfAllMail(String deliver) throws Exception {
        assertThat(read("'deliver': " + deliver + ", 'spool': {'kind': 'Memory'}, 'queue': {'protocol': {'smtp':"
                                + " {'mx_list': ['relay:587', {'name': 'mx', 'addr': '192.0.2.1'}]}}}")
                        .destination()
                        .words())
                .isEqualTo("Mail goes to relay:587, else to mx=[192.0.2.1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'mx'", "'discard'", "{'maildir': 'other'}"})
    void aFolderOfTheQueueComesBeforeAll(String deliver) throws Exception {
        Path maildir = Path.of("mail").toAbsolutePath();

        assertThat(read("'deliver': " + deliver
                                + ", 'spool': {'kind': 'Memory'}, 'queue': {'protocol': {'maildir_path': './mail'}}")
                        .destination()
                        .words())
                .isEqualTo(
                        "Mail lands in the Maildir " + maildir + ", a file per message in " + maildir.resolve("new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'discard'", "{'maildir': 'x'}"})
    void mailForHostsOfTheQueueIsNotThrownAway(String deliver) {
        assertThatThrownBy(() -> read("'queue': {'protocol': {'smtp': {'mx_list': ['relay']}}}, 'deliver': " + deliver
                        + ", 'spool': {'kind': 'Memory'}"))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "gateway.queue.protocol.smtp.mx_list: mail would not go to these hosts, as gateway.deliver is"
                                + " \"discard\" or a maildir; say \"deliver\": \"mx\", or leave mx_list out");
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                arguments("'deliver': {'smart_host': ['a:b:c']}", "gateway.deliver.smart_host: "),
                arguments("'deliver': {'smart_host': []}", "gateway.deliver.smart_host: "),
                arguments(
                        "'deliver': {'maildir': 'x', 'smart_host': ['a']}",
                        "mail goes to one place; keep one of maildir, smart_host and lmtp"),
                arguments("'deliver': {'maildir': 'x', 'trusted_ca': 'y'}", "gateway.deliver.trusted_ca"),
                arguments(
                        "'deliver': 'discard', 'queue': {'retry_interval': 5}",
                        "gateway: queue and egress_path need a spool"),
                arguments(
                        "'deliver': 'discard', 'spool': {'kind': 'RocksDB'}",
                        "gateway.spool.kind: must be \"LocalDisk\" or \"Memory\", not 'RocksDB'"),
                arguments(
                        "'deliver': 'discard', 'spool': {'kind': 'LocalDisk'}",
                        "gateway.spool: a spool on disk needs a"),
                arguments(
                        "'deliver': 'discard', 'spool': {'kind': 'Memory', 'path': 'x'}",
                        "gateway.spool: kind \"Memory\" has no other keys"),
                arguments(
                        "'deliver': 'discard', 'spool': {'kind': 'Memory'}, 'queue': {'retry': 5}",
                        "gateway.queue: unknown key 'retry'"),
                arguments(
                        "'deliver': 'discard', 'spool': {'kind': 'Memory'},"
                                + " 'queue': {'retry_interval': '1h', 'max_retry_interval': '1m'}",
                        "gateway.queue: max_retry_interval 1m is shorter than retry_interval 1h"),
                arguments(
                        "'deliver': 'discard', 'spool': {'kind': 'Memory'}, 'egress_path': {'conection_limit': 5}",
                        "gateway.egress_path: unknown key 'conection_limit' (did you mean 'connection_limit'?)"),
                arguments(
                        "'deliver': 'discard', 'spool': {'kind': 'Memory'}, 'egress_path': {'connection_limit': 0}",
                        "gateway.egress_path.connection_limit: "));
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void aWrongKeyIsNamed(String keys, String problem) {
        assertThatThrownBy(() -> read(keys)).isInstanceOf(OptionException.class).hasMessageContaining(problem);
    }
}
