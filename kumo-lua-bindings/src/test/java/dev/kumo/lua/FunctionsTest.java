package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.testkit.SmtpDialogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the module has beside listeners and events. */
class FunctionsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local t = kumo.string.split('a,b,,c', ',') assert(#t == 4 and t[3] == '')",
                "local t = kumo.string.splitn('a,b,c', 2, ',') assert(#t == 2 and t[2] == 'b,c')",
                "local t = kumo.string.rsplit('a,b,c', ',') assert(table.concat(t) == 'cba')",
                "local t = kumo.string.rsplitn('a,b,c', 2, ',') assert(t[1] == 'c' and t[2] == 'a,b')",
                "assert(kumo.string.split_whitespace(' a  b\tc ')[3] == 'c')",
                "assert(kumo.string.replace('a.b.c', '.', '-') == 'a-b-c')",
                "assert(kumo.string.replacen('a.b.c', '.', '-', 1) == 'a-b.c')",
                "assert(kumo.string.wrap 'hello  ' == 'hello' and kumo.string.wrap(('A'):rep(200), 75, 100) == ('A'):rep(100) .. '\\r\\n\\t' .. ('A'):rep(100))",
                "assert(kumo.string.wrap(('hello there '):rep(10), 75, 100) == ('hello there '):rep(6):sub(1, -2) .. '\\r\\n\\t' .. ('hello there '):rep(4):sub(1, -2))",
                "assert(kumo.string.wrap('a  b\\nc', 75) == 'a  b c' and kumo.string.wrap('', 1, 1) == '' and kumo.string.wrap('😀😀', 1, 3) == '😀\\r\\n\\t😀')",
                "assert(kumo.digest.crc32('1234', '56789').hex == 'cbf43926')",
                "assert(kumo.digest.hmac_sha256({ key_data = 'your key' }, 'your message').hex == '87fc1cec5c02f0991ae80f50e98eb2eb5213d07fc40417682a74448ac1deb07c')",
                "assert(#kumo.digest.hmac_sha1({ key_data = 'k' }, '').bytes == 20 and #kumo.digest.hmac_sha512({ key_data = 'k' }, '').bytes == 64)",
                "local u = kumo.uuid.parse '{69994630-3E27-11ef-91fc-cc28aa0a5c5a}' assert(tostring(u) == u.hyphenated and u.simple == '699946303e2711ef91fccc28aa0a5c5a' and u == kumo.uuid.parse(u.urn) and u == kumo.uuid.parse(u.simple))",
                "local u = kumo.uuid.parse '69994630-3e27-11ef-91fc-cc28aa0a5c5a' assert(kumo.encode.base64url_nopad_encode(u.bytes) == 'aZlGMD4nEe-R_MwoqgpcWg' and u.braced == '{' .. u.hyphenated .. '}')",
                "local a, b = kumo.uuid.new_v4(), kumo.uuid.new_v7() assert(a ~= b and a.hyphenated:match '^........%-....%-4...%-[89ab]' and b.hyphenated:match '^........%-....%-7...%-[89ab]')",
                "assert(math.abs(tonumber(kumo.uuid.new_v7().simple:sub(1, 12), 16) - kumo.time.epoch_millis()) < 60000)",
                "assert(kumo.string.trim('  ä ') == 'ä')",
                "assert(kumo.encode.base64_encode('\\0\\255') == 'AP8=' and kumo.encode.base64_decode('AP8=') == '\\0\\255')",
                "assert(kumo.encode.base64url_nopad_encode('\\255\\254') == '__4')",
                "assert(kumo.encode.hex_encode('') == '' and kumo.encode.hex_decode('ff00') == '\\255\\0')",
                "assert(kumo.string.starts_with('abc', 'ab') and kumo.string.ends_with('abc', 'bc') and not kumo.string.ends_with('abc', 'b'))",
                "assert(kumo.encode.base32_encode('foobar') == 'MZXW6YTBOI======' and kumo.encode.base32_decode('MZXW6YTBOI======') == 'foobar')",
                "assert(kumo.encode.base32_nopad_encode('fooba') == 'MZXW6YTB' and kumo.encode.base32hex_nopad_decode('CPNMUOG') == 'foob')",
                "assert(kumo.encode.base32hex_encode('f') == 'CO======' and kumo.encode.base32_encode('') == '')",
                "local d = kumo.digest.sha256('') assert(d.base64 == '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' and d.base32_nopad:sub(1, 4) == '4OYM')",
                "local t = kumo.toml_parse '[a]\\nb = [1, 2]\\nc = \"x\"' assert(t.a.b[2] == 2 and t.a.c == 'x')",
                "assert(kumo.toml_parse(kumo.serde.toml_encode { b = { c = 'x' }, a = 1 }).b.c == 'x')",
                "assert(kumo.json_parse '{ // comment\\n \"a\": 1 }'.a == 1)",
                "assert(kumo.json_encode_pretty { b = 1, a = 2 }:find 'a.*b')",
                "assert(kumo.digest.sha256('abc').hex:sub(1, 8) == 'ba7816bf' and #kumo.digest.sha1('a', 'b').bytes == 20)",
                "assert(kumo.json_encode { a = { 1, 2.5, true } } == '{\"a\":[1,2.5,true]}')",
                "local t = kumo.serde.json_parse '{\"a\":[1,null,\"ü😀\"],\"b\":1e3}' assert(t.a[3] == 'ü😀' and t.b == 1000 and t.a[2] == nil)",
                "local r = kumo.regex.compile [[(\\w+)@(?P<domain>\\w+)]] local c = r:captures('x a@b y') assert(c[0] == 'a@b' and c[1] == 'a' and c.domain == 'b')",
                "local r = kumo.regex.compile 'a+' assert(r:is_match 'xa' and not r:is_match 'x' and r:find 'baab' == 'aa' and r:find 'x' == nil)",
                "local r = kumo.regex.compile 'a+' assert(#r:find_all 'a aa' == 2 and r:replace('a aa', 'b') == 'b b' and r:replacen('a aa', 'b', 1) == 'b aa')",
                "local r = kumo.regex.compile ',+' assert(#r:split 'a,,b' == 2 and tostring(r) == ',+')",
                "assert(kumo.regex.compile('^' .. kumo.regex.escape('a.b*') .. '$'):is_match('a.b*'))",
                "local t = kumo.time.from_unix_timestamp(1700000000) assert(t.year == 2023 and t.rfc3339 == '2023-11-14T22:13:20Z')",
                "assert(kumo.time.parse_rfc3339('2023-11-14T22:13:20Z').unix_timestamp == 1700000000)",
                "assert(kumo.time.parse_rfc2822('Tue, 14 Nov 2023 22:13:20 +0000').unix_timestamp == 1700000000)",
                "assert(kumo.time.parse_duration('1h 30m').seconds == 5400 and kumo.time.now().elapsed.seconds < 60)",
                "local d = kumo.time.parse_duration(20) - kumo.time.parse_duration '10 seconds' assert(d.seconds == 10.0 and d.milliseconds == 10000 and tostring(d) == '10s')",
                "local a, b = kumo.time.with_ymd_hms(2023, 11, 14, 22, 13, 20), kumo.time.from_unix_timestamp(1700000000) assert(a == b and tostring(a) == '2023-11-14 22:13:20 UTC')",
                "local a = kumo.time.from_unix_timestamp(5) local b = a + kumo.time.parse_duration '1m' assert((b - a).human == '1m' and (b - (b - a)) == a and a ~= b)",
                "assert(kumo.time.since_millis(kumo.time.epoch_millis()) < 60000)",
                "local m = kumo.cidr.make_map { ['10.0.0.0/8'] = 'a', ['10.1.0.0/16'] = { 'b' }, ['::1'] = 'c' }"
                        + " assert(m['10.2.0.1'] == 'a' and m['10.1.2.3:25'][1] == 'b' and m['[::1]:25'] == 'c' and m['192.0.2.1'] == nil)",
                "local m = kumo.domain_map.new { ['*.example.com'] = 1, ['example.com'] = 2 } assert(m['a.example.com'] == 1 and m['EXAMPLE.com'] == 2 and m['x'] == nil)",
                "local n = 0 local f = kumo.memoize(function(a, b) n = n + 1 return a, b end, { name = 'x', ttl = '1 hour', capacity = 2 })"
                        + " for _ = 1, 3 do local a, b = f(1, nil) assert(a == 1 and b == nil) end f('1') assert(n == 2)",
                "local f = kumo.memoize(function(x) return { n = 0, list = { 1 } } end, { name = 'x', ttl = '1 hour', capacity = 9 })"
                        + " for _ = 1, 3 do local t = f 'x' assert(t.n == 0 and #t.list == 1) t.n = t.n + 1 t.list[2] = 2 end",
                "local n = 0 local f = kumo.memoize(function() n = n + 1 return n end, { name = 'x', ttl = '1 hour', capacity = 99 })"
                        + " assert(f({ 1, a = { 'b' } }) == 1 and f({ a = { 'b' }, 1 }) == 1 and f({ 1 }) == 2 and f({}) == 3 and f(1) == 4 and f('1') == 5)"
                        + " assert(f('a', 'b') == 6 and f('a,\"1:b') == 7 and f('a\\0string:b') == 8 and f(0.1) == 9 and f(0.1 + 1e-17) == 10 and f(1.0) == 11)",
                "local f = kumo.memoize(function() return kumo.regex.compile 'a' end, { name = 'x', ttl = '1 hour', capacity = 9 })"
                        + " assert(f():is_match 'a' and f():is_match 'a')",
                "local f = kumo.memoize(function() local t = {} t.t = t return t end, { name = 'x', ttl = '1 hour', capacity = 9 })"
                        + " local ok, e = pcall(f) assert(not ok and e:find 'contain themselves', e)",
                "local f = kumo.memoize(function() end, { name = 'x', ttl = '1 hour', capacity = 9 })"
                        + " local ok, e = pcall(f, kumo.regex.compile 'a') assert(not ok and e:find 'an argument is a userdata', e)"
                        + " ok, e = pcall(f, print) assert(not ok and e:find 'an argument is a function', e)",
                "local d = kumo.make_listener_domain { relay_to = true } assert(tostring(d):find('relayTo=true', 1, true))",
                "print('a', nil, 1) kumo.log_info('x', 1) kumo.log_debug() kumo.log_warn 'w' kumo.log_error 'e'",
                "local ok, e = pcall(kumo.reject, 550, '5.1.1 no') assert(not ok and tostring(e) == '550 5.1.1 no', tostring(e))",
                "local ok, e = xpcall(function() error({ 1 }) end, function(e) return e[1] + 1 end) assert(not ok and e == 2)",
                "for i = 1, 20000 do local co = coroutine.wrap(function() return kumo.json_encode(i) end) assert(co() == tostring(i)) end",
                "for i = 1, 200000 do kumo.time.from_unix_timestamp(i) end",
            })
    void does(String script) {
        assertThatCode(() -> Policies.load(folder, script).close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kumo.string.splt('a') | kumo.string.splt is not there (did you mean 'split'?); docs/lua.md lists what is
            kumo.string.split('a', '') | an empty text separates nothing
            kumo.string.split() | kumo.string.split: argument 1 must be a string, not nothing
            kumo.json_parse '{' | json_parse: no JSON at line 1, column 2
            kumo.json_encode(print) | a function is no plain value; plain are texts, numbers, booleans, and tables of these
            kumo.json_encode { 1, a = 2 } | a table is a list or has named values, not both: the key 'a' is out of place
            kumo.json_encode { [3] = 2 } | the keys of a table are texts, or numbers from 1 without a gap
            kumo.json_encode('\\255') | a string is not UTF-8
            kumo.regex.compile '(' | kumo.regex.compile: Unclosed group in '('
            kumo.regex.compile('a').find('a') | regex:find: what it is called on must be the object (call it with a colon, as in object:method()), not a string
            kumo.regex.compile('a'):finds('a') | regex:finds is not there (did you mean 'find'?); docs/lua.md lists what is
            kumo.time.now().yeer() | a time has year, month
            kumo.uuid.parse 'no' | kumo.uuid.parse: 'no' is no UUID
            kumo.uuid.new_v4().text() | a uuid has bytes, hyphenated, simple, braced and urn, not 'text'
            kumo.uuid.new_v1() | kumo.uuid.new_v1 is not supported here: they show the address of the machine
            kumo.string.wrap('a', 0) | kumo.string.wrap: argument 2 must be 1 to
            kumo.string.wrap('a', 75, 70) | kumo.string.wrap: argument 3 must be 75 to
            kumo.digest.hmac_sha256('secret', 'text') | the key of an HMAC is a table, { key_data = 'the key' }
            kumo.digest.hmac_sha256({ key_data = '' }, 'text') | the key of an HMAC is a table, { key_data = 'the key' }
            kumo.cidr.make_map { ['10.0.0.1/8'] = 1 } |
            kumo.memoize(print, { tll = 1 }) | kumo.memoize: unknown key 'tll' (did you mean 'ttl'?)
            kumo.disconnect(421, 'x', 'Maybe') | kumo.disconnect: argument 3 must be 'ForceDisconnect' or 'If421', not 'Maybe'
            kumo.json_load 'x.json' | json_load 'x.json': this script may not read other files
            """)
    void saysWhatIsWrong(String script, String message) {
        assertThatThrownBy(() -> Policies.load(folder, "\n" + script))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith("policy.lua:2: " + (message == null ? "" : message.strip()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../other", "..", "/etc/passwd", "link", "a..b", "", "folder"})
    void readsNothingOutsideItsFolder(String name) throws Exception {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.createDirectory(inner.resolve("folder.lua"));
        Files.writeString(folder.resolve("other.lua"), "return 'outside'");
        Files.createSymbolicLink(inner.resolve("link.lua"), folder.resolve("other.lua"));
        Path file = Policies.write(inner, "require '" + name + "'");

        assertThatThrownBy(() -> LuaPolicyFile.builder(file).readFiles(true).load())
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith("policy.lua:1: require '" + name + "'");
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endsARegexThatWouldTakeHours() {
        assertThatThrownBy(() -> Policies.load(folder, "kumo.regex.compile([[(a+)+\\1b]]):is_match(('a'):rep(40))"))
                .hasMessage("policy.lua:1: the regex takes too long on a text of 40 characters");
    }

    @Test
    void namesTheFileOfAnErrorThatIsRequired() throws Exception {
        Files.writeString(folder.resolve("other.lua"), "\nlocal x = nil + 1");
        Path file = Policies.write(folder, "require 'other'");

        assertThatThrownBy(() -> LuaPolicyFile.builder(file).readFiles(true).load())
                .hasMessage("other.lua:2: attempt to perform arithmetic on a nil value");
    }

    @Test
    void anObjectEndsWithItsEvent() {
        try (LuaPolicyFile policy = Policies.load(folder, Policies.listening("""
                local last
                kumo.on('smtp_server_mail_from', function(sender, conn)
                  if last then
                    assert(last[1].email == 'a@b.example')
                    last[2]:get_meta('hostname')
                  end
                  last = { sender, conn }
                end)
                """))) {
            SmtpDialogue.with(policy.listeners().get(0)).run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@b.example>
                    S: 250 *
                    C: RSET
                    S: 250 *
                    C: MAIL FROM:<a@b.example>
                    S: 421 4.3.0 *
                    S: (closed)
                    """);
        }
    }
}
