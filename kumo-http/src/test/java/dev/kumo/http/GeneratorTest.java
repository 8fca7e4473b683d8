package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kumo.core.Reception;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import dev.kumo.http.metric.Metric;
import dev.kumo.http.metric.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The attempts at a chore, one after another. */
class GeneratorTest {

    private static final Reply FULL = Reply.of(452, "4.3.1", "insufficient storage, try again later");

    private final InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private final Caller caller = new Caller(nowhere, nowhere, true, Optional.empty());
    private final List<Message> chores = new ArrayList<>();
    private final Metrics metrics = new Metrics();
    private Instant now = Instant.parse("2026-11-22T03:04:05Z");
    private Reply answer = Reply.OK;
    private BiFunction<Caller, Message, Verdict> policy = (from, message) -> Verdict.proceed();

    /** Keeps chores, and answers for messages. */
    private final Reception house = new Reception() {
        @Override
        public CompletionStage<Reply> receive(List<Message> messages) {
            boolean kept = messages.get(0).isChore();
            if (kept) {
                chores.addAll(messages);
            }
            return CompletableFuture.completedFuture(kept ? Reply.OK : answer);
        }

        @Override
        public boolean takesChores() {
            return true;
        }
    };

    private Injector injector(HttpLimits.Builder limits) {
        return new Injector(
                new Workshop(
                        house,
                        new Policies(
                                List.of(HttpPolicy.onMessageGenerated((from, message) -> policy.apply(from, message)))),
                        metrics,
                        "mail.example.com",
                        limits.build(),
                        () -> now,
                        new SplittableRandom(1)),
                "test");
    }

    private static InjectRequest request(boolean deferred, String text, String... recipients) {
        InjectRequest.Builder request = InjectRequest.builder(
                "s@b.example",
                InjectContent.builder()
                        .from(InjectRequest.Mailbox.of("a@b.example"))
                        .textBody(text)
                        .build());
        Stream.of(recipients).forEach(request::recipient);
        return request.deferredGeneration(deferred).build();
    }

    private Message keep(Injector injector, InjectRequest request) {
        injector.inject(request, caller, () -> InjectText.of(request));
        return chores.get(chores.size() - 1);
    }

    /** The codes, one for each recipient. */
    private static List<Integer> attempt(Injector injector, Message chore) {
        Outcome outcome = injector.generator().attempt(chore);
        return outcome instanceof Outcome.PerRecipient each
                ? each.outcomes().stream().map(GeneratorTest::code).toList()
                : List.of(code(outcome));
    }

    private static int code(Outcome outcome) {
        return outcome.reply().code();
    }

    private double counted(String outcome) {
        return metrics.all().stream()
                .filter(metric -> metric.name().equals("http_deferred_generation_total"))
                .flatMap(metric -> metric.samples().stream())
                .filter(sample -> sample.labels().equals(List.of(outcome)))
                .mapToDouble(Metric.Sample::value)
                .sum();
    }

    @Test
    void attemptsThatFailTakeNothingFromMaxInjectSize() {
        Injector injector = injector(HttpLimits.builder().maxInjectSize(3000));
        Message chore = keep(injector, request(true, "x".repeat(800), "a@c.example", "b@c.example"));
        answer = FULL;
        for (int i = 0; i < 5; i++) {
            assertThat(attempt(injector, chore)).containsExactly(452, 452);
        }
        answer = Reply.OK;
        policy = (from, message) -> Verdict.reject(Reply.of(451, "4.7.1", "not now"));
        for (int i = 0; i < 5; i++) {
            assertThat(attempt(injector, chore)).containsExactly(451, 451);
        }
        policy = (from, message) -> Verdict.proceed();
        assertThat(attempt(injector, chore)).containsExactly(250, 250);
    }

    @Test
    void whatIsBeyondMaxInjectSizeIsNeverMade() {
        Injector injector = injector(HttpLimits.builder().maxInjectSize(3000));
        Message chore = keep(injector, request(true, "x".repeat(1800), "a@c.example", "b@c.example"));
        assertThat(attempt(injector, chore)).containsExactly(250, 554);
    }

    @Test
    void whatAPolicyThrowsIsTriedAgain() {
        Injector injector = injector(HttpLimits.builder());
        policy = (from, message) -> {
            throw new NumberFormatException("the key of the customer");
        };
        Message chore = keep(injector, request(true, "x", "a@c.example"));
        assertThat(attempt(injector, chore)).containsExactly(451);
        policy = (from, message) -> Verdict.proceed();
        assertThat(attempt(injector, chore)).containsExactly(250);
    }

    @Test
    void whatAPolicyThrowsIsNotForTheClient() {
        policy = (from, message) -> {
            throw new NumberFormatException("the key of the customer");
        };
        InjectRequest request = request(false, "x", "a@c.example");
        InjectResult result = injector(HttpLimits.builder()).inject(request, caller, () -> InjectText.of(request));
        assertThat(result.errors()).containsExactly("a@c.example: 451 4.3.0 local error, try again later");
    }

    @Test
    void aTemplateThatTakesTooLongIsTriedAgain() {
        Injector injector = injector(HttpLimits.builder().renderTimeout(Duration.ofNanos(1)));
        Message chore = keep(injector, request(true, "{{ email }}", "a@c.example"));
        assertThat(attempt(injector, chore)).containsExactly(451);
    }

    @Test
    void whoIsBeyondInjectTimeoutHasHisMessageInTheNextPeriod() {
        Injector injector = injector(HttpLimits.builder().injectTimeout(Duration.ofNanos(1)));
        Message chore = keep(injector, request(true, "x", "a@c.example", "b@c.example"));
        assertThat(attempt(injector, chore)).containsExactly(250, 451);
        Message rest = chore.copyFor(chore.id(), chore.recipients().subList(1, 2));
        now = now.plus(Duration.ofMinutes(4));
        assertThat(attempt(injector, rest)).containsExactly(451);
        now = now.plus(Duration.ofMinutes(1));
        assertThat(attempt(injector, rest)).containsExactly(250);
    }

    @Test
    void theLogSaysOnceThatAListenerIsNotThereAnyMore() {
        Message chore = keep(injector(HttpLimits.builder()), request(true, "x", "a@c.example"));
        Injector other = injector(HttpLimits.builder());
        Logger logger = (Logger) LoggerFactory.getLogger(Inject.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            GeneratorChores chores = new GeneratorChores("other", () -> other);
            assertThat(chores.attempt(chore).reply().code()).isEqualTo(250);
            chores.attempt(chore);
            new GeneratorChores("test", () -> other).attempt(chore);
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .startsWith("injections that 'test' promised are made by 'other'");
    }

    @Test
    void recipientsOfAnInjectionThatCannotBeReadAreCountedAsFailed() {
        Injector injector = injector(HttpLimits.builder());
        Message kept = keep(injector, request(true, "x", "a@c.example", "b@c.example"));
        Message spoiled = new Message(
                kept.id(),
                new Envelope(kept.sender(), kept.recipients(), false),
                kept.meta(),
                Content.of("{".getBytes(StandardCharsets.US_ASCII)));
        assertThat(attempt(injector, spoiled)).containsExactly(554);
        assertThat(counted("promised")).isEqualTo(2);
        assertThat(counted("failed")).isEqualTo(2);
    }
}
