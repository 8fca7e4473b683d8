package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Message;
import dev.kumo.testkit.SmtpDialogue;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts put into meta data. */
class MetaDataTest {

    @TempDir
    Path folder;

    private Message received(String handler) {
        try (LuaPolicyFile policy = Policies.load(
                folder,
                Policies.listening(
                        "kumo.on('smtp_server_message_received', function(msg, conn)\n" + handler + "\nend)"))) {
            SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0));
            dialogue.send("EHLO client.example");
            dialogue.send("MAIL FROM:<a@client.example>");
            dialogue.send("RCPT TO:<b@example.com>");
            dialogue.send("DATA");
            dialogue.send("X-Big: x");
            for (int i = 0; i < 300; i++) {
                dialogue.send(" " + "x".repeat(900));
            }
            dialogue.send("X-Small: y");
            dialogue.send("");
            assertThat(dialogue.send(".").get(0)).startsWith("250");
            return dialogue.received().get(0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            msg | ('x'):rep(300000)
            conn | ('x'):rep(300000)
            msg | (function() local t = {} for i = 1, 10000 do t[i] = i end return t end)()
            msg | { [('x'):rep(300000)] = 1 }
            """)
    void whatIsRefusedForItsSizeIsNotKept(String owner, String value) {
        received("""
                %1$s:set_meta('x_kept', ('k'):rep(100000))
                local ok, trouble = pcall(%1$s.set_meta, %1$s, 'x_big', %2$s)
                assert(not ok and trouble:find('more than 262144 bytes'), trouble)
                assert(%1$s:get_meta 'x_big' == nil and #%1$s:get_meta 'x_kept' == 100000)
                """.formatted(owner, value));
    }

    @Test
    void manyValuesAreRefusedAsOneIs() {
        received("""
                local value, set = ('x'):rep(10000), 0
                for i = 1, 100 do
                  if pcall(conn.set_meta, conn, 'x_' .. i, value) then set = set + 1 end
                end
                assert(set > 10 and set < 27, set)
                assert(conn:get_meta 'x_100' == nil)
                conn:set_meta('x_1', nil)
                conn:set_meta('x_100', value)
                """);
    }

    @Test
    void importedFieldsHaveTheSameBound() {
        received("""
                local ok, trouble = pcall(msg.import_x_headers, msg)
                assert(not ok and trouble:find('more than 262144 bytes'), trouble)
                ok, trouble = pcall(msg.import_headers, msg, { { name = 'X-*' } })
                assert(not ok and trouble:find('more than 262144 bytes'), trouble)
                assert(msg:get_meta 'x_big' == nil)
                msg:import_x_headers { 'X-Small' }
                assert(msg:get_meta 'x_small' == 'y')
                """);
    }

    @Test
    void appendedFieldsKeepTheHeaderReadable() {
        received("""
                local added = 0
                while added < 2000 and pcall(msg.append_header, msg, 'X-One', ('x'):rep(900)) do
                  added = added + 1
                end
                assert(added > 700 and added < 900, added)
                """);
    }

    @Test
    void numbersNameQueues() {
        Message message = received("""
                conn:set_meta('tenant', 1)
                msg:set_meta('tenant', 42)
                msg:set_meta('campaign', 7)
                msg:set_meta('x_number', 42)
                """);

        assertThat(message.queue()).hasToString("7:42@example.com");
        assertThat(message.meta().get("x_number")).contains(42L);
    }

    @ParameterizedTest
    @CsvSource({"queue, true", "tenant, {}", "campaign, false", "routing_domain, { 'a.example' }"})
    void nothingElseNamesQueues(String name, String value) {
        received("""
                local ok, trouble = pcall(msg.set_meta, msg, '%1$s', %2$s)
                assert(not ok and trouble:find("the meta data '%1$s' is a part of a queue's name", 1, true), trouble)
                """.formatted(name, value));
    }

    @Test
    void noMailBecomesAChore() {
        Message message = received("""
                for _, holder in ipairs { msg, conn } do
                  local ok, trouble = pcall(holder.set_meta, holder, 'kumo:chore', 'generator.kumomta.internal')
                  assert(not ok and trouble:find("the meta data 'kumo:chore' are not for scripts", 1, true), trouble)
                end
                """);

        assertThat(message.isChore()).isFalse();
    }
}
