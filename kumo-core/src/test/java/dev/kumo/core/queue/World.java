package dev.kumo.core.queue;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Queues in a world whose time and threads are in the hands of the test: nothing happens unless it is told to go on. */
final class World extends QueueSettings<World> {

    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    final FakeSites sites = new FakeSites();
    final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
    final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    Spool spool = new FakeDisk();
    volatile Instant now = START;
    Executor executor = tasks::add;

    private final SplittableRandom random = new SplittableRandom(7);
    private final InstantSource clock = () -> now;
    private QueueWorks works;

    @Override
    protected World self() {
        return this;
    }

    World start() {
        works = new QueueWorks(
                this, spool, sites, MtaObserver.of(records::add), task -> executor.execute(task), clock, random);
        try {
            works.restore();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return goOn();
    }

    /** As if the process had died and were started again. */
    World restart() {
        tasks.clear();
        return start();
    }

    FakeDisk disk() {
        return (FakeDisk) spool;
    }

    QueueWorks works() {
        return works;
    }

    Queues queues() {
        return works.queues();
    }

    Message message(String recipients) {
        List<EnvelopeAddress> to =
                Stream.of(recipients.split(" ")).map(EnvelopeAddress::parse).toList();
        Envelope envelope = new Envelope(EnvelopeAddress.parse("sender@example.com"), to, false);
        Content content = Content.of("Subject: hello\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII));
        return new Message(MessageId.next(now, random), envelope, new Meta(), content);
    }

    CompletionStage<Void> take(Message... messages) {
        return works.take(List.of(messages));
    }

    /** Gives a message and lets all happen that can now. */
    Message send(String recipients) {
        Message message = message(recipients);
        take(message);
        goOn();
        return message;
    }

    /** Gives a message whose writing is deferred, and lets nothing happen yet. */
    Message giveDeferred(String recipients) {
        Message message = message(recipients);
        message.setDeferredSpool(true);
        take(message);
        return message;
    }

    /** Lets all happen that can at this time. */
    World goOn() {
        do {
            works.tick();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        } while (works.tick() <= now.toEpochMilli() && !tasks.isEmpty());
        return this;
    }

    /** Lets time pass, from one thing that is due to the next. */
    World pass(Duration time) {
        Instant end = now.plus(time);
        goOn();
        while (true) {
            Instant next = Instant.ofEpochMilli(works.tick());
            if (next.isAfter(end)) {
                now = end;
                return goOn();
            }
            now = next.isAfter(now) ? next : now.plusMillis(1);
            goOn();
        }
    }

    List<String> told() {
        return records.stream().map(LogRecord::type).toList();
    }

    <T extends LogRecord> List<T> told(Class<T> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
