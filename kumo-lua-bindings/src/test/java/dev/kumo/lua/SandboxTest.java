package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.smtp.server.Policy;
import dev.kumo.testkit.SmtpDialogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A script can harm neither the process nor the sessions of others. */
class SandboxTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os.execute",
                "os.remove",
                "os.rename",
                "os.exit",
                "os.getenv",
                "os.tmpname",
                "os.setlocale",
                "io",
                "debug",
                "java",
                "dofile",
                "loadfile",
                "loadstring",
                "package.loadlib",
                "package.searchers",
                "package.cpath",
                "string.dump",
                "__jthrowable__",
                "warn"
            })
    void hasNothingOf(String name) {
        Policies.load(folder, "assert(" + name + " == nil, 'it is there')").close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "assert(type(os.time()) == 'number')",
                "assert(type(os.date('!%Y')) == 'string')",
                "assert(type(os.clock()) == 'number')",
                "assert(require 'kumo' == kumo)",
                "assert(require('string') == string)",
                "assert(utf8.char(228) == 'ä')",
                "assert(('x'):rep(3, ',') == 'x,x,x')",
                "assert(load('return 1')() == 1)",
                "local t = setmetatable({}, { __index = function() return 7 end }) assert(t.x == 7)",
                "local co = coroutine.wrap(function() coroutine.yield(1) return 2 end) assert(co() == 1 and co() == 2)",
                "assert(select(2, pcall(error, 'x')) == 'x')",
                "assert(collectgarbage('count') > 0)",
                "local a <const>, b <close> = 1, nil assert(7 // 2 == 3 and 5 & 4 == 4)",
            })
    void hasWhatAPolicyNeeds(String script) {
        Policies.load(folder, script).close();
    }

    @Test
    void givesNoWayFromAnObjectToItsClass() {
        try (LuaPolicyFile policy = Policies.load(folder, Policies.listening("""
                kumo.on('smtp_server_mail_from', function(sender, conn)
                  assert(getmetatable(conn) == false)
                  local ok, trouble = pcall(function() return conn:getClass() end)
                  assert(not ok and trouble:find('connection:getClass is not there', 1, true), trouble)
                  ok = pcall(setmetatable, conn, {})
                  assert(not ok)
                  kumo.reject(550, 'contained')
                end)
                """))) {
            SmtpDialogue.with(policy.listeners().get(0)).run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@client.example>
                    S: 550 5.7.1 contained
                    """);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do end",
                "while true do pcall(function() while true do end end) end",
                "repeat local ok = pcall(error, 'x') until false",
                "for _ = 1, math.huge do xpcall(function() while true do end end, function() while true do end end) end",
                "local co = coroutine.create(function() while true do end end) while true do coroutine.resume(co) end",
                "coroutine.wrap(function() while true do pcall(function() while true do end end) end end)()",
                "string.gsub(('x'):rep(100), 'x', function() while true do end end)",
                "table.sort({ 3, 2, 1 }, function() while true do end end)",
                "local t = setmetatable({}, { __index = function() while true do end end }) return t.x",
                "local t = setmetatable({}, { __close = function() while true do end end }) do local c <close> = t end",
                "for w in string.gmatch('a b', '%a') do while true do end end",
                "local co = coroutine.create(function() local c <close> = setmetatable({}, { __close = function() while true do end end })"
                        + " while true do end end) coroutine.resume(co) coroutine.close(co)",
                "load('while true do end', '@policy.lua')()",
                "load(function() while true do end end)",
                "goto again ::again:: goto again",
                "table.move({}, 1, 1 << 60, 2)",
                "local x = ('a'):rep(30000) return x:find('.-.-.-.-b')",
                "local x = ('a'):rep(100000) return x:match('a*a*a*a*b')",
                "local x = ('a'):rep(300) return (x:gsub('a?a?a?a?a?a?a?a?a*a*a*a*b', ''))",
                "for w in (('a'):rep(50000)):gmatch('a*a*a*a*b') do end",
                "table.concat({}, 'x', 1, 1 << 60)",
                "table.sort(setmetatable({}, { __len = function() return 1 << 30 end, __index = rawlen, __newindex = rawequal }))",
                "table.insert(setmetatable({}, { __len = function() return 1 << 60 end }), 1, 1)",
            })
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endsWhatWouldNot(String script) {
        Path file = Policies.write(folder, script);

        assertThatThrownBy(() -> LuaPolicyFile.builder(file)
                        .callTime(Duration.ofMillis(100))
                        .load())
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith("policy.lua:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local s = ('x'):rep(1 << 40)",
                "local s = ('x'):rep(1000, ('y'):rep(1000000))",
                "local s = 'x' for _ = 1, 60 do s = s .. s end",
                "local s = 'x' while true do s = s .. s end",
                "local t = {} while true do t[#t + 1] = {} end",
                "local t = {} for i = 1, math.huge do t[i] = tostring(i) end",
                "local t = {} while true do pcall(function() t[#t + 1] = ('x'):rep(1000) .. #t end) end",
                "local s = ('x'):rep(1000000) local t = {} for i = 1, 1000 do t[i] = s end return table.concat(t)",
                "local s = ('x'):rep(1000000) return (s:gsub('x', s))",
                "local s = ('x'):rep(10000) return (s:gsub('x', function() return ('y'):rep(1000000) end))",
                "local s = ('x'):rep(10000000) return string.format(('%s'):rep(100), s, s, s, s, s, s, s, s, s, s)",
                "local function f() return f() + 1 end return f()",
                "local function f() local t <close> = setmetatable({}, { __close = f }) end return f()",
                "local function f(t) return setmetatable({}, { __index = f(t) }) end return f({})",
                "local s = ('('):rep(100000) .. ('}'):rep(1000) return assert(load('return ' .. s))",
                "local function f() return (('x'):gsub('x', f)) end return f()",
                "local function f() table.sort({ 2, 1 }, f) end return f()",
                "local t = {} t.__index = t setmetatable(t, t) return t.x.y",
                "local co = {} while true do co[#co + 1] = coroutine.create(print) end",
                "return table.unpack({}, 1, 100000000)",
                "setmetatable({}, { __gc = function() while true do end end })",
                "local t = {} for i = 1, 300 do t = { t } end kumo.make_listener_domain { relay_from = t }",
                "local t = {} t.t = t kumo.make_listener_domain { relay_from = t }",
            })
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void boundsMemoryAndDepth(String script) {
        Path file = Policies.write(folder, script);

        assertThatThrownBy(() -> LuaPolicyFile.builder(file).memory(16 << 20).load())
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith("policy.lua:");
    }

    @Test
    void takesNoBytecode() {
        assertThatThrownBy(() -> Policies.load(folder, "\u001bLua"))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessage("policy.lua: is bytecode; only the text of a script is taken");
        assertThatThrownBy(() -> Policies.load(folder, "assert(load('\\27Lua'))"))
                .hasMessageContaining("attempt to load a binary chunk");
        assertThatThrownBy(() -> Policies.load(folder, "load('return 1', 'x', 'b')"))
                .hasMessage("policy.lua:1: load takes text only");
    }

    @Test
    void aStoppedCallHarmsNoOther() {
        try (LuaPolicyFile policy = LuaPolicyFile.builder(Policies.write(folder, Policies.listening("""
                        kumo.on('smtp_server_rcpt_to', function(recipient)
                          if recipient.user == 'loop' then
                            while true do pcall(function() while true do end end) end
                          end
                        end)
                        """)))
                .bounds(LuaBounds.DEFAULT
                        .withInstructions(1_000_000)
                        .withTime(Duration.ofSeconds(20))
                        .withStates(1))
                .load()) {
            SmtpDialogue.with(policy.listeners().get(0)).run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@client.example>
                    S: 250 *
                    C: RCPT TO:<loop@example.com>
                    S: 421 4.3.0 *
                    S: (closed)
                    """);
            SmtpDialogue.with(policy.listeners().get(0)).run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@client.example>
                    S: 250 *
                    C: RCPT TO:<b@example.com>
                    S: 250 *
                    """);
        }
    }

    @Test
    void aPolicyInJavaSeesTheLine() {
        try (LuaPolicyFile policy = Policies.load(folder, """
                kumo.on('smtp_server_connection_accepted', function(conn)
                  local nothing
                  return nothing.here
                end)
                """)) {
            Policy first = policy.policies().get(0);
            assertThatThrownBy(() -> first.connectionAccepted(null))
                    .hasMessageStartingWith("policy.lua:3: attempt to index a nil value (local 'nothing')");
            assertThat(policy.idleStates()).isEqualTo(1);
        }
    }
}
