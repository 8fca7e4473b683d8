package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A script can come so deep in C that there is no level left for the hook that looks at it, nor for finalizers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeepScriptsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static LuaEngine engine(Duration time, String handler) {
        LuaEngine engine = new NativeLua(Policies.library(), LuaBounds.DEFAULT.withTime(time));
        engine.run(new Script("policy.lua", """
                local function joiner(n) return load('local s = ...\\nlocal t = ' .. ('s .. '):rep(n - 1) .. 's\\nreturn t') end
                local ten, sixty, many = joiner(10), joiner(60), joiner(150)
                kumo.on('init', function(text)
                  local keep, n = {}, 0
                  local function fill()
                    while n < 20 do n = n + 1 keep[n] = ('x'):rep(10000000) end
                    keep = nil
                    collectgarbage()
                  end
                  local function spin() while true do end end
                  %s
                end)
                """.formatted(handler).getBytes(StandardCharsets.UTF_8)));
        return engine;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local function deep() pcall(deep) while true do pcall(spin) end end deep()",
                "local function deep() xpcall(deep, type) while true do xpcall(spin, type) end end deep()",
                "local function deep() pcall(deep) while true do pcall(coroutine.wrap(spin)) end end deep()",
                "local function deep() pcall(coroutine.wrap(deep)) while true do pcall(spin) end end deep()",
                "local function deep() pcall(deep) while true do coroutine.resume(coroutine.create(spin)) end end deep()",
                "local first while true do first = not first"
                        + " load(function() first = not first if first then spin() end return ('('):rep(193) end) end",
            })
    void endsInTime(String handler) {
        try (LuaEngine engine = engine(Duration.ofMillis(300), handler)) {
            assertThatThrownBy(() -> engine.call("init", true, "abc"))
                    .isInstanceOf(LuaFailure.class)
                    .hasMessageContaining("the script ran for more than 300 ms");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local function deep() pcall(deep) for i = 1, 400 do if keep then pcall(fill) end end end deep()",
                // The collector finds what is to be told of at the last level.
                "local function deep() pcall(deep) pcall(collectgarbage) end deep()"
                        + " local s = many(text) s = many(s) s = ten(s) n = #s",
                "local done for i = 180, 199 do done = nil load(function() if done then collectgarbage() return end done = true return ('('):rep(i) end) end"
                        + " local s = many(text) s = many(s) s = ten(s) n = #s",
            })
    void holdsLittle(String handler) {
        try (LuaEngine engine = engine(LONG, handler + " error('made ' .. n, 0)")) {
            assertThatThrownBy(() -> engine.call("init", true, "x".repeat(1000)))
                    .isInstanceOf(LuaFailure.class)
                    .hasMessageContaining("the script uses more than 64 MiB of memory");
        }
    }

    /** Else the collection may have told of itself already, and wait for the finalizers to end in the midst of the first join. */
    @Test
    void isStoppedWhileManyFinalizersMayBeWaitedFor() {
        try (LuaEngine engine = engine(LONG, """
                local made, count, last, now = {}, collectgarbage, 0, 0
                for i = 1, 1500 do made[i] = kumo.regex.compile('') end
                collectgarbage()
                made = nil
                while now >= last do
                  local _ = {} _ = {} _ = {} _ = {}
                  last, now = now, count('count')
                end
                local s = text:rep(120) s = sixty(s) s = sixty(s) return #s
                """)) {
            assertThatThrownBy(() -> engine.call("init", true, "x".repeat(1000)))
                    .isInstanceOf(LuaFailure.class)
                    .hasMessageContaining("(load):2: the script uses more than 64 MiB of memory");
        }
    }

    @Test
    void isLookedAtInLaterEventsToo() {
        try (LuaEngine engine = engine(LONG, """
                if text == 'blind' then
                  local function deep() pcall(deep) pcall(collectgarbage) end
                  deep()
                  return 'blinded'
                end
                local s = many(text) s = many(s) s = ten(s) return #s
                """)) {
            assertThat(engine.call("init", true, "blind")).isEqualTo("blinded");
            assertThatThrownBy(() -> engine.call("init", true, "x".repeat(1000)))
                    .hasMessageContaining("the script uses more than 64 MiB of memory");
        }
    }

    @Test
    void whatClosesACoroutineWhoseHookHasFailedIsNotRun() {
        try (LuaEngine engine = engine(Duration.ofMillis(300), """
                local closed, all = 'not closed', {}
                local closing = setmetatable({}, { __close = function() closed = 'closed' end })
                local function body() local x <close> = closing for i = 1, 100 do n = n + 1 end coroutine.yield() end
                local function deep()
                  pcall(deep)
                  local co = coroutine.create(body)
                  all[#all + 1] = co
                  pcall(coroutine.resume, co)
                end
                deep()
                local dead = 0
                for _, co in ipairs(all) do
                  if coroutine.status(co) == 'dead' then
                    dead = dead + 1
                    assert(coroutine.close(co) == false)
                  end
                end
                assert(dead > 0)
                return closed
                """)) {
            assertThat(engine.call("init", true, "abc")).isEqualTo("not closed");
        }
    }

    @Test
    void anotherCoroutineIsClosedAsLuaSays() {
        try (LuaEngine engine = engine(LONG, """
                local log = ''
                local closing = setmetatable({}, { __close = function() log = log .. 'closed ' end })
                local function closes(f)
                  local co = coroutine.create(function() local x <close> = closing f() end)
                  coroutine.resume(co)
                  local ok, e = coroutine.close(co)
                  log = log .. tostring(ok) .. ' ' .. tostring(e) .. ', ' .. tostring(coroutine.close(co)) .. '; '
                end
                closes(function() end)
                closes(function() error('own', 0) end)
                closes(coroutine.yield)
                return log
                """)) {
            assertThat(engine.call("init", true, "abc"))
                    .isEqualTo("closed true nil, true; closed false own, true; closed true nil, true; ");
        }
    }
}
