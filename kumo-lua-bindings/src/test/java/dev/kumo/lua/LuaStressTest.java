package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.testkit.SmtpDialogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads, new versions and the end, all at once: a state that two threads use, or one that has ended, ends the process. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LuaStressTest {

    private static final int THREADS = 6;
    private static final int SESSIONS = Integer.getInteger("kumo.lua.sessions", 2_000);

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Path write(int version) {
        return Policies.write(folder, "local VERSION = " + version + "\n" + Policies.listening("""
                local function work(text)
                  local co = coroutine.wrap(function() coroutine.yield(kumo.json_encode { text }) end)
                  return kumo.json_parse(co())[1] .. #kumo.regex.compile('a'):find_all(text)
                end
                kumo.on('smtp_server_mail_from', function(sender, conn)
                  conn:set_meta('x_version', VERSION)
                  conn:set_meta('x_work', work(sender.email))
                end)
                kumo.on('smtp_server_rcpt_to', function(recipient, conn)
                  assert(conn:get_meta 'x_version' == VERSION, 'a session has had two versions')
                end)
                kumo.on('smtp_server_message_received', function(msg)
                  msg:set_meta('x_held', collectgarbage 'count')
                end)
                """));
    }

    private static SmtpDialogue send(LuaPolicyFile policy) {
        return SmtpDialogue.with(policy.listeners().get(0)).run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<a@client.example>
                S: 250 *
                C: RCPT TO:<b@example.com>
                S: 250 *
                C: DATA
                S: 354 *
                C: x
                C: .
                S: 250 *
                C: QUIT
                S: 221 *
                S: (closed)
                """);
    }

    private List<Future<Integer>> inThreads(Callable<Integer> task) {
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            all.add(threads.submit(task));
        }
        return all;
    }

    @Test
    void sessionsGoOnWhileVersionsCome() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Runnable[] look = new Runnable[1];
        try (LuaPolicyFile policy = LuaPolicyFile.builder(write(0))
                .states(3)
                .patience(Duration.ofSeconds(60))
                .watch(new LooksByHand(task -> look[0] = task), Duration.ofSeconds(1))
                .load()) {
            List<Future<Integer>> senders = inThreads(() -> {
                int count = 0;
                for (; !over.get(); count++) {
                    send(policy);
                }
                return count;
            });
            for (int version = 1; version <= 30; version++) {
                write(version);
                look[0].run();
            }
            over.set(true);
            for (Future<Integer> sender : senders) {
                assertThat(sender.get()).isPositive();
            }
            assertThat(policy.idleStates()).isBetween(1, 3);
            assertThat(send(policy).received().get(0).meta().get("x_version")).contains(30L);
        }
    }

    @Test
    void closingWhileSessionsRunEndsThemOneByOne() throws Exception {
        for (int round = 0; round < 8; round++) {
            CountDownLatch running = new CountDownLatch(THREADS);
            LuaPolicyFile policy = LuaPolicyFile.builder(write(round)).states(4).load();
            List<Future<Integer>> senders = inThreads(() -> {
                int count = 0;
                while (true) {
                    SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0));
                    dialogue.send("EHLO client.example");
                    String answer =
                            dialogue.send("MAIL FROM:<a@client.example>").get(0);
                    running.countDown();
                    if (!answer.startsWith("250 ")) {
                        assertThat(answer).startsWith("421 4.3.0 ");
                        return count;
                    }
                    count++;
                }
            });
            running.await();
            policy.close();
            for (Future<Integer> sender : senders) {
                assertThat(sender.get()).isNotNegative();
            }
            assertThat(policy.idleStates()).isZero();
        }
    }

    @Test
    void manySessionsLeaveNothingBehind() {
        try (LuaPolicyFile policy = LuaPolicyFile.builder(write(1)).states(8).load()) {
            double most = 0;
            for (int i = 0; i < SESSIONS; i++) {
                double held = ((Number) send(policy)
                                .received()
                                .get(0)
                                .meta()
                                .get("x_held")
                                .orElseThrow())
                        .doubleValue();
                most = Math.max(most, held);
            }
            assertThat(policy.idleStates()).isEqualTo(1);
            assertThat(most).as("KiB of Lua").isLessThan(4096);
        }
    }
}
