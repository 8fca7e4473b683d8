package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.TestMail;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.mail.Schedule;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.report.DsnWriter;
import dev.kumo.core.report.MtaName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies make of messages that are in the queues. */
class QueuePolicyTest {

    private final World world = new World();
    private final TestMail.Log log = new TestMail.Log(QueueWorks.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    /** Every domain is busy, but for the smart host. */
    private World changing(Consumer<Message> change) {
        world.queuePolicy(QueuePolicy.onRequeueMessage((message, failure) -> {
            change.accept(message);
            return Verdict.proceed();
        }));
        return busy();
    }

    private World busy() {
        world.sites.answer = message -> message.queue().target().equals("smart.example") ? DELIVERED : BUSY;
        return world.start();
    }

    private static void toSmartHost(Message message) {
        message.meta().put("routing_domain", "smart.example");
    }

    private List<String> queues() {
        return world.queues().scheduled(QueueMatch.all()).stream()
                .filter(state -> state.depth() > 0)
                .map(state -> state.name().text())
                .toList();
    }

    @Test
    void aMessageThatIsMovedIsDueAtOnce() {
        changing(QueuePolicyTest::toSmartHost);
        Message message = world.send("a@example.org");

        assertThat(world.now).isEqualTo(World.START);
        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Delivery");
        assertThat(world.told(LogRecord.Delivery.class)).singleElement().satisfies(delivery -> {
            assertThat(delivery.message().id()).isEqualTo(message.id());
            assertThat(delivery.message().attempts()).isEqualTo(1);
            assertThat(delivery.attempt().site()).isEqualTo("unspecified->mx.smart.example@smtp_client");
        });
        assertThat(world.disk().calls).containsSubsequence("update", "remove");
    }

    @Test
    void whereItWasMovedToSurvivesARestart() {
        changing(QueuePolicyTest::toSmartHost);
        world.sites.unroutable.put("smart.example", BUSY);
        Message message = world.send("a@example.org");
        world.restart();

        assertThat(queues()).containsExactly("example.org!smart.example");
        assertThat(world.disk().at(message.id()).schedule().attempts()).isEqualTo(2);
    }

    @Test
    void itIsAskedEachTimeBeforeTheAttemptIsCounted() {
        List<Integer> attempts = new ArrayList<>();
        changing(message -> attempts.add(message.schedule().attempts()));
        Message message = world.send("a@example.org");
        world.pass(Duration.ofMinutes(21));

        assertThat(attempts).containsExactly(0, 1);
        assertThat(world.disk().at(message.id()).schedule().attempts()).isEqualTo(2);
    }

    @Test
    void itHearsWhatTheFarSideSaid() {
        List<String> heard = new ArrayList<>();
        world.queuePolicy(QueuePolicy.onRequeueMessage((message, failure) -> {
            heard.add(failure.reply() + " from " + failure.attempt().site());
            return Verdict.proceed();
        }));
        busy();
        world.send("a@example.org");
        world.sites.unroutable.put("example.net", FakeSites.NO_ANSWER);
        world.send("a@example.net");

        assertThat(heard)
                .containsExactly(
                        "450 4.2.1 mailbox busy from unspecified->mx.example.org@smtp_client",
                        "400 4.4.1 no answer from ");
    }

    @Test
    void aChangeThatMovesNothingIsKeptAndKeepsTheTime() {
        changing(message -> {
            message.meta().put("x_tries", message.schedule().attempts() + 1);
            message.prependHeader("X-Tried", "yes");
        });
        Message message = world.send("a@example.org");
        world.restart();

        Message kept = world.disk().at(message.id());
        assertThat(kept.meta().get("x_tries")).contains(1);
        assertThat(kept.headers().first("X-Tried")).contains("yes");
        assertThat(Duration.between(World.START, kept.schedule().due())).isGreaterThan(Duration.ofMinutes(19));
        assertThat(world.sites.received).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"554,5.7.1", "451,4.7.1", "421,4.3.2"})
    void aRefusalBouncesWhateverItsCode(int code, String status) {
        world.queuePolicy(QueuePolicy.onRequeueMessage((message, failure) -> Verdict.reject(code, status, "enough")));
        busy();
        world.send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Bounce");
        assertThat(world.told(LogRecord.Bounce.class)).singleElement().satisfies(bounce -> {
            assertThat(bounce.reply()).isEqualTo(Reply.of(code, status, "enough"));
            assertThat(bounce.attempt().site()).isEqualTo("unspecified->mx.example.org@smtp_client");
        });
        assertThat(world.disk().ids()).isEmpty();
        assertThat(queues()).isEmpty();
    }

    @Test
    void theSenderOfAMessageThatThePolicyRefusesIsTold() {
        reporting();
        world.queuePolicy(
                QueuePolicy.onRequeueMessage((message, failure) -> Verdict.reject(451, "4.7.1", "enough is enough")));
        busy();
        world.sites.answer = message -> message.sender().isNullSender() ? DELIVERED : BUSY;
        world.send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Reception", "Bounce", "Delivery");
        assertThat(world.disk().ids()).isEmpty();
    }

    private void reporting() {
        world.bounces(new DsnWriter(
                MtaName.dns("mx.example.com"),
                DsnWriter.IncludeOriginal.HEADERS_ONLY,
                () -> world.now,
                new SplittableRandom(3)));
    }

    @Test
    void aMessageWhoseSenderCannotBeToldIsKept() {
        reporting();
        world.queuePolicy(QueuePolicy.onRequeueMessage((message, failure) -> {
            world.disk().full = true;
            return Verdict.reject(550, "5.7.1", "enough");
        }));
        Message message = busy().send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "TransientFailure");
        assertThat(world.disk().ids()).containsExactly(message.id());
        assertThat(queues()).containsExactly("example.org");
        world.disk().full = false;
    }

    @Test
    void aPolicyThatFailsChangesNothing() {
        changing(message -> {
            toSmartHost(message);
            throw new IllegalStateException("bug");
        });
        Message message = world.send("a@example.org");

        assertThat(log.lines())
                .containsExactly("the policy failed on message " + message.id() + ", which is requeued as without it");
        assertThat(log.causes()).containsExactly("bug");
        assertThat(world.told()).containsExactly("Reception", "TransientFailure");
        assertThat(queues()).containsExactly("example.org");
        Schedule kept = world.disk().at(message.id()).schedule();
        assertThat(kept.attempts()).isEqualTo(1);
        assertThat(kept.due()).isAfter(World.START.plusSeconds(1100));
    }

    @Test
    void ofSeveralPoliciesTheFirstRefusalDecides() {
        List<String> asked = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            world.queuePolicy(QueuePolicy.onRequeueMessage((message, failure) -> {
                asked.add(name);
                message.meta().put("x_seen", name);
                return name.equals("second") ? Verdict.reject(550, "5.7.1", "no") : Verdict.proceed();
            }));
        }
        busy().send("a@example.org");

        assertThat(asked).containsExactly("first", "second");
        assertThat(world.told(LogRecord.Bounce.class).get(0).message().meta()).containsEntry("x_seen", "second");
    }

    @Test
    void contentStaysWhatItWas() {
        changing(message -> message.setContent(Content.of(new byte[] {'x'})));
        Message message = world.send("a@example.org");

        assertThat(world.disk().at(message.id()).content().size()).isGreaterThan(1);
        assertThat(log.lines())
                .containsExactly("the policy changed the content of message " + message.id()
                        + ", which cannot be done any more");
    }

    @Test
    void itIsAskedAboutThoseWhoDoNotHaveTheMessage() {
        List<String> asked = new ArrayList<>();
        changing(message -> asked.add(message.recipients().toString()));
        world.sites.answer = message -> new Outcome.PerRecipient(List.of(DELIVERED, BUSY));
        world.send("a@example.org b@example.org");

        assertThat(asked).containsExactly("[b@example.org]");
    }

    @Test
    void whoHasTheMessageIsWrittenBeforeThePolicyIsAsked() {
        List<String> written = new ArrayList<>();
        changing(message ->
                written.add(world.disk().at(message.id()).recipients().toString()));
        world.sites.answer = message -> new Outcome.PerRecipient(List.of(DELIVERED, BUSY));
        world.send("a@example.org b@example.org");

        assertThat(written).containsExactly("[b@example.org]");
    }

    @Test
    void whatWouldExpireCanStillBeMoved() {
        world.queue(queue -> queue.maxAge(Duration.ofMinutes(10)));
        changing(QueuePolicyTest::toSmartHost);
        world.send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Delivery");
    }

    @Test
    void nobodyIsGivenAMessageBeforeItIsWrittenThatItWasMoved() {
        changing(message -> {
            toSmartHost(message);
            world.disk().broken = true;
        });
        Message message = world.send("a@example.org");
        world.pass(Duration.ofHours(1));

        assertThat(world.told()).containsExactly("Reception", "TransientFailure");
        assertThat(world.disk().at(message.id()).queue()).hasToString("example.org");
        world.disk().broken = false;
        world.pass(Duration.ofHours(1));
        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Delivery");
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void aMessageThatWasInMemoryOnlyIsWrittenAsItWasMade() {
        changing(QueuePolicyTest::toSmartHost);
        world.disk().slow = true;
        Message message = world.giveDeferred("a@example.org");
        world.goOn();

        assertThat(world.sites.received).hasSize(1);
        world.disk().sync();
        assertThat(world.disk().at(message.id()).queue()).hasToString("example.org!smart.example");
        world.disk().slow = false;
        world.goOn();
        assertThat(world.told(LogRecord.Delivery.class)).hasSize(1);
        assertThat(world.disk().ids()).isEmpty();
    }

    /** Tasks of the policy are put aside, as if it took its time. */
    @Test
    void aPolicyThatTakesLongHoldsUpNobody() {
        List<Message> waiting = new ArrayList<>();
        changing(message -> {
            waiting.add(message);
            toSmartHost(message);
        });
        List<Runnable> slow = new ArrayList<>();
        world.executor = task -> {
            if (world.told().contains("TransientFailure") && slow.isEmpty()) {
                slow.add(task);
            } else {
                world.tasks.add(task);
            }
        };
        world.send("a@example.org");
        world.executor = world.tasks::add;
        assertThat(waiting).isEmpty();

        world.sites.answer = message -> DELIVERED;
        world.send("b@example.org");
        assertThat(world.told(LogRecord.Delivery.class)).hasSize(1);

        slow.forEach(Runnable::run);
        world.goOn();
        assertThat(waiting).hasSize(1);
        assertThat(world.told(LogRecord.Delivery.class)).hasSize(2);
    }

    @Test
    void thePolicySaysWhereARebindLeads() {
        world.queuePolicy(QueuePolicy.onRebindMessage(
                (message, data) -> message.meta().put("routing_domain", data.get("to") + ".example")));
        busy().send("a@example.org");
        assertThat(world.queues().rebind(QueueMatch.all(), Map.of("to", "smart"), "detour", RebindOption.ASK_POLICY))
                .isEqualTo(1);
        world.goOn();

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "AdminRebind", "Delivery");
        assertThat(world.told(LogRecord.AdminRebind.class).get(0).reply())
                .hasToString("250 2.0.0 Rebound from example.org to example.org!smart.example: detour");
        assertThat(world.told(LogRecord.Delivery.class).get(0).message().meta()).doesNotContainKey("to");
    }

    @Test
    void aRebindOnWhichThePolicyFailsMovesNothing() {
        world.queuePolicy(QueuePolicy.onRebindMessage((message, data) -> {
            toSmartHost(message);
            throw new IllegalStateException("bug");
        }));
        Message message = busy().send("a@example.org");
        Schedule before = world.disk().at(message.id()).schedule();
        world.queues().rebind(QueueMatch.all(), Map.of(), "detour", RebindOption.ASK_POLICY, RebindOption.ALWAYS_FLUSH);
        world.goOn();

        assertThat(log.causes()).containsExactly("bug");
        assertThat(world.told()).containsExactly("Reception", "TransientFailure");
        assertThat(queues()).containsExactly("example.org");
        assertThat(world.disk().at(message.id()).schedule()).isEqualTo(before);
        world.pass(Duration.ofMinutes(21));
        assertThat(world.sites.received).hasSize(2);
    }

    @Test
    void thereHasToBeAPolicyToAsk() {
        busy();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> world.queues().rebind(QueueMatch.all(), Map.of("a", "b"), "r", RebindOption.ASK_POLICY))
                .withMessage("there is no policy to ask where messages go; give the Mta a queuePolicy");
    }

    @Test
    void aRebindCanBeSilentAndFlush() {
        busy().send("a@example.org");
        world.queues()
                .rebind(
                        QueueMatch.all(),
                        Map.of("x_note", "seen"),
                        "note",
                        RebindOption.SUPPRESS_LOGGING,
                        RebindOption.ALWAYS_FLUSH);
        world.goOn();

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "TransientFailure");
    }
}
