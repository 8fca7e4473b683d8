package dev.kumo.http;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.queue.QueuePolicy;
import dev.kumo.core.queue.Queues;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A listener in front of queues whose mail goes nowhere yet, for as long as a test lasts. */
final class Undelivered implements AutoCloseable {

    final HttpListener listener;
    private final Mta mta;

    Undelivered(QueuePolicy... policies) throws IOException {
        this((Mta.Builder builder) -> List.of(policies).forEach(builder::queuePolicy));
    }

    Undelivered(Consumer<Mta.Builder> changes) throws IOException {
        AtomicReference<Mta> running = new AtomicReference<>();
        listener = HttpListener.builder()
                .listen("127.0.0.1:0")
                .hostname("mail.example.com")
                .queues(() -> running.get().queues())
                .build();
        Delivery never = messages -> messages.stream()
                .<Outcome>map(message -> new Outcome.Deferred(Reply.of(451, "4.4.1", "not now")))
                .toList();
        Mta.Builder builder =
                Mta.builder().listener(listener).spool(Spool.inMemory()).delivery(never);
        changes.accept(builder);
        mta = builder.build();
        running.set(mta);
        mta.start();
    }

    Queues queues() {
        return mta.queues();
    }

    @Override
    public void close() {
        mta.close();
    }
}
