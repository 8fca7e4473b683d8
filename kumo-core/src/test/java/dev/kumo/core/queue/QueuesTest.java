package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.delivery.EgressPool;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.QueueName;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an administrator sees and orders. */
class QueuesTest {

    private static final String READY = "unspecified->mx.example.org@smtp_client";

    private final World world = new World();

    private Message send(String tenant, String recipient) {
        Message message = world.message(recipient);
        message.meta().put("tenant", tenant);
        world.take(message);
        world.goOn();
        return message;
    }

    private World deferring() {
        world.start();
        world.sites.answer = message -> BUSY;
        return world;
    }

    @Test
    void showsHowItStandsWithScheduledQueues() {
        deferring();
        world.send("a@example.org");
        world.pass(Duration.ofMinutes(1));
        world.send("a@example.org");
        world.send("a@example.net");

        assertThat(world.queues().scheduled(QueueMatch.all()))
                .extracting(state -> state.name() + " " + state.waiting() + " " + state.due())
                .containsExactly("example.net 1 0", "example.org 2 0");
        assertThat(world.queues().scheduled(QueueMatch.named("example.org")))
                .singleElement()
                .satisfies(state -> {
                    assertThat(state.oldest()).contains(World.START);
                    assertThat(state.nextDue().orElseThrow())
                            .isBetween(World.START.plusSeconds(1170), World.START.plusSeconds(1230));
                    assertThat(state.suspension()).isEmpty();
                    assertThat(state.lastChanged()).isEqualTo(World.START.plusSeconds(60));
                    assertThat(state.options().orElseThrow().retryInterval()).isEqualTo(Duration.ofMinutes(20));
                });
        world.sites.answer = message -> DELIVERED;
        world.pass(Duration.ofMinutes(25));
        assertThat(world.sites.received).as("looking has changed nothing").hasSize(6);
    }

    @Test
    void namesMessagesThatWait() {
        deferring();
        Message message = world.send("a@example.org");
        world.send("a@example.net");

        assertThat(world.queues().waiting(QueueMatch.all().domain("EXAMPLE.org"), 10))
                .containsExactly(message.id());
        assertThat(world.queues().waiting(QueueMatch.all(), 1)).hasSize(1);
    }

    @Test
    void showsAMessageAsItIs() throws IOException {
        deferring();
        Message message = send("t1", "a@example.org");

        Message seen = world.queues().inspect(message.id()).orElseThrow();
        assertThat(seen.queue().text()).isEqualTo("t1@example.org");
        assertThat(seen.schedule().attempts()).isEqualTo(1);
        assertThat(world.queues().inspect(world.message("b@example.org").id())).isEmpty();
    }

    @Test
    void showsAMessageThatIsInMemoryOnly() throws IOException {
        world.start();
        Message message = world.giveDeferred("a@example.org");

        assertThat(world.queues().inspect(message.id())).isPresent();
    }

    @Test
    void aSuspendedQueueTriesNothingAndCountsNoAttempt() {
        deferring();
        AdminOrder order = world.queues().suspend(QueueMatch.all().tenant("t1"), "warming up", Duration.ofHours(2));
        Message held = send("t1", "a@example.org");
        send("t2", "a@example.org");

        assertThat(world.told()).containsExactly("Reception", "Delayed", "Reception", "TransientFailure");
        assertThat(world.told(LogRecord.Delayed.class)).singleElement().satisfies(delayed -> {
            assertThat(delayed.message().id()).isEqualTo(held.id());
            assertThat(delayed.reply()).hasToString("451 4.4.4 scheduled queue is suspended: warming up");
        });
        assertThat(world.queues().orders()).containsExactly(order);

        world.sites.answer = message -> DELIVERED;
        world.pass(Duration.ofMinutes(119));
        assertThat(world.told(LogRecord.Delivery.class)).hasSize(1);
        world.pass(Duration.ofMinutes(2));
        assertThat(world.told(LogRecord.Delivery.class)).hasSize(2);
        assertThat(world.told(LogRecord.Delivery.class).get(1).message().attempts())
                .isZero();
        assertThat(world.queues().orders()).isEmpty();
    }

    @Test
    void whatIsHeldGoesWhenTheSuspensionIsRevoked() {
        world.start();
        AdminOrder order = world.queues().suspend(QueueMatch.all(), "pause", Duration.ofDays(1));
        world.send("a@example.org");
        world.pass(Duration.ofMinutes(1));

        assertThat(world.queues().revoke(order.id())).isTrue();
        world.goOn();
        assertThat(world.sites.received).hasSize(1);
        assertThat(world.queues().revoke(order.id())).isFalse();
    }

    @Test
    void whatAnOrderHeldThatWasReplacedGoesWhenTheSuspensionIsRevoked() {
        world.start();
        world.queues().suspend(QueueMatch.all(), "pause", Duration.ofDays(1));
        world.send("a@example.org");
        AdminOrder longer = world.queues().suspend(QueueMatch.all(), "pause", Duration.ofDays(2));
        world.pass(Duration.ofMinutes(1));

        assertThat(world.sites.received).isEmpty();
        world.queues().revoke(longer.id());
        world.goOn();
        assertThat(world.sites.received).hasSize(1);
    }

    @Test
    void whatIsBeingWrittenWhileItsSuspensionIsRevokedGoes() {
        world.start();
        AdminOrder order = world.queues().suspend(QueueMatch.all(), "pause", Duration.ofDays(1));
        world.disk().slow = true;
        world.giveDeferred("a@example.org");
        world.goOn();
        world.queues().revoke(order.id());
        world.disk().sync();
        world.goOn();

        assertThat(world.sites.received).hasSize(1);
    }

    @Test
    void whatIsHeldGoesWhenItsSuspensionIsRevokedThoughItMayBecomeOfAnotherAgeNow() {
        Duration[] maxAge = {Duration.ofHours(2)};
        world.queueOptions(name -> QueueOptions.builder().maxAge(maxAge[0]).build());
        world.start();
        AdminOrder order = world.queues().suspend(QueueMatch.all(), "pause", Duration.ofDays(1));
        world.send("a@example.org");
        maxAge[0] = Duration.ofHours(3);
        world.pass(Duration.ofMinutes(5));
        world.queues().suspend(QueueMatch.named("example.org"), "look at its options again", Duration.ofSeconds(1));
        world.send("b@example.org");
        world.queues().revoke(order.id());
        world.pass(Duration.ofMinutes(1));

        assertThat(world.sites.received).hasSize(2);
    }

    @Test
    void whatWaitsForAnotherReasonIsNotHurriedByTheEndOfASuspension() {
        deferring();
        world.send("a@example.org");
        AdminOrder order = world.queues().suspend(QueueMatch.all(), "pause", Duration.ofDays(1));
        world.goOn();
        world.queues().revoke(order.id());
        world.goOn();

        assertThat(world.sites.received).hasSize(1);
    }

    @Test
    void whatIsHeldTooLongExpires() {
        world.queue(queue -> queue.maxAge(Duration.ofHours(1))).start();
        world.queues().suspend(QueueMatch.all(), "pause", Duration.ofDays(1));
        world.send("a@example.org");
        world.pass(Duration.ofMinutes(61));

        assertThat(world.told()).containsExactly("Reception", "Delayed", "Expiration");
        assertThat(world.told(LogRecord.Expiration.class).get(0).reply().toString())
                .startsWith("551 5.4.7 Message is ");
    }

    @Test
    void aSuspensionTakesMessagesOutOfTheReadyQueue() {
        world.egressPath(path -> path.connectionLimit(1)).start();
        world.sites.meanwhile = () -> {
            if (world.sites.received.isEmpty()) {
                world.queues().suspend(QueueMatch.all(), "stop", Duration.ofHours(1));
            }
        };
        for (int i = 0; i < 5; i++) {
            world.take(world.message("a@example.org"));
        }
        world.goOn();

        assertThat(world.sites.received).as("the one that was being sent").hasSize(1);
        assertThat(world.told(LogRecord.Delayed.class)).hasSize(4);
        world.pass(Duration.ofMinutes(61));
        assertThat(world.sites.received).hasSize(5);
    }

    @Test
    void aSuspendedReadyQueueSendsNothing() {
        world.start();
        AdminOrder order = world.queues().suspendReady(READY, "blocked there", Duration.ofHours(1));
        world.send("a@example.org");
        world.send("a@example.net");

        assertThat(world.sites.connections).containsExactly("unspecified->mx.example.net");
        assertThat(world.told(LogRecord.Delayed.class))
                .singleElement()
                .satisfies(delayed ->
                        assertThat(delayed.reply()).hasToString("451 4.4.4 ready queue is suspended: blocked there"));
        assertThat(world.queues().ready())
                .filteredOn(state -> state.name().equals(READY))
                .singleElement()
                .satisfies(state -> assertThat(state.suspension()).contains(order));

        world.pass(Duration.ofMinutes(61));
        assertThat(world.sites.received).hasSize(2);
    }

    @Test
    void aRevokedSuspensionOfAReadyQueueLetsItSend() {
        world.start();
        AdminOrder order = world.queues().suspendReady(READY, "blocked there", Duration.ofHours(1));
        world.send("a@example.org");
        world.pass(Duration.ofMinutes(5));

        assertThat(world.queues().revoke(order.id())).isTrue();
        world.goOn();
        assertThat(world.sites.received).hasSize(1);
    }

    @Test
    void anotherSourceSendsWhatASuspendedReadyQueueMayNot() {
        world.egressSource(EgressSource.builder().name("ip-1").build())
                .egressSource(EgressSource.builder().name("ip-2").build())
                .egressPool(EgressPool.builder()
                        .name("both")
                        .entry("ip-1", 1)
                        .entry("ip-2", 1)
                        .build())
                .queue(queue -> queue.egressPool("both"))
                .egressPath(path -> path.connectionLimit(1))
                .start();
        world.sites.meanwhile = () -> {
            if (world.sites.received.isEmpty()) {
                world.queues().suspendReady("ip-1->mx.example.org@smtp_client", "blocked", Duration.ofHours(1));
            }
        };
        for (int i = 0; i < 10; i++) {
            world.take(world.message("a@example.org"));
        }
        world.goOn();

        assertThat(world.sites.received).hasSize(10);
        assertThat(world.told(LogRecord.Delivery.class).stream()
                        .filter(delivery -> delivery.attempt().source().equals("ip-1")))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void bouncesWhatIsThereAndWhatComes() {
        deferring();
        send("t1", "a@example.org");
        send("t1", "a@example.net");
        send("t2", "a@example.org");
        AdminOrder order = world.queues().bounce(QueueMatch.all().tenant("t1"), "spam run", Duration.ofMinutes(5));
        world.goOn();

        assertThat(order.messages()).isEqualTo(2);
        assertThat(world.told(LogRecord.AdminBounce.class))
                .hasSize(2)
                .allSatisfy(bounce -> assertThat(bounce.reply())
                        .hasToString("551 5.7.1 Administrator bounced with reason: spam run"));
        assertThat(world.disk().ids()).hasSize(1);

        send("t1", "b@example.org");
        assertThat(world.told(LogRecord.AdminBounce.class)).hasSize(3);
        world.pass(Duration.ofMinutes(6));
        send("t1", "c@example.org");
        assertThat(world.told(LogRecord.AdminBounce.class)).hasSize(3);
    }

    @Test
    void whatIsBeingSentBouncesWhenItFails() {
        world.start();
        world.sites.answer = message -> {
            world.queues().bounce(QueueMatch.named("example.org"), "stop", Duration.ofMinutes(5));
            return BUSY;
        };
        world.send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "AdminBounce");
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void whatIsBeingSentAndTakenIsDelivered() {
        world.start();
        world.sites.answer = message -> {
            world.queues().bounce(QueueMatch.named("example.org"), "stop", Duration.ofMinutes(5));
            return DELIVERED;
        };
        world.send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "Delivery");
    }

    @Test
    void bouncesWhatWaitsInTheReadyQueue() {
        world.egressPath(path -> path.connectionLimit(1)).start();
        world.sites.meanwhile = () -> {
            if (world.sites.received.isEmpty()) {
                world.queues().bounce(QueueMatch.all(), "stop", Duration.ofMinutes(5));
            }
        };
        for (int i = 0; i < 5; i++) {
            world.take(world.message("a@example.org"));
        }
        world.goOn();

        assertThat(world.sites.received).hasSize(1);
        assertThat(world.told(LogRecord.AdminBounce.class)).hasSize(4);
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void nothingIsDoneWhereNothingMatches() {
        deferring();
        world.send("a@example.org");
        world.disk().calls.clear();

        assertThat(world.queues()
                        .bounce(QueueMatch.named("example.net"), "no", Duration.ofMinutes(5))
                        .messages())
                .isZero();
        assertThat(world.queues().rebind(QueueMatch.all().tenant("t9"), Map.of("tenant", "t1"), "no"))
                .isZero();
        world.goOn();
        assertThat(world.disk().calls).isEmpty();
    }

    @Test
    void aMessageThatIsReboundIsDueInItsNewQueue() {
        deferring();
        Message message = send("t1", "a@example.org");
        world.sites.answer = again -> DELIVERED;

        assertThat(world.queues()
                        .rebind(QueueMatch.all().tenant("t1"), Map.of("routing_domain", "smart.example"), "detour"))
                .isEqualTo(1);
        world.goOn();

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "AdminRebind", "Delivery");
        assertThat(world.told(LogRecord.AdminRebind.class)).singleElement().satisfies(rebind -> {
            assertThat(rebind.message().id()).isEqualTo(message.id());
            assertThat(rebind.message().queue().text()).isEqualTo("t1@example.org");
            assertThat(rebind.reply())
                    .hasToString("250 2.0.0 Rebound from t1@example.org to t1@example.org!smart.example: detour");
        });
        assertThat(world.told(LogRecord.Delivery.class).get(0).attempt().site())
                .isEqualTo("unspecified->mx.smart.example@smtp_client");
    }

    @Test
    void aRebindSurvivesARestart() {
        deferring();
        send("t1", "a@example.org");
        world.queues().suspend(QueueMatch.all().tenant("t2"), "hold", Duration.ofHours(1));
        world.queues().rebind(QueueMatch.all(), Map.of("tenant", "t2"), "moved");
        world.goOn();
        world.restart();

        assertThat(world.queues().scheduled(QueueMatch.all()))
                .extracting(ScheduledQueueState::name)
                .extracting(QueueName::text)
                .containsExactly("t2@example.org");
    }

    @Test
    void aRebindToTheSameQueueKeepsTheTime() {
        deferring();
        send("t1", "a@example.org");
        world.queues().rebind(QueueMatch.all(), Map.of("x_note", "seen"), "note");
        world.goOn();
        assertThat(world.sites.received).hasSize(1);

        world.pass(Duration.ofMinutes(21));
        assertThat(world.sites.received).hasSize(2);
    }

    @Test
    void anOrderTakesThePlaceOfOneForTheSameQueues() {
        world.start();
        world.queues().suspend(QueueMatch.all(), "first", Duration.ofHours(1));
        AdminOrder second = world.queues().suspend(QueueMatch.all(), "second", Duration.ofHours(2));
        world.queues().bounce(QueueMatch.all(), "third", Duration.ofHours(2));

        assertThat(world.queues().orders()).hasSize(2).contains(second);
    }

    @Test
    void refusesOrdersThatCannotBe() {
        world.start();
        Queues queues = world.queues();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queues.suspend(QueueMatch.all(), "why", Duration.ZERO))
                .withMessageContaining("holds for some time");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queues.bounce(QueueMatch.all(), "two\u0000words", Duration.ofHours(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queues.rebind(QueueMatch.all(), Map.of(), "why"))
                .withMessageContaining("say what to set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueMatch(
                        java.util.Set.of("a"), Optional.of("b"), Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(queues.revoke(new UUID(1, 2))).isFalse();
        assertThat(queues.orders()).isEmpty();
    }
}
