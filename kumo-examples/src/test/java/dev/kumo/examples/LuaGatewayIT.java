package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.testkit.TestMta;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's jar with a policy script. */
@Timeout(180)
class LuaGatewayIT {

    /** All mail goes to a next hop on this machine, which the defaults would not let it. */
    private static final String POLICY = """
            local kumo = require 'kumo'
            local names = require 'names'

            kumo.on('init', function()
              kumo.define_spool { name = 'data', path = 'spool', min_free_space = 0 }
              kumo.configure_local_logs { log_dir = 'logs' }
              kumo.start_esmtp_listener {
                listen = '127.0.0.1:0',
                hostname = 'mx.example.com',
                relay_hosts = {},
                domains = { ['example.com'] = { relay_to = true } },
              }
            end)

            kumo.on('smtp_server_rcpt_to', function(recipient)
              if recipient.user == names.nobody then
                kumo.reject(550, '5.1.1 REFUSAL')
              end
            end)

            kumo.on('smtp_server_message_received', function(msg)
              msg:set_meta('routing_domain', '[127.0.0.1]')
            end)

            kumo.on('get_egress_path_config', function()
              return kumo.make_egress_path { smtp_port = PORT, prohibited_hosts = {}, enable_tls = 'Disabled' }
            end)
            """;

    @RegisterExtension
    final TestMta nextHop = TestMta.listening(unchanged -> {});

    @TempDir
    Path folder;

    private Path policy(String refusal) throws Exception {
        Files.writeString(folder.resolve("names.lua"), "return { nobody = 'nobody' }");
        String script = POLICY.replace("REFUSAL", refusal).replace("PORT", "" + nextHop.port());
        Path fresh = Files.writeString(folder.resolve("policy.new"), script);
        return Files.move(fresh, folder.resolve("policy.lua"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String refusal(int port) throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.reply();
            client.ask("EHLO client.example");
            client.ask("MAIL FROM:<a@client.example>");
            return client.ask("RCPT TO:<nobody@example.com>");
        }
    }

    @Test
    void takesMailByItsRulesAndSendsItOn() throws Exception {
        try (GatewayProcess gateway =
                GatewayProcess.start(folder, policy("no such user").toString())) {
            int port = gateway.port();
            assertThat(gateway.line()).isEqualTo("Mail goes to the hosts that the DNS has for its domains");
            assertThat(gateway.line()).startsWith("The log is in ");
            try (RawClient client = new RawClient(port)) {
                client.reply();
                client.ask("EHLO client.example");
                client.ask("MAIL FROM:<a@client.example>");
                assertThat(client.ask("RCPT TO:<nobody@example.com>")).startsWith("550 5.1.1 no such user");
                assertThat(client.ask("RCPT TO:<b@elsewhere.example>")).startsWith("550 5.7.1 ");
                client.ask("RCPT TO:<b@example.com>");
                client.ask("DATA");
                assertThat(client.ask("Subject: Hi\n\nHello\n.")).startsWith("250 2.6.0 ");
            }
            String line = gateway.line();
            while (!line.contains(" delivered ")) {
                line = gateway.line();
            }
            assertThat(line).contains("to=<b@example.com>");
            gateway.terminate();
            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.errors()).doesNotContain("WARNING", "ERROR");
        }
        assertThat(nextHop.messages()).hasSize(1);
        assertThat(folder.resolve("logs")).isNotEmptyDirectory();
    }

    @Test
    void loadsItAgainWhenItChangesAndKeepsTheOldOneIfItIsBroken() throws Exception {
        try (GatewayProcess gateway =
                GatewayProcess.start(folder, policy("first").toString())) {
            int port = gateway.port();
            assertThat(refusal(port)).contains("first");

            Files.writeString(folder.resolve("policy.lua"), "kumo.on('innit', print)");
            while (!gateway.errors().contains("new policy script refused")) {
                assertThat(refusal(port)).contains("first");
            }
            assertThat(gateway.errors())
                    .contains("policy.lua:1: kumo.on: there is no event 'innit' (did you mean 'init'?)");

            policy("second");
            while (!refusal(port).contains("second")) {
                assertThat(gateway.errors()).doesNotContain("Exception");
            }
        }
    }

    @Test
    void saysWhatIsWrongWithAPolicyAndEnds() throws Exception {
        Path file = Files.writeString(
                folder.resolve("policy.lua"), "\nkumo.on('init', function() kumo.start_esmtp_listner {} end)");
        try (GatewayProcess gateway = GatewayProcess.start(folder, file.toString())) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.errors())
                    .isEqualTo("policy.lua:2: kumo.start_esmtp_listner is not there (did you mean"
                            + " 'start_esmtp_listener'?); docs/lua.md lists what is" + System.lineSeparator());
        }
    }

    @Test
    void wantsAListener() throws Exception {
        Path file = Files.writeString(folder.resolve("policy.lua"), "");
        try (GatewayProcess gateway = GatewayProcess.start(folder, file.toString())) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.errors()).startsWith("policy.lua: starts no listener; call kumo.start_esmtp_listener");
        }
    }
}
