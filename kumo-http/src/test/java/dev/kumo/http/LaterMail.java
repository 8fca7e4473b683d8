package dev.kumo.http;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.queue.AdminOrder;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.ScheduledQueueState;
import dev.kumo.core.spool.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A listener with queues behind it, whose injections are generated later, and what comes of them. */
abstract class LaterMail {

    static final QueueMatch GENERATOR = QueueMatch.named("generator.kumomta.internal");

    static final String CONTENT =
            ",\"content\":{\"text_body\":\"{{ n }} for {{ email }}\",\"from\":{\"email\":\"a@b.example\"}}";

    /** What was delivered, by its recipient. */
    final ConcurrentLinkedQueue<Map.Entry<String, String>> delivered = new ConcurrentLinkedQueue<>();

    final ConcurrentHashMap<String, Map<String, Object>> meta = new ConcurrentHashMap<>();
    final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
    BiFunction<Caller, Message, Verdict> policy = (caller, message) -> Verdict.proceed();
    long mostBytes = 1 << 20;

    @Nullable Mta running;

    @Nullable HttpListener listener;

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    Mta start(Spool spool, InstantSource time) throws IOException {
        AtomicReference<Mta> mta = new AtomicReference<>();
        HttpListener open = HttpListener.builder()
                .listen("127.0.0.1:0")
                .hostname("mail.example.com")
                .policy(HttpPolicy.basic(Map.of("shop", "s3cret")))
                .policy(HttpPolicy.onMessageGenerated((caller, message) -> policy.apply(caller, message)))
                .limits(limits -> limits.maxRecipients(2000)
                        .closeGracePeriod(Duration.ofMillis(1))
                        .maxInjectSize(mostBytes))
                .queues(() -> mta.get().queues())
                .build();
        Mta made = Mta.builder()
                .listener(open)
                .spool(spool)
                .delivery(this::deliver)
                .time(time)
                .observer(MtaObserver.of(records::add))
                .build();
        made.start();
        mta.set(made);
        running = made;
        listener = open;
        return made;
    }

    Mta start() throws IOException {
        return start(Spool.inMemory(), InstantSource.system());
    }

    List<Outcome> deliver(List<Message> batch) {
        batch.forEach(message -> {
            String to = message.recipients().get(0).toString();
            meta.put(to, message.meta().asMap());
            delivered.add(Map.entry(to, text(message)));
        });
        return Collections.nCopies(batch.size(), new Outcome.Delivered(Reply.OK));
    }

    static String text(Message message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        String text = out.toString(StandardCharsets.UTF_8);
        return text.substring(text.indexOf("\r\n\r\n") + 4).strip();
    }

    RawClient.Reply post(String json, String... fields) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        try (RawClient client = new RawClient(listener.address())) {
            return client.send("POST /api/inject/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + String.join("", fields) + "Content-Length: " + body.length + "\r\n\r\n")
                    .send(body)
                    .reply();
        }
    }

    static String request(String... recipients) {
        String list = IntStream.range(0, recipients.length)
                .mapToObj(i -> "{\"email\":\"" + recipients[i] + "\",\"substitutions\":{\"n\":" + i + "}}")
                .collect(Collectors.joining(","));
        return "{\"envelope_sender\":\"s@b.example\",\"deferred_generation\":true,\"recipients\":[" + list + "]"
                + CONTENT + "}";
    }

    static String[] users(int count) {
        return IntStream.range(0, count).mapToObj(i -> "u" + i + "@c.example").toArray(String[]::new);
    }

    static String answer(int failures, String rest) {
        return "{\"success_count\":0,\"fail_count\":" + failures + "," + rest + "}";
    }

    static final String NOTHING = answer(0, "\"failed_recipients\":[],\"errors\":[]");

    void awaitDelivered(int count) {
        while (delivered.size() < count) {
            Thread.onSpinWait();
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void awaitEmpty(Mta mta) {
        while (mta.queues().scheduled(QueueMatch.all()).stream()
                        .mapToInt(ScheduledQueueState::depth)
                        .sum()
                > 0) {
            Thread.onSpinWait();
        }
    }

    static int waiting(Mta mta) {
        return mta.queues().scheduled(GENERATOR).stream()
                .mapToInt(ScheduledQueueState::waiting)
                .sum();
    }

    static Message awaitChore(Mta mta) throws IOException {
        while (waiting(mta) < 1) {
            Thread.onSpinWait();
        }
        return mta.queues().inspect(mta.queues().waiting(GENERATOR, 1).get(0)).orElseThrow();
    }

    static AdminOrder suspend(Mta mta) {
        return mta.queues().suspend(GENERATOR, "later", Duration.ofHours(1));
    }
}
