package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.log.LogRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that say how they are delivered. */
class QueueProtocolTest {

    private final World world = new World();
    private final Map<String, Protocol> protocols = new HashMap<>();

    @TempDir
    Path folder;

    private void start() {
        world.queueOptions(name -> QueueOptions.builder()
                        .protocol(protocols.getOrDefault(name.domain(), Protocol.DEFAULT))
                        .build())
                .start();
    }

    private static Protocol smartHosts(String... hosts) {
        return Protocol.builder().smtp(smtp -> smtp.mxList(hosts)).build();
    }

    private List<String> sites() {
        return world.told(LogRecord.Delivery.class).stream()
                .map(delivery -> delivery.attempt().site())
                .toList();
    }

    @Test
    void mailGoesToTheHostsOfItsQueue() {
        protocols.put("example.org", smartHosts("relay:587"));
        start();
        world.send("a@example.org");
        world.send("a@example.net");

        assertThat(sites())
                .containsExactly(
                        "unspecified->mx_list:[relay:587]@smtp_client", "unspecified->mx.example.net@smtp_client");
        assertThat(world.sites.lookups).containsExactly("example.net");
    }

    @Test
    void queuesOfTheSameHostsShareASite() {
        protocols.put("example.org", smartHosts("relay"));
        protocols.put("example.net", smartHosts("relay"));
        start();
        world.send("a@example.org");
        world.send("a@example.net");

        assertThat(world.queues().ready()).hasSize(1);
        assertThat(world.sites.connections).hasSize(1);
    }

    @Test
    void hostsThatChangeAreHeeded() {
        protocols.put("example.org", smartHosts("old"));
        start();
        world.sites.answer = message -> BUSY;
        world.send("a@example.org");
        protocols.put("example.org", smartHosts("new"));
        world.sites.answer = message -> DELIVERED;
        world.pass(Duration.ofMinutes(21));

        assertThat(sites()).containsExactly("unspecified->mx_list:[new]@smtp_client");
    }

    @Test
    void hostsThatAreNamedNoMoreGiveWayToTheDns() {
        protocols.put("example.org", smartHosts("old"));
        start();
        world.send("a@example.org");
        protocols.clear();
        world.pass(Duration.ofMinutes(2));
        world.send("a@example.org");

        assertThat(sites())
                .containsExactly("unspecified->mx_list:[old]@smtp_client", "unspecified->mx.example.org@smtp_client");
    }

    @Test
    void mailGoesIntoTheMaildirOfItsQueue() throws Exception {
        Path maildir = folder.resolve("mail");
        protocols.put("example.org", new Protocol.Maildir(maildir, OptionalInt.empty(), OptionalInt.empty()));
        start();
        world.send("a@example.org");

        assertThat(sites()).containsExactly("unspecified->maildir:" + maildir + "@maildir");
        assertThat(world.told(LogRecord.Delivery.class).get(0).attempt().protocol())
                .isEqualTo("Maildir");
        try (var mails = Files.list(maildir.resolve("new"))) {
            assertThat(mails)
                    .singleElement()
                    .satisfies(mail -> assertThat(mail).content().contains("body"));
        }
        assertThat(world.sites.lookups).isEmpty();
    }

    @Test
    void queuesOfOneFolderKeepTheirPermissions() throws Exception {
        Path maildir = folder.resolve("mail");
        protocols.put("example.org", new Protocol.Maildir(maildir, OptionalInt.empty(), OptionalInt.of(0600)));
        protocols.put("example.net", new Protocol.Maildir(maildir, OptionalInt.of(0750), OptionalInt.of(0644)));
        start();
        world.send("a@example.org");
        world.send("a@example.net");

        assertThat(sites())
                .containsExactly(
                        "unspecified->maildir;file_mode=0600:" + maildir + "@maildir",
                        "unspecified->maildir;dir_mode=0750;file_mode=0644:" + maildir + "@maildir");
        try (var mails = Files.list(maildir.resolve("new"))) {
            assertThat(mails.toList())
                    .extracting(mail -> PosixFilePermissions.toString(Files.getPosixFilePermissions(mail)))
                    .containsExactlyInAnyOrder("rw-------", "rw-r--r--");
        }
    }

    @Test
    void aMaildirThatCannotBeMadeIsTriedAgain() throws Exception {
        Path maildir = Files.writeString(folder.resolve("mail"), "a file");
        protocols.put("example.org", new Protocol.Maildir(maildir, OptionalInt.empty(), OptionalInt.empty()));
        start();
        world.send("a@example.org");
        assertThat(world.told()).containsExactly("Reception", "TransientFailure");

        Files.delete(maildir);
        world.pass(Duration.ofMinutes(21));
        assertThat(world.told()).endsWith("Delivery");
    }
}
