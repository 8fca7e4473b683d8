package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What does a great deal at once, out of the reach of a count of instructions. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileScriptsTest {

    @TempDir
    Path folder;

    private void refuses(String script) {
        Path file = Policies.write(folder, script);

        assertThatThrownBy(() -> LuaPolicyFile.builder(file)
                        .callTime(Duration.ofMillis(100))
                        .memory(16 << 20)
                        .load())
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith("policy.lua:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Long texts are compared by C.
                "local s, t = ('x'):rep(5000000), {} for i = 1, 50000 do t[i] = s end table.sort(t)",
                "local s = ('x'):rep(5000000) while true do local _ = s < s end",
                "local s = ('a'):rep(4000000) s:find(('a'):rep(2000000) .. 'b', 1, true) s:find('b' .. s, -3, true) while true do end",
                "local s = ('a'):rep(4000000) s:match(('a'):rep(2000000) .. 'b')",
                // Patterns.
                "return (('('):rep(2000000)):find('%b()x')",
                "return (('a'):rep(30)):match(('a?'):rep(30) .. ('a'):rep(30))",
                "return (('ab'):rep(30)):gsub(('[ab]?'):rep(30) .. 'c', '')",
                "for _ in (('a'):rep(3000)):gmatch('.-.-.-b') do end",
                "return (('a'):rep(100000)):find('^.-.-.-b')",
                "kumo.regex.compile([[(a|a)*\\1b]]):is_match(('a'):rep(60))",
                "kumo.regex.compile('(a|b)*c'):is_match(('a'):rep(1000000))",
                "kumo.regex.compile('(?:^{2000000000}){2000000000}'):is_match('a')",
                // Loops of C that need no text.
                "string.pack('c2000000000', '')",
                "os.date(('%c'):rep(1000000))",
                "kumo.string.split(('a'):rep(4000000), ('a'):rep(2000000) .. 'b')",
                "assert(load(os.time))",
                "assert(load(('{},'):rep(1000000)))",
                // Metatables of what Java's binding may look at.
                "setmetatable(_G, { __index = function() while true do end end, __newindex = function() while true do end end }) x = y",
                "_G.__newindex = print setmetatable(_G, _G) while true do kumo.json_encode(1) end",
                "getmetatable('').__index = function() while true do end end return ('a').b",
                // What Java holds for a script.
                "local s, t = ('x'):rep(1000000), {} for i = 1, 200 do t[i] = kumo.domain_map.new { ['a.example'] = s } end",
                "local s, t = ('x'):rep(1000000), {} for i = 1, 200 do t[i] = kumo.cidr.make_map { ['192.0.2.0/24'] = { s } } end",
                "local s, t = ('x'):rep(1000000), {} for i = 1, 200 do t[i] = kumo.make_queue_config { egress_pool = s } end",
                // Texts that C takes for numbers, lengths that are made up, tables that have gaps.
                "table.move({}, 1, '900000000000', 2)",
                "table.move({}, '1', 9e11, '2')",
                "table.concat({}, '', '1', '900000000000')",
                "table.insert(setmetatable({}, { __len = function() return 1 << 52 end, __metatable = false }), 1, 'x')",
                "table.remove(setmetatable({}, { __len = function() return 1 << 52 end, __metatable = false }), 1)",
                "table.sort(setmetatable({}, { __len = function() return 1 << 30 end, __metatable = false }))",
                "table.concat(setmetatable({}, { __len = function() return 1 << 52 end, __index = rawlen, __metatable = false }))",
                "table.unpack(setmetatable({}, { __len = function() return 900000 end, __metatable = false }))",
                "local n = 0 local mt = { __len = function() n = n + 1 return n < 3 and 1 or 1 << 52 end }"
                        + " while true do table.insert(setmetatable({}, mt), 1, 'x') end",
                "local ALL = {} for i = 0, 60 do ALL[i + 1] = i end local t = load('return {' .. ('[1<<%d]=0,'):rep(53):format(table.unpack(ALL)) .. '}')() table.insert(t, 1, 'x')",
                "local ALL = {} for i = 0, 60 do ALL[i + 1] = i end local t = load('return {' .. ('[1<<%d]=0,'):rep(53):format(table.unpack(ALL)) .. '}')() table.remove(t, 1)",
                "local ALL = {} for i = 0, 60 do ALL[i + 1] = i end local t = load('return {' .. ('[1<<%d]=0,'):rep(30):format(table.unpack(ALL)) .. '}')() table.sort(t)",
                // Whatever is caught.
                "local t = setmetatable({}, { __close = function() error('again') end })"
                        + " while true do pcall(function() local a <close> = t end) end",
                "error(setmetatable({}, { __tostring = function() while true do end end }))",
                "print(setmetatable({}, { __tostring = function() while true do end end }))",
                "error(setmetatable({}, { __name = ('x'):rep(1000000) }))",
                "error(('x'):rep(8000000))",
                "local a, b = setmetatable({}, { __eq = function() while true do end end }), {} return a == b",
                "local function f() coroutine.wrap(f)() end f()",
                "local co co = coroutine.wrap(function() while true do pcall(coroutine.yield) end end) while true do co() end",
                "coroutine.yield()",
                "string.format = nil string.rep = nil pcall = nil error = nil type = nil tostring = nil while true do end",
                "setmetatable(table, { __index = function() while true do end end }) return table.nothing",
                // What takes its time.
                "local t = {} for i = 1, 200000 do t[i] = i end while true do table.insert(t, 1, 0) end",
                "local t = {} for i = 1, 50000 do t[i] = {} end while true do collectgarbage() end",
                "local t = {} for i = 1, 100000 do t['k' .. i] = i end while next(t) do t[next(t)] = nil end while true do end",
                "while true do kumo.on('init', function() end) end",
                "kumo.on('init', function() while true do kumo.start_esmtp_listener { listen = '127.0.0.1:0' } end end)",
                "kumo.on('init', function() kumo.on('init', function() end) end)",
            })
    void ends(String script) {
        refuses(script);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local s = ('x'):rep(7000000) local o = setmetatable({ s }, { __tostring = table.unpack })"
                        + " local t = {} for i = 1, 150 do t[i] = o end return string.format(('%s'):rep(150), table.unpack(t))",
                "return (('x'):rep(400)):gsub('x', { x = ('y'):rep(7000000) })",
                "local s = ('y'):rep(7000000) return (('x'):rep(400)):gsub('x', function() return s end)",
                "local s = ('y'):rep(7000000) return (('x'):rep(400)):gsub('x', s)",
                "local t = setmetatable({}, { __index = function() return ('x'):rep(4000000) end })"
                        + " return table.concat(t, '', 1, 1000)",
                "local n, s = 0, ('x'):rep(4000000) local t = setmetatable({}, { __index = function() n = n + 1 return n > 1000 and s or '' end })"
                        + " assert(table.concat(t, '', 1, 1000) == '') error('an empty text')",
                "return #('x'):rep('400000000')",
                "return #string.rep(1, '400000000', 1)",
                "local s = ('x'):rep(4000000) local t = {} for i = 1, 100 do t[i] = s end return table.concat(t, '', 1, '100')",
                "return #table.concat({ 1, 2, 3 }, ('x'):rep(7000000), '1', 3) + #table.concat({}, 1, 1, 1 << 40)",
                "local s = ('x'):rep(4000000) local t = {} for i = 1, 100 do t[i] = s end"
                        + " return #string.pack(('s4'):rep(100), table.unpack(t))",
                "return #string.format(('%99d'):rep(200000), table.unpack(setmetatable({}, { __index = function() return 1 end }), 1, 200000))",
                "return ('1'):rep(60):gsub(1, ('y'):rep(4000000))",
                "return string.gsub(1111111111, 1, ('y'):rep(4000000))",
                "return ('1'):rep(60):gsub('1', ('y'):rep(4000000), '60')",
                "return ('x'):rep(2000000):gsub('x', { x = 1.2345678901234e300 })",
                "return load('local s = ... local t = ' .. ('s..'):rep(49) .. 's return #t', '@policy.lua')(('x'):rep(3500000))",
                "return load('local s = ... local t = ' .. ('s..'):rep(199) .. 's return #t', '@policy.lua')(('x'):rep(1000000))",
                "local s = ('x'):rep(7000000) local t = {} for i = 1, 1000 do t[i] = s end print(table.unpack(t, 1, 200))",
                "local s = ('x'):rep(7000000) local t = {} for i = 1, 1000 do t[i] = s end kumo.json_encode(t)",
                "return load('local s = ... return s' .. (' .. s'):rep(150), '@policy.lua')(('x'):rep(7000000))",
                "kumo.string.replace(('a'):rep(1000000), 'a', ('b'):rep(1000000))",
                "kumo.string.split(('a,'):rep(3000000), ',')",
                "kumo.regex.compile(','):split((','):rep(3000000))",
                "kumo.regex.compile('a'):find_all(('a'):rep(3000000))",
                "kumo.json_parse('[' .. ('[],'):rep(2500000) .. '[]]')",
                "kumo.json_parse(('['):rep(1000000))",
                "local t = {} while true do t[#t + 1] = kumo.regex.compile(('a?'):rep(4000)) end",
                "local m = {} for i = 1, 3000 do m['d' .. i .. '.example'] = i end"
                        + " local t = {} while true do t[#t + 1] = kumo.domain_map.new(m) end",
                "local f = kumo.memoize(function(x) return ('x'):rep(100000) .. x end, { name = 'x', ttl = '1 hour', capacity = 1000000 })"
                        + " for i = 1, 1000000 do f(i) end",
                "local all = '^' .. ('('):rep(32) .. '.*' .. (')'):rep(32) local t = { (('a'):rep(2000000)):match(all) } while true do end",
                "local t = {} for i = 1, 100000 do t[i] = coroutine.wrap(function() coroutine.yield() end) t[i]() end",
            })
    void holdsLittle(String script) {
        refuses(script);
    }

    @Test
    void whatIsRepeatedWithoutAnyTextIsDoneAtOnce() {
        Policies.load(folder, "assert((''):rep(1 << 62) == '' and (''):rep(1 << 62, '') == '' and ('x'):rep(-1) == '')")
                .close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "string.find(nil, 'x')",
                "string.match('x', {})",
                "string.gmatch('x')",
                "string.gsub('x', 'x')",
                "string.gsub('x', 'x', 'y', {})",
                "string.gsub('x', 'x', '%9')",
                "string.find('x', '[')",
                "string.find('x', 'x', {})",
                "string.rep('x', {})",
                "string.rep('x', 1.5)",
                "string.rep(nil, 1)",
                "string.format('%d', 'abc')",
                "string.format()",
                "string.pack('i4', 'x')",
                "string.pack(nil)",
                "table.concat({ 1, {}, 3 }, ',')",
                "table.concat(nil)",
                "table.concat({}, {})",
                "table.concat({}, '', 'x')",
                "table.move({}, 1, 'x', 2)",
                "table.move(nil, 1, 2, 3)",
                "table.sort(nil)",
                "table.sort({ 1, 'x' })",
                "table.sort({ 2, 1 }, 1)",
                "table.insert(nil, 1)",
                "table.insert({}, 5, 1)",
                "table.insert({})",
                "table.remove({}, 5)",
                "table.remove(nil)",
                "table.unpack(nil, 1, 2)",
                "table.unpack({}, 1, 1 << 40)",
                "os.date('%Ez', {})",
                "coroutine.create(1)",
                "coroutine.wrap(function() string.find(nil, 'x') end)()",
                "coroutine.resume(1)",
                "setmetatable(1, {})",
                "rawset(1, 2, 3)",
                "rawget(nil, 1)",
                "collectgarbage('step')",
                "pcall()",
                "kumo.on('init')",
                "kumo.memoize(1, { name = 'x', ttl = '1 hour', capacity = 1 })",
                "error({ code = 550 })",
                "error()",
            })
    void tellsTheLineOfWhatIsCalledWrongly(String call) {
        for (String script : List.of(
                "\n" + call + "\nlocal after",
                "\nlocal ok, e = pcall(function()\n" + call
                        + " end) error(type(e) == 'string' and e or 'policy.lua:3: another', 0)")) {
            String line = script.contains("pcall(function") ? "3" : "2";
            Path file = Policies.write(folder, script);

            assertThatThrownBy(() -> LuaPolicyFile.load(file))
                    .isInstanceOf(LuaPolicyException.class)
                    .hasMessageStartingWith("policy.lua:" + line + ": ")
                    .hasMessageNotContaining("[kumo]");
        }
    }

    @Test
    void tellsTheLineOfTheHandlerIfItsFrameHasGone() {
        try (LuaPolicyFile policy = Policies.load(folder, """
                local x
                kumo.on('smtp_server_connection_accepted', function(conn)
                  return string.find(x, 'y')
                end)
                """)) {
            assertThatThrownBy(() -> policy.policies().get(0).connectionAccepted(null))
                    .hasMessageStartingWith("policy.lua:2: bad argument #1 to 'find'");
        }
    }

    @Test
    void aResumedCoroutineTellsItsLine() {
        Policies.load(folder, """
                        local co = coroutine.create(function()
                          string.find(nil, 'x')
                        end)
                        local ok, e = coroutine.resume(co)
                        assert(not ok and e:find('policy.lua:2: ', 1, true) == 1, e)
                        """).close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kumo.reject = print",
                "kumo.dns.lookup_mx = print",
                "kumo.new = 1",
                "string.upper = nil",
                "rawset(string, 'upper', nil)",
                "rawset(kumo, 'reject', print)",
                "table.insert(string, print)",
                "getmetatable('').__index = {}",
                "getmetatable('').__index.upper = nil",
                "require('string').upper = nil",
                "package.loaded.string = {}",
                "package.loaded = {}",
                "math.huge = 0",
                "os.time = print",
                "setmetatable(string, {})",
                "for _, f in pairs(string) do string.upper = f end",
            })
    void aHandlerLeavesTheLibraryAsItIs(String script) {
        try (LuaPolicyFile policy = Policies.load(folder, """
                kumo.on('smtp_server_connection_accepted', function(conn)
                  %s
                end)
                """.formatted(script))) {
            assertThatThrownBy(() -> policy.policies().get(0).connectionAccepted(null))
                    .hasMessageStartingWith("policy.lua:2: ")
                    .hasMessageMatching("(?s).*(cannot be set by a handler|cannot change a protected metatable).*");
        }
    }

    /** Bounds that were too low would be a defect as well. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "local s = ('line of text\\r\\n'):rep(100000) local n = 0 for l in s:gmatch('([^\\r\\n]*)\\r\\n') do n = n + 1 end assert(n == 100000)",
                "local s = ('line of text\\r\\n'):rep(100000) assert(select(2, s:gsub('text', 'words')) == 100000)",
                "local s = ('x'):rep(20000000) .. 'end' assert(s:find('end', 1, true) == 20000001 and s:find('end') == 20000001)",
                "local s = ('x'):rep(12000000) local t for i = 1, 20 do t = 'a' .. s .. i end assert(#t > 12000000)",
                "local t = {} for i = 1, 20000 do t[i] = 'item ' .. i end table.sort(t, function(a, b) return a > b end) assert(#table.concat(t, ',') > 200000)",
                "local t = {} for i = 1, 20000 do t[i] = 'item ' .. (20000 - i) end table.sort(t) assert(t[1] == 'item 0')",
                "assert(('%5.2f|%-5s|%q'):format(3.14159, 'ab', 'c') == ' 3.14|ab   |\"c\"')",
                "assert(string.format('%s', setmetatable({}, { __tostring = function() return 'own' end })) == 'own')",
                "assert(string.unpack('<I4', string.pack('<I4', 7)) == 7 and #string.pack('c10', 'a') == 10)",
                "assert(table.concat(setmetatable({}, { __index = function(_, i) return i .. '' end }), '-', 2, 4) == '2-3-4')",
                "assert(load('x = 1 return x')() == 1 and x == 1 and _G.x == 1)",
                "local parts = { 'return ', '1 + ', '1' } local i = 0 assert(load(function() i = i + 1 return parts[i] end)() == 2)",
                "local env = {} assert(load('y = 2', 'chunk', 't', env)) load('y = 2', 'chunk', 't', env)() assert(env.y == 2 and y == nil)",
                "local r = kumo.regex.compile([[^[a-z0-9]{1,63}(\\.[a-z0-9]{2,63}){1,8}$]]) assert(r:is_match 'mail.example.com')",
                "assert(('x'):rep('3', 1) == 'x1x1x' and string.rep(1, 2) == '11' and ('x'):rep(2.0) == 'xx')",
                "assert(table.concat({ 1, 2, 3 }, 0, '2', 3.0) == '203' and table.concat({ 1, 2 }) == '12')",
                "local t = table.move({ 1, 2, 3 }, '2', 3.0, 1) assert(t[1] == 2 and t[2] == 3 and t[3] == 3)",
                "assert(string.find(121, 2) == 2 and string.gsub(121, 1, 3) == '323' and string.match(121, 2) == '2' and ('aa'):gsub('a', 'b', '1') == 'ba')",
                "assert(('aXa'):find('a', '2') == 3 and ('aXa'):find('a', -1) == 3 and ('abc'):match('%a', 2) == 'b')",
                "function string.trim(s) return s:match '^%s*(.-)%s*$' end assert((' x '):trim() == 'x' and string.trim ' y' == 'y')",
                "getmetatable('').__mod = function(f, v) return f:format(v) end assert('%02d' % 7 == '07')",
                "local n = 0 for name, f in pairs(string) do n = n + 1 assert(string[name] == f) end assert(n > 10)",
                "assert(rawget(string, 'upper') == string.upper and rawget(kumo, 'nothing') == nil and rawset({}, 1, 2)[1] == 2)",
                "package.loaded.mine = { x = 1 } assert(require('mine').x == 1)",
                "assert(not ('a' < 'B') and tonumber '1.5' == 1.5 and ('%.1f'):format(1.5) == '1.5')",
                "local d = {} for i = 1, 20000 do d['d' .. i .. '.example'] = { tenant = i } end"
                        + " assert(kumo.domain_map.new(d)['d777.example'].tenant == 777)",
            })
    void doesWhatPoliciesDo(String script) {
        Policies.load(folder, script).close();
    }

    @Test
    void aModuleThatFailsIsNotTakenForLoaded() throws Exception {
        java.nio.file.Files.writeString(folder.resolve("other.lua"), "error 'not yet'");
        Path file = Policies.write(folder, """
                local first, trouble = pcall(require, 'other')
                local again, still = pcall(require, 'other')
                assert(not first and not again and trouble == still and trouble:find 'other.lua:1: not yet', still)
                """);

        try (LuaPolicyFile policy = LuaPolicyFile.builder(file).readFiles(true).load()) {
            assertThat(policy.listeners()).isEmpty();
        }
    }
}
