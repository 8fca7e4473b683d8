package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.smtp.server.EsmtpListenerOptions;
import dev.kumo.testkit.SmtpDialogue;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LuaPolicyFileTest {

    @TempDir
    Path folder;

    @Test
    void startsAListenerForEachCall() {
        try (LuaPolicyFile policy = Policies.load(folder, """
                local kumo = require 'kumo'
                kumo.on('init', function()
                  for _, port in ipairs { 25, 2026 } do
                    kumo.start_esmtp_listener {
                      listen = '0:' .. tostring(port),
                      hostname = 'mx.example.com',
                      relay_hosts = { '0.0.0.0/0' },
                      client_timeout = '2 minutes',
                      max_messages_per_connection = 5.0,
                    }
                  end
                end)
                """)) {
            assertThat(policy.listeners()).hasSize(2);
            EsmtpListenerOptions options = policy.listeners().get(1).options();
            assertThat(options.listen().port()).isEqualTo(2026);
            assertThat(options.clientTimeout()).hasMinutes(2);
            assertThat(options.maxMessagesPerConnection()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kumo.on('smtp_server_rcpt', print) | kumo.on: there is no event 'smtp_server_rcpt' (did you mean 'smtp_server_rcpt_to'?)
            kumo.on('init', 3) | kumo.on(event, handler): the handler of 'init' must be a function, not a number
            kumo.on('smtp_server_rewrite_response', print) | kumo.on: the event 'smtp_server_rewrite_response' never comes here: replies cannot be rewritten
            kumo.start_esmtp_listner {} | kumo.start_esmtp_listner is not there (did you mean 'start_esmtp_listener'?); docs/lua.md lists what is
            kumo.configure_redis_throttles {} | kumo.configure_redis_throttles is not supported here: there is no database client; throttles are kept in this process
            kumo.start_esmtp_listener {} | kumo.start_esmtp_listener can be called only from inside the 'init' event handler, not from the script itself; put it into kumo.on('init', function() … end)
            kumo.on('init', function() kumo.start_esmtp_listener { baner = 'x' } end) | start_esmtp_listener: unknown key 'baner' (did you mean 'banner'?)
            kumo.on('init', function() kumo.start_esmtp_listener { client_timeout = 'soon' } end) | start_esmtp_listener.client_timeout: 'soon' is not a duration
            kumo.on('init', function() kumo.start_esmtp_listener { domains = { ['example.com'] = { relayto = true } } } end) | start_esmtp_listener.domains['example.com']: unknown key 'relayto' (did you mean 'relay_to'?)
            kumo.on('init', function() kumo.start_esmtp_listener { trace_headers = { received = true } } end) | start_esmtp_listener.trace_headers: unknown key 'received'
            kumo.on('init', function() kumo.start_esmtp_listener { relay_hosts = { '10.0.0.1/8' } } end) | start_esmtp_listener.relay_hosts:
            kumo.on('init', function() kumo.start_esmtp_listener { tls_certificate = 'a.pem' } end) | start_esmtp_listener:
            kumo.on('init', function() kumo.start_esmtp_listener() end) | kumo.start_esmtp_listener: argument 1 must be a table of named values, such as { name = 'value' }, not nothing
            kumo.on('init', function() kumo.start_esmtp_listener(5) end) | kumo.start_esmtp_listener: argument 1 must be a table of named values, such as { name = 'value' }, not a number
            kumo.on('init', function() kumo.on('init', print) end) | kumo.on has its place in the script itself, not in the handler of 'init'
            kumo.make_listener_domain { relay_too = true } | make_listener_domain: unknown key 'relay_too' (did you mean 'relay_to'?)
            kumo.make_listener_domain { relay_from = { 1 } } | make_listener_domain.relay_from: item 1 must be a string, not 1
            kumo.reject(550, { }) | kumo.reject: argument 2 must be a string, not a table
            kumo.reject(250, 'x') | kumo.reject: argument 1 must be 400 to 599, not 250
            require 'other' | require 'other': this script may not read other files
            local x = | unexpected symbol near <eof>
            error('boom') | boom
            """)
    void saysTheLineAndTheMend(String script, String message) {
        assertThatThrownBy(() -> Policies.load(folder, "-- a comment\n" + script))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith("policy.lua:2: " + message.strip());
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> LuaPolicyFile.load(folder.resolve("none.lua")))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith("none.lua: there is no such file: ");
    }

    @Test
    void answersTheClientWithARefusal() {
        try (LuaPolicyFile policy = Policies.load(folder, Policies.listening("""
                kumo.on('smtp_server_rcpt_to', function(recipient, conn)
                  if recipient.user == 'nobody' then
                    kumo.reject(550, '5.1.1 no such user ' .. recipient.email)
                  elseif recipient.user == 'away' then
                    kumo.disconnect(450, 'later')
                  elseif recipient.user == 'wrong' then
                    local x = nil + 1
                  end
                end)
                """))) {
            SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0));
            dialogue.run("""
                    S: 220 mx.example.com *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@client.example>
                    S: 250 2.1.0 OK
                    C: RCPT TO:<nobody@example.com>
                    S: 550 5.1.1 no such user nobody@example.com
                    C: RCPT TO:<somebody@example.com>
                    S: 250 2.1.5 OK
                    C: RCPT TO:<away@example.com>
                    S: 450 4.7.1 later
                    S: (closed)
                    """);
            SmtpDialogue.with(policy.listeners().get(0)).run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@client.example>
                    S: 250 *
                    C: RCPT TO:<wrong@example.com>
                    S: 421 4.3.0 *
                    S: (closed)
                    """);
        }
    }

    @Test
    void changesAMessageBeforeItIsReceived() {
        try (LuaPolicyFile policy = Policies.load(folder, Policies.listening("""
                kumo.on('smtp_server_message_received', function(msg, conn)
                  assert(conn:get_meta('received_from') == '192.0.2.1:25000')
                  assert(tostring(msg:sender()) == 'a@client.example')
                  assert(msg:recipient().domain == 'example.com')
                  assert(msg:recipient_list()[1].email == 'b@example.com')
                  assert(msg:get_first_named_header_value('subject') == 'hi ü')
                  msg:set_meta('tenant', msg:get_first_named_header_value('X-Tenant'))
                  msg:set_meta('x_list', { 'a', 2, true, { deep = 1.5 } })
                  msg:remove_x_headers { 'X-Tenant' }
                  msg:append_header('X-Last', 'here')
                  msg:prepend_header('X-First', 'there')
                  msg:set_sender('bounce@example.com')
                  msg:set_recipient { 'c@example.com', 'd@example.com' }
                  assert(msg:queue_name() == msg:get_meta('tenant') .. '@example.com')
                  assert(msg:num_attempts() == 0)
                end)
                """))) {
            SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0));
            dialogue.run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@client.example>
                    S: 250 *
                    C: RCPT TO:<b@example.com>
                    S: 250 *
                    C: DATA
                    S: 354 *
                    C: Subject: hi ü
                    C: X-Tenant: acme
                    C:
                    C: body
                    C: .
                    S: 250 *
                    """);
            var message = dialogue.received().get(0);
            assertThat(message.meta().get("tenant")).contains("acme");
            assertThat(message.meta().get("x_list").orElseThrow()).hasToString("[a, 2, true, {deep=1.5}]");
            assertThat(message.sender()).hasToString("bounce@example.com");
            assertThat(message.recipients()).hasToString("[c@example.com, d@example.com]");
            assertThat(message.headers().fields())
                    .extracting(field -> field.name())
                    .containsExactly("X-KumoRef", "X-First", "Received", "Subject", "X-Last");
        }
    }
}
