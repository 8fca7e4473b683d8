package dev.kumo.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.log.Link;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObserverFeedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(TestMail.NOW);
    private final TestMail.Log log = new TestMail.Log(ObserverFeed.class);
    private final List<LogRecord> heard = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    /** Blocks in the first record until released. */
    private final MtaObserver blocking = MtaObserver.of(record -> {
        entered.countDown();
        awaitQuietly(release);
        heard.add(record);
    });

    @AfterEach
    void release() {
        release.countDown();
        log.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ObserverFeed feed(int capacity, MtaObserver... observers) {
        ObserverFeed feed = new ObserverFeed(List.of(observers), capacity, now::get);
        feed.start();
        return feed;
    }

    private static LogRecord record(int number) {
        return new LogRecord.Reception(TestMail.NOW.plusMillis(number), MessageFacts.of(TestMail.message(number)));
    }

    @Test
    void tellsEverythingInOrder() {
        ObserverFeed feed = feed(1000, MtaObserver.of(heard::add));
        List<LogRecord> told =
                IntStream.range(0, 1000).mapToObj(ObserverFeedTest::record).toList();
        told.forEach(feed::record);

        assertThat(feed.close(PATIENCE)).isTrue();
        assertThat(heard).isEqualTo(told);
    }

    @Test
    void tellsOfLinks() {
        List<String> links = new ArrayList<>();
        Link link = new Link(
                InetSocketAddress.createUnresolved("192.0.2.1", 4025),
                InetSocketAddress.createUnresolved("192.0.2.2", 25),
                TestMail.NOW);
        ObserverFeed feed = feed(10, new MtaObserver() {
            @Override
            public void connected(Link opened) {
                links.add("connected " + opened);
            }

            @Override
            public void disconnected(Link closed, Instant at) {
                links.add("disconnected " + closed + " " + at);
            }
        });
        feed.connected(link);
        feed.disconnected(link, TestMail.NOW.plusSeconds(1));

        assertThat(feed.close(PATIENCE)).isTrue();
        assertThat(links)
                .containsExactly("connected " + link, "disconnected " + link + " " + TestMail.NOW.plusSeconds(1));
    }

    @Test
    void anObserverThatBlocksDoesNotBlockTheTeller() throws Exception {
        ObserverFeed feed = feed(100, blocking);
        feed.record(record(0));
        entered.await();
        IntStream.range(1, 50).forEach(number -> feed.record(record(number)));

        assertThat(heard).isEmpty();
        assertThat(feed.dropped()).isZero();
        release.countDown();
        assertThat(feed.close(PATIENCE)).isTrue();
        assertThat(heard).hasSize(50);
    }

    @Test
    void dropsTheNewestWhenTooManyWaitAndCountsThem() throws Exception {
        ObserverFeed feed = feed(3, blocking);
        feed.record(record(0));
        entered.await();
        IntStream.range(1, 11).forEach(number -> feed.record(record(number)));

        assertThat(feed.dropped()).isEqualTo(7);
        release.countDown();
        assertThat(feed.close(PATIENCE)).isTrue();
        assertThat(heard).containsExactly(record(0), record(1), record(2), record(3));
    }

    @Test
    void logsDropsOnceAMinute() throws Exception {
        ObserverFeed feed = feed(1, blocking);
        feed.record(record(0));
        entered.await();
        IntStream.range(1, 11).forEach(number -> feed.record(record(number)));
        assertThat(log.lines()).containsExactly("observers are too slow: 1 events wait, 1 dropped since the start");

        now.set(TestMail.NOW.plusSeconds(59));
        feed.record(record(11));
        assertThat(log.lines()).hasSize(1);

        now.set(TestMail.NOW.plusSeconds(60));
        feed.record(record(12));
        assertThat(log.lines()).hasSize(2).last().asString().contains("11 dropped");
    }

    @Test
    void anObserverThatThrowsIsLoggedAndTheFeedGoesOn() {
        MtaObserver throwing = MtaObserver.of(record -> {
            throw new IllegalStateException("no disk for the log");
        });
        ObserverFeed feed = feed(10, throwing, MtaObserver.of(heard::add));
        feed.record(record(1));
        feed.record(record(2));

        assertThat(feed.close(PATIENCE)).isTrue();
        assertThat(heard).containsExactly(record(1), record(2));
        assertThat(log.causes()).containsExactly("no disk for the log", "no disk for the log");
    }

    @Test
    void wakesAThreadThatSleeps() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        ObserverFeed feed = feed(10, MtaObserver.of(record -> first.countDown()));
        while (!feed.isAsleep()) {
            Thread.onSpinWait();
        }
        feed.record(record(1));

        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        feed.close(PATIENCE);
    }

    @Test
    void closingGivesUpOnAnObserverThatBlocks() throws Exception {
        ObserverFeed feed = feed(10, blocking);
        feed.record(record(0));
        entered.await();
        feed.record(record(1));

        assertThat(feed.close(Duration.ofMillis(1))).isFalse();
        assertThat(log.lines()).containsExactly("observers are too slow: closed while 1 events wait");
    }

    @Test
    void closingEndsTheThreadOfAnObserverThatHeedsAnInterrupt() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        ObserverFeed feed = feed(10, MtaObserver.of(record -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }));
        feed.record(record(0));
        entered.await();
        feed.close(Duration.ofMillis(1));

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void hearsNothingOnceClosed() {
        ObserverFeed feed = feed(10, MtaObserver.of(heard::add));
        feed.close(PATIENCE);
        feed.record(record(1));

        assertThat(feed.close(PATIENCE)).isTrue();
        assertThat(heard).isEmpty();
        assertThat(feed.dropped()).isZero();
    }

    @Test
    void wantsTheHeaderFieldsThatAnyObserverWants() {
        ObserverFeed feed = feed(10, MtaObserver.NONE, new Wanting("Subject"), new Wanting("X-*"));

        assertThat(feed.wantedHeaders()).hasToString("[Subject, X-*]");
        feed.close(PATIENCE);
    }

    private record Wanting(String name) implements MtaObserver {
        @Override
        public Selection wantedHeaders() {
            return Selection.ofHeaders(List.of(name));
        }
    }

    @Test
    void closesAnObserverOnceItHasHeardAll() {
        Owner owner = new Owner();
        ObserverFeed feed = feed(10, owner);
        feed.record(record(1));
        feed.record(record(2));

        assertThat(feed.close(PATIENCE)).isTrue();
        assertThat(owner.events).containsExactly("record", "record", "closed");
    }

    @Test
    void anObserverThatCannotBeClosedKeepsNoOtherOpen() {
        Owner owner = new Owner();
        class Broken implements MtaObserver, AutoCloseable {
            @Override
            public void close() throws IOException {
                throw new IOException("stuck");
            }
        }
        feed(10, new Broken(), owner).close(PATIENCE);

        assertThat(owner.events).containsExactly("closed");
        assertThat(log.causes()).containsExactly("stuck");
    }

    private static final class Owner implements MtaObserver, AutoCloseable {

        private final List<String> events = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void record(LogRecord record) {
            events.add("record");
        }

        @Override
        public void close() {
            events.add("closed");
        }
    }

    @Test
    void manyTellersLoseNothing() throws Exception {
        int tellers = 4;
        int each = 5000;
        var seen = ConcurrentHashMap.<Instant>newKeySet();
        ObserverFeed feed = feed(tellers * each, MtaObserver.of(record -> seen.add(record.at())));
        MessageFacts facts = MessageFacts.of(TestMail.message(0));
        List<Thread> threads = IntStream.range(0, tellers)
                .mapToObj(teller -> new Thread(() -> IntStream.range(0, each)
                        .forEach(number -> feed.record(
                                new LogRecord.Reception(TestMail.NOW.plusMillis(teller * each + number), facts)))))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(feed.close(PATIENCE)).isTrue();
        assertThat(feed.dropped()).isZero();
        assertThat(seen).hasSize(tellers * each);
    }
}
