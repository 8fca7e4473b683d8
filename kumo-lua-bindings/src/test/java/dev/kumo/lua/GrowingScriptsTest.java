package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A script that begins to grow, by many texts joined in one instruction above all, is stopped in time. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrowingScriptsTest {

    private static final long MEMORY = 16 << 20;

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.kumo.lua.script");
    private final ListAppender<ILoggingEvent> printed = new ListAppender<>();

    @BeforeEach
    void listen() {
        printed.start();
        logger.addAppender(printed);
        logger.setAdditive(false);
    }

    @AfterEach
    void end() {
        logger.detachAppender(printed);
        logger.setAdditive(true);
    }

    private static LuaEngine growing(String handler) {
        LuaEngine engine = new NativeLua(
                Policies.library(), LuaBounds.DEFAULT.withMemory(MEMORY).withTime(Duration.ofMinutes(1)));
        engine.run(new Script("policy.lua", """
                local function nothing() end
                local joined = load('local s = ... return ' .. ('s .. '):rep(149) .. 's')
                kumo.on('init', function(text)
                  for i = 1, 10000 do nothing(i) end
                  %s
                end)
                """.formatted(handler).getBytes(StandardCharsets.UTF_8)));
        return engine;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local s = 'x' while true do s = s .. s s = s .. s s = s .. s print(#s) end",
                "local s = 'x' while true do s = s .. s .. s .. s print(#s) for i = 1, 900 do nothing() end end",
                "local s = text while true do s = joined(s) print(#s) end",
                "local s = text while true do s = joined(s:sub(1, 100000)) print(#s) text = text .. s end",
                "local s = 'x' coroutine.wrap(function() while true do s = s .. s s = s .. s s = s .. s print(#s) end end)()",
                "local s = 'x' local co = coroutine.wrap(function() while true do s = s .. s coroutine.yield() end end)"
                        + " while true do co() s = s .. s s = s .. s print(#s) end",
                "local s = 'x' while true do pcall(function() while true do s = s .. s .. s print(#s) end end) end",
                "local t = {} for i = 1, math.huge do t[i] = i if i % 1000 == 0 then print(16 * i) end end",
            })
    void growsNoFurtherThanAFewTimesTheBound(String handler) {
        try (LuaEngine engine = growing(handler)) {
            assertThatThrownBy(() -> engine.call("init", true, "x".repeat(1000)))
                    .isInstanceOf(LuaFailure.class)
                    .hasMessageContaining("the script uses more than 16 MiB of memory");
            assertThat(engine.isSpoiled()).isTrue();
        }

        List<ILoggingEvent> sizes = List.copyOf(printed.list);
        assertThat(sizes)
                .isNotEmpty()
                .allSatisfy(event ->
                        assertThat(Long.parseLong(event.getFormattedMessage())).isLessThan(3 * MEMORY));
    }

    @Test
    void goesOnOnceWhatItHeldIsGone() {
        try (LuaEngine engine = growing("local s = ('x'):rep(6000000) s = nil collectgarbage() return #text")) {
            for (int i = 0; i < 20; i++) {
                assertThat(engine.call("init", true, "abc")).isEqualTo(3L);
            }
            assertThat(engine.isSpoiled()).isFalse();
        }
    }
}
