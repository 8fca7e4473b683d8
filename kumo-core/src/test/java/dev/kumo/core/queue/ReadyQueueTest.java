package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static dev.kumo.core.queue.FakeSites.NO_ANSWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressPool;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections and their limits. */
class ReadyQueueTest {

    private final World world = new World();

    /** The ids in the order in which they were given. */
    private List<String> give(int count, String recipient) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Message message = world.message(recipient);
            ids.add(message.id().text());
            world.take(message);
        }
        return ids;
    }

    private ReadyQueueState state(String name) {
        return world.queues().ready().stream()
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneConnectionTakesOneMessageAfterAnother() {
        world.egressPath(path -> path.connectionLimit(1)).start();
        List<String> given = give(10, "a@example.org");
        world.goOn();

        assertThat(world.sites.connections).hasSize(1);
        assertThat(world.sites.received).isEqualTo(given);
    }

    @Test
    void aConnectionRestsAndIsUsedAgain() {
        world.start();
        world.send("a@example.org");
        assertThat(world.sites.open).hasSize(1);
        world.pass(Duration.ofSeconds(4));
        world.send("a@example.org");
        assertThat(world.sites.connections).hasSize(1);

        world.pass(Duration.ofSeconds(4));
        assertThat(world.sites.open)
                .as("less than idle_timeout since the last message")
                .hasSize(1);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.sites.open).isEmpty();
        assertThat(state("unspecified->mx.example.org@smtp_client").connections())
                .isZero();
    }

    @Test
    void aConnectionEndsAfterItsLastDelivery() {
        world.egressPath(path -> path.connectionLimit(1).maxDeliveriesPerConnection(3))
                .start();
        give(7, "a@example.org");
        world.goOn();

        assertThat(world.sites.connections).hasSize(3);
        assertThat(world.sites.received).hasSize(7);
    }

    @Test
    void aBrokenConnectionIsNotUsedAgain() {
        world.egressPath(path -> path.connectionLimit(1)).start();
        world.sites.breaking.add("mx.example.org");
        give(3, "a@example.org");
        world.goOn();

        assertThat(world.sites.connections).hasSize(3);
        assertThat(world.sites.open).isEmpty();
    }

    @Test
    void thereAreAsManyConnectionsAsTheMessagesAreWorth() {
        world.egressPath(path -> path.connectionLimit(10)).start();
        List<Integer> seen = new ArrayList<>();
        world.sites.meanwhile =
                () -> seen.add(state("unspecified->mx.example.org@smtp_client").connections());
        give(60, "a@example.org");
        world.goOn();

        assertThat(Collections.max(seen)).isEqualTo(IdealConnections.of(60, 10));
        assertThat(world.sites.received).hasSize(60);
    }

    @Test
    void severalMessagesGoAtOnceWhereTheRouteTakesThem() {
        world.egressPath(path -> path.connectionLimit(1)).start();
        world.sites.mostAtOnce = 4;
        List<Integer> batches = new ArrayList<>();
        world.sites.meanwhile = () ->
                batches.add(state("unspecified->mx.example.org@smtp_client").inFlight());
        give(10, "a@example.org");
        world.goOn();

        assertThat(batches).containsExactly(4, 4, 2);
    }

    @Test
    void aFullReadyQueueHoldsUpItsOwnOnly() {
        world.egressPath(path -> path.maxReady(2).connectionLimit(1)).start();
        give(100, "a@example.org");
        give(1, "a@example.net");
        List<Integer> ready = new ArrayList<>();
        world.sites.meanwhile = () -> world.queues().ready().forEach(state -> ready.add(state.ready()));
        world.goOn();

        assertThat(Collections.max(ready)).isLessThanOrEqualTo(2);
        assertThat(world.sites.received).hasSize(101);
        assertThat(world.now).as("without waiting").isEqualTo(World.START);
    }

    @Test
    void domainsThatShareASiteShareItsLimits() {
        world.egressPath(path -> path.connectionLimit(1)).start();
        world.sites.sites.put("example.org", "mx.shared.example");
        world.sites.sites.put("example.net", "mx.shared.example");
        world.send("a@example.org");
        world.send("a@example.net");

        assertThat(world.sites.connections).containsExactly("unspecified->mx.shared.example");
        assertThat(world.queues().ready()).hasSize(1);
    }

    @Test
    void holdsTheRateOfMessages() {
        world.egressPath(path -> path.maxMessageRate("6/min,max_burst=1").connectionLimit(5))
                .start();
        give(10, "a@example.org");
        world.goOn();
        assertThat(world.sites.received).hasSize(1);
        world.pass(Duration.ofSeconds(45));
        assertThat(world.sites.received).hasSize(5);
        world.pass(Duration.ofSeconds(45));
        assertThat(world.sites.received).hasSize(10);
    }

    @Test
    void holdsTheRateOfConnections() {
        world.egressPath(path -> path.maxConnectionRate("1/min")
                        .maxDeliveriesPerConnection(2)
                        .connectionLimit(5))
                .start();
        give(6, "a@example.org");
        world.goOn();
        assertThat(world.sites.received).hasSize(2);
        world.pass(Duration.ofSeconds(61));
        assertThat(world.sites.received).hasSize(4);
        world.pass(Duration.ofSeconds(61));
        assertThat(world.sites.received).hasSize(6);
        assertThat(world.sites.connections).hasSize(3);
    }

    @Test
    void holdsTheRateOfAScheduledQueueInOrder() {
        world.queue(queue -> queue.maxMessageRate("1/s,max_burst=1")).start();
        List<String> given = give(20, "a@example.org");
        world.pass(Duration.ofSeconds(9));
        assertThat(world.sites.received).hasSize(10);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.sites.received).isEqualTo(given);
        assertThat(world.told(LogRecord.TransientFailure.class)).isEmpty();
    }

    @Test
    void aSiteThatCannotBeReachedDefersOneMessageForEachFailure() {
        world.start();
        world.sites.unreachable.put("mx.example.org", NO_ANSWER);
        give(3, "a@example.org");
        world.goOn();

        assertThat(world.told(LogRecord.TransientFailure.class))
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure.reply()).hasToString("400 4.4.1 no answer"));
        assertThat(world.sites.connections).hasSize(3);
    }

    @Test
    void afterTooManyFailuresAllThatWaitsIsPutOff() {
        world.egressPath(
                        path -> path.consecutiveConnectionFailuresBeforeDelay(5).connectionLimit(1))
                .start();
        world.sites.unreachable.put("mx.example.org", NO_ANSWER);
        give(50, "a@example.org");
        world.goOn();

        assertThat(world.sites.connections).hasSize(6);
        List<LogRecord.TransientFailure> failures = world.told(LogRecord.TransientFailure.class);
        assertThat(failures).hasSize(50);
        assertThat(failures.get(49).reply()).hasToString("451 4.4.1 no host of the site takes a connection");
        assertThat(failures.get(49).attempt().site()).isEqualTo("unspecified->mx.example.org@smtp_client");
    }

    @Test
    void whileASiteFailsOnlyOneConnectionKeepsTrying() {
        world.egressPath(path -> path.connectionLimit(10)).start();
        world.sites.unreachable.put("mx.example.org", NO_ANSWER);
        give(1, "a@example.org");
        world.goOn();
        give(60, "a@example.org");
        List<Integer> seen = new ArrayList<>();
        for (Runnable task = world.tasks.poll(); task != null; task = world.tasks.poll()) {
            task.run();
            world.queues().ready().forEach(state -> seen.add(state.connections()));
        }

        assertThat(Collections.max(seen)).isEqualTo(1);
    }

    @Test
    void aSiteThatComesBackGetsAllItsConnectionsAgain() {
        world.egressPath(path -> path.connectionLimit(10)).start();
        world.sites.unreachable.put("mx.example.org", NO_ANSWER);
        give(1, "a@example.org");
        world.goOn();
        world.sites.unreachable.clear();
        List<Integer> seen = new ArrayList<>();
        world.sites.meanwhile = () -> world.queues().ready().forEach(state -> seen.add(state.connections()));
        give(60, "a@example.org");
        world.goOn();

        assertThat(Collections.max(seen)).isGreaterThan(5);
    }

    @Test
    void aSiteThatRefusesForGoodBouncesAllThatWaits() {
        world.egressPath(path -> path.connectionLimit(1)).start();
        world.sites.unreachable.put("mx.example.org", new Outcome.Refused(Reply.of(550, "5.4.4", "prohibited host")));
        give(20, "a@example.org");
        world.goOn();

        assertThat(world.told(LogRecord.Bounce.class)).hasSize(20);
        assertThat(world.sites.connections).hasSize(1);
    }

    @Test
    void allConnectionsTogetherHaveALimit() {
        world.maxConnections(3).start();
        List<Integer> open = new ArrayList<>();
        world.sites.meanwhile = () -> open.add(world.sites.open.size());
        for (int i = 0; i < 20; i++) {
            give(1, "a@example" + i + ".org");
        }
        world.goOn();

        assertThat(world.sites.received).as("those that rest make way").hasSize(20);
        assertThat(Collections.max(open)).isEqualTo(3);
    }

    @Test
    void sourcesOfAPoolHaveTheirShares() {
        world.egressSource(EgressSource.builder().name("ip-1").build())
                .egressSource(EgressSource.builder().name("ip-2").build())
                .egressPool(EgressPool.builder()
                        .name("shared")
                        .entry("ip-1", 3)
                        .entry("ip-2", 1)
                        .build())
                .queueOptions(
                        name -> QueueOptions.builder().egressPool("shared").build())
                .start();
        give(40, "a@example.org");
        world.goOn();

        List<LogRecord.Delivery> deliveries = world.told(LogRecord.Delivery.class);
        assertThat(deliveries.stream()
                        .filter(delivery -> delivery.attempt().source().equals("ip-1")))
                .hasSize(30);
        assertThat(deliveries.stream()
                        .filter(delivery -> delivery.attempt().source().equals("ip-2")))
                .hasSize(10);
        assertThat(deliveries)
                .allSatisfy(delivery -> assertThat(delivery.attempt().pool()).isEqualTo("shared"));
    }

    @Test
    void anUnknownPoolKeepsItsQueueWaitingAndNoOther() {
        world.queueOptions(name -> QueueOptions.builder()
                        .egressPool(name.domain().equals("example.org") ? "missing" : "unspecified")
                        .build())
                .start();
        try (dev.kumo.core.TestMail.Log log = new dev.kumo.core.TestMail.Log(QueueWorks.class)) {
            give(2, "a@example.org");
            give(2, "a@example.net");
            world.goOn();
            assertThat(log.causes()).singleElement().asString().contains("there is no egress pool 'missing'");
        }

        assertThat(world.sites.received).hasSize(2);
        assertThat(world.disk().ids()).hasSize(2);
    }

    @Test
    void pathsMayDifferBySiteSourceAndDomain() {
        List<String> asked = new ArrayList<>();
        world.egressPathOptions((site, source, domain) -> {
                    asked.add(site + " " + source + " " + domain);
                    return EgressPathOptions.builder().connectionLimit(1).build();
                })
                .start();
        give(40, "a@example.org");
        world.goOn();

        assertThat(asked).containsExactly("mx.example.org unspecified example.org");
        assertThat(world.sites.connections).hasSize(1);
    }

    @Test
    void optionsAreAskedForAnewAfterAMinute() {
        List<String> asked = new ArrayList<>();
        world.queueOptions(name -> {
                    asked.add(name.text());
                    return QueueOptions.builder()
                            .retryInterval(Duration.ofSeconds(asked.size() > 1 ? 3600 : 90))
                            .build();
                })
                .start();
        world.sites.answer = message -> BUSY;
        world.send("a@example.org");
        world.pass(Duration.ofSeconds(100));
        world.sites.answer = message -> DELIVERED;
        world.pass(Duration.ofMinutes(30));

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "TransientFailure");
        world.pass(Duration.ofHours(2));
        assertThat(world.sites.received).hasSize(3);
    }

    @Test
    void aDomainThatHangsHoldsUpNoOther() {
        world.start();
        List<Runnable> hanging = new ArrayList<>();
        give(200, "a@hanging.example");
        world.sites.answer = message -> {
            if (message.recipients().get(0).domain().equals("hanging.example")) {
                // This connection hangs: whatever else there is to do goes on without it.
                hanging.add(() -> {});
                for (Runnable task = world.tasks.poll(); task != null; task = world.tasks.poll()) {
                    task.run();
                }
            }
            return DELIVERED;
        };
        List<String> others = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Message message = world.message("a@example" + i + ".org");
            others.add(message.id().text());
            world.take(message);
        }
        world.goOn();

        // The innermost of the connections that hang came back only when all others had been delivered.
        int last = others.stream().mapToInt(world.sites.received::indexOf).max().orElseThrow();
        int firstHanging = -1;
        for (int i = 0; i < world.sites.received.size() && firstHanging < 0; i++) {
            if (!others.contains(world.sites.received.get(i))) {
                firstHanging = i;
            }
        }
        assertThat(world.sites.received).containsAll(others);
        assertThat(hanging).hasSizeGreaterThan(1);
        assertThat(last).isLessThan(firstHanging + hanging.size());
    }
}
