package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.policy.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a policy does to one session, no other session feels. */
@Timeout(60)
class PolicyFairnessTest {

    private static final int BLOCKED = 200;
    private static final int SAMPLES = 400;

    @Test
    void sessionsThatWaitInAPolicyDelayNoOther() throws Exception {
        CountDownLatch allWait = new CountDownLatch(BLOCKED);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger cameBack = new AtomicInteger();
        Policy blocking = Policy.onRcptTo((peer, to) -> {
            allWait.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                return Verdict.reject(451, "4.3.0", "interrupted");
            }
            cameBack.incrementAndGet();
            return Verdict.proceed();
        });
        List<Client> blocked = new ArrayList<>();
        long[] nanos = new long[SAMPLES];
        Inbox inbox = new Inbox();
        try (EsmtpListener listener =
                Wire.builder(options -> options.policy(blocking)).build()) {
            listener.open(inbox);
            for (int i = 0; i < BLOCKED; i++) {
                blocked.add(Client.greetedBy(listener).send(Wire.BEGIN));
            }
            assertThat(allWait.await(30, TimeUnit.SECONDS))
                    .as("all policies run at once")
                    .isTrue();
            try (Client other = Client.greetedBy(listener)) {
                for (int i = 0; i < SAMPLES; i++) {
                    long start = System.nanoTime();
                    assertThat(other.ask("EHLO other.example")).startsWith("250 ");
                    nanos[i] = System.nanoTime() - start;
                }
            }
            assertThat(cameBack).as("the others still wait").hasValue(0);

            goOn.countDown();
            for (Client client : blocked) {
                assertThat(client.answer()).startsWith("250 ");
                client.close();
            }
        } finally {
            goOn.countDown();
        }
        Arrays.sort(nanos);
        assertThat(TimeUnit.NANOSECONDS.toMillis(nanos[SAMPLES * 99 / 100]))
                .as("99th percentile of EHLO, milliseconds")
                .isLessThan(100);
    }

    @Test
    void aPolicyThatNeverWaitsMayRunOnTheThreadThatReads() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Policy quick = Policy.onRcptTo((peer, to) -> {
            threads.add(Thread.currentThread());
            return Verdict.proceed();
        });
        Inbox inbox = new Inbox();
        try (EsmtpListener listener = Wire.builder(options -> options.policy(quick))
                .executor(Runnable::run)
                .build()) {
            listener.open(inbox);
            try (Client client = Client.greetedBy(listener)) {
                client.begin().send(Wire.CONTENT);

                assertThat(client.answer()).startsWith("250 ");
            }
        }
        assertThat(threads)
                .singleElement()
                .extracting(Thread::getName)
                .asString()
                .startsWith("kumo-smtp-");
        assertThat(inbox.text(0)).endsWith("Subject: hello\r\n\r\n.body\r\n");
    }
}
