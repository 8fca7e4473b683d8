package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LuaPoolTest {

    private static final LuaLibrary NOTHING = Policies.library();
    private static final byte[] SCRIPT =
            "local n = 0 kumo.on('init', function() n = n + 1 return n end)".getBytes(StandardCharsets.UTF_8);

    private final AtomicInteger made = new AtomicInteger();
    private final LuaPool pool = new LuaPool(this::engine, 2, Duration.ofMillis(50));
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private LuaEngine engine() {
        made.incrementAndGet();
        LuaEngine engine = new NativeLua(NOTHING, LuaBounds.DEFAULT);
        engine.run(new Script("policy.lua", SCRIPT));
        return engine;
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        pool.close();
    }

    @Test
    void usesAStateAgain() {
        Object first = pool.with(engine -> engine.call("init", true));
        Object second = pool.with(engine -> engine.call("init", true));
        assertThat(List.of(first, second)).containsExactly(1L, 2L);
        assertThat(made).hasValue(1);
    }

    @Test
    void growsToItsBoundAndThenRefuses() throws Exception {
        CountDownLatch busy = new CountDownLatch(2);
        CountDownLatch free = new CountDownLatch(1);
        List<Future<?>> users = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            users.add(threads.submit(() -> pool.with(engine -> {
                busy.countDown();
                await(free);
                return engine.call("init", true);
            })));
        }
        await(busy);
        assertThatThrownBy(() -> pool.with(engine -> 1))
                .hasMessage(
                        "all 2 states of the policy script were busy for 50 ms; its handlers are slow, or more states are needed");
        free.countDown();
        for (Future<?> user : users) {
            assertThat(user.get(10, TimeUnit.SECONDS)).isEqualTo(1L);
        }
        assertThat(made).hasValue(2);
        assertThat(pool.idle()).isEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStateIsForOneThreadAtATime() throws Exception {
        CountDownLatch within = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Map<String, LuaFunction> functions = new HashMap<>(NOTHING.functions());
        functions.put("kumo.hold", arguments -> {
            within.countDown();
            await(free);
            return null;
        });
        LuaEngine engine = new NativeLua(
                new LuaLibrary(functions, NOTHING.types(), NOTHING.trouble(), NOTHING.missing()), LuaBounds.DEFAULT);
        engine.run(new Script(
                "policy.lua",
                "kumo.on('init', function() kumo.hold() return 'done' end)".getBytes(StandardCharsets.UTF_8)));
        Future<?> first = threads.submit(() -> engine.call("init", true));
        await(within);

        assertThatThrownBy(() -> engine.call("init", true)).hasMessage("a state of Lua is for one thread at a time");
        assertThatThrownBy(engine::close).hasMessage("a state of Lua cannot end while it is in use");

        free.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        engine.close();
        engine.close();
        assertThatThrownBy(() -> engine.call("init", true)).hasMessage("a state of Lua was used after its end");
    }

    @Test
    void aClosedPoolServesNobody() {
        pool.with(engine -> engine.call("init", true));
        pool.close();
        assertThat(pool.idle()).isZero();
        assertThatThrownBy(() -> pool.with(engine -> 1)).hasMessage("the policy script was closed");
    }

    @Test
    void manyThreadsShareAFewStates() throws Exception {
        LuaPool patient = new LuaPool(this::engine, 3, Duration.ofSeconds(30));
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(threads.submit(() -> {
                for (int j = 0; j < 500; j++) {
                    patient.with(engine -> engine.call("init", true));
                }
            }));
        }
        for (Future<?> call : calls) {
            call.get(60, TimeUnit.SECONDS);
        }
        assertThat(made.get()).isBetween(1, 3);
        patient.close();
    }
}
