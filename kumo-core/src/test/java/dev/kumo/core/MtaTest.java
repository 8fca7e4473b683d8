package dev.kumo.core;

import static dev.kumo.core.TestMail.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MtaTest {

    /** What happened, in order, over all threads. */
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    /** A door without a wall. */
    private class FakeListener implements Listener {

        private final String name;
        private @Nullable Reception reception;

        FakeListener(String name) {
            this.name = name;
        }

        @Override
        public void open(Reception hall) throws IOException {
            events.add("open " + name);
            reception = hall;
        }

        @Override
        public void close() {
            events.add("close " + name);
        }

        @Override
        public String toString() {
            return name;
        }

        CompletableFuture<Reply> receive() {
            return reception.receive(messages(1)).toCompletableFuture();
        }
    }

    private FakeListener failing(String name, Exception cause) {
        return new FakeListener(name) {
            @Override
            public void open(Reception hall) throws IOException {
                super.open(hall);
                if (cause instanceof IOException e) {
                    throw e;
                }
                throw (RuntimeException) cause;
            }
        };
    }

    @Test
    void opensItsListenersInOrder() throws Exception {
        try (Mta mta = Mta.builder()
                .listener(new FakeListener("a"))
                .listener(new FakeListener("b"))
                .build()) {
            mta.start();
            assertThat(events).containsExactly("open a", "open b");
        }
    }

    @Test
    void takesMessagesAndTellsItsObservers() throws Exception {
        List<LogRecord> heard = new ArrayList<>();
        FakeListener listener = new FakeListener("a");
        try (Mta mta = Mta.builder()
                .listener(listener)
                .delivery(Delivery.discard())
                .observer(MtaObserver.of(heard::add))
                .time(() -> TestMail.NOW)
                .build()) {
            mta.start();
            assertThat(listener.receive()).isCompletedWithValueMatching(Reply::isPositive);
        }

        assertThat(heard)
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.at()).isEqualTo(TestMail.NOW));
    }

    @Test
    void closesObserversThatOwnSomethingEvenIfItNeverStarted() {
        class Owner implements MtaObserver, AutoCloseable {
            @Override
            public void close() {
                events.add("closed");
            }
        }
        Mta.builder()
                .listener(new FakeListener("a"))
                .observer(new Owner())
                .build()
                .close();

        assertThat(events).containsExactly("closed");
    }

    @Test
    void withoutObserversNobodyHears() throws Exception {
        FakeListener listener = new FakeListener("a");
        try (Mta mta = Mta.builder().listener(listener).build()) {
            mta.start();
            assertThat(listener.reception.observer()).isSameAs(MtaObserver.NONE);
        }
    }

    @Test
    void keepsMessagesInItsSpoolWithoutADelivery() throws Exception {
        Spool spool = Spool.inMemory();
        FakeListener listener = new FakeListener("a");
        try (Mta mta = Mta.builder().listener(listener).spool(spool).build()) {
            mta.start();
            listener.receive().join();
        }

        assertThat(spool.load(TestMail.id(0))).isPresent();
    }

    @Test
    void aListenerThatCannotOpenClosesTheOthers() {
        Mta mta = Mta.builder()
                .listener(new FakeListener("a"))
                .listener(new FakeListener("b"))
                .listener(failing("c", new IOException("port 25 is taken")))
                .listener(new FakeListener("d"))
                .build();

        assertThatThrownBy(mta::start).isInstanceOf(IOException.class).hasMessage("cannot open c: port 25 is taken");
        assertThat(events.subList(0, 3)).containsExactly("open a", "open b", "open c");
        assertThat(events.subList(3, events.size())).containsExactlyInAnyOrder("close a", "close b");
    }

    @Test
    void aListenerWithABugClosesTheOthersToo() {
        Mta mta = Mta.builder()
                .listener(new FakeListener("a"))
                .listener(failing("b", new IllegalStateException("bug")))
                .build();

        assertThatIllegalStateException().isThrownBy(mta::start).withMessage("bug");
        assertThat(events).containsExactly("open a", "open b", "close a");
    }

    @Test
    void startsOnce() throws Exception {
        try (Mta mta = Mta.builder().listener(new FakeListener("a")).build()) {
            mta.start();
            assertThatIllegalStateException().isThrownBy(mta::start).withMessageContaining("starts once");
        }
    }

    @Test
    void doesNotStartOnceClosed() {
        Mta mta = Mta.builder().listener(new FakeListener("a")).build();
        mta.close();

        assertThatIllegalStateException().isThrownBy(mta::start);
        assertThat(events).isEmpty();
    }

    @Test
    void closesOnce() throws Exception {
        Mta mta = Mta.builder().listener(new FakeListener("a")).build();
        mta.start();
        mta.close();
        mta.close();

        assertThat(events).containsExactly("open a", "close a");
    }

    @Test
    void closesListenersThenDeliveriesThenObservers() throws Exception {
        CountDownLatch delivering = new CountDownLatch(1);
        CountDownLatch doorsClosed = new CountDownLatch(1);
        FakeListener listener = new FakeListener("a") {
            @Override
            public void close() {
                super.close();
                doorsClosed.countDown();
            }
        };
        Mta mta = Mta.builder()
                .listener(listener)
                .delivery(batch -> {
                    delivering.countDown();
                    awaitQuietly(doorsClosed);
                    events.add("delivered");
                    return List.of(new Outcome.Delivered(Reply.OK));
                })
                .observer(MtaObserver.of(record -> events.add(record.getClass().getSimpleName())))
                .executor(task -> new Thread(task).start())
                .build();
        mta.start();
        CompletableFuture<Reply> reply = listener.receive();
        delivering.await();
        mta.close();

        assertThat(events).containsExactly("open a", "close a", "delivered", "Reception", "Delivery");
        assertThat(reply.join().isPositive()).isTrue();
        assertThat(listener.receive().join().code()).isEqualTo(451);
    }

    @Test
    void closesListenersSideBySide() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Mta.Builder builder = Mta.builder();
        for (String name : List.of("a", "b")) {
            builder.listener(new FakeListener(name) {
                @Override
                public void close() {
                    both.countDown();
                    if (awaitQuietly(both)) {
                        super.close();
                    }
                }
            });
        }
        Mta mta = builder.build();
        mta.start();
        mta.close();

        assertThat(events.subList(2, events.size())).containsExactlyInAnyOrder("close a", "close b");
    }

    @Test
    void aListenerThatFailsToCloseDoesNotKeepTheOthersOpen() throws Exception {
        Mta mta = Mta.builder()
                .listener(new FakeListener("a") {
                    @Override
                    public void close() {
                        throw new IllegalStateException("bug");
                    }
                })
                .listener(new FakeListener("b"))
                .build();
        try (TestMail.Log log = new TestMail.Log(Mta.class)) {
            mta.start();
            mta.close();
            assertThat(log.lines()).containsExactly("cannot close a");
        }

        assertThat(events).containsExactly("open a", "open b", "close b");
    }

    @Test
    void needsAListener() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Mta.builder().build())
                .withMessageContaining("call listener(");
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
