package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.testkit.SmtpDialogue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** KumoMTA's helper for the domains of listeners, with files as its users have them. */
class ListenerDomainsTest {

    @TempDir
    Path folder;

    private LuaPolicyFile policy;

    @BeforeEach
    void load() throws Exception {
        Files.writeString(folder.resolve("domains.toml"), """
                ["example.com"]
                relay_to = true

                ["send.example.com"]
                relay_from = [ '10.0.0.0/24' ]

                ["auth.example.com"]
                relay_from_authz = [ 'scott', 'daniel' ]

                ["*.example.org"]
                relay_to = true

                ["www.example.org"]
                relay_to = false

                [listener."192.0.2.25:25"."example.com"]
                relay_to = false
                """);
        Files.writeString(
                folder.resolve("more.json"),
                "{ /* merged */ \"example.net\": { \"relay_to\": true, \"log_oob\": true } }");
        policy = LuaPolicyFile.builder(Policies.write(folder, script("{ 'domains.toml', 'more.json' }")))
                .readFiles(true)
                .load();
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private static String script(String files) {
        return """
                local kumo = require 'kumo'
                local listener_domains = require 'policy-extras.listener_domains'
                kumo.on('init', function()
                  kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com', relay_hosts = {} }
                end)
                kumo.on('smtp_server_auth_plain', function(authz, authc, password)
                  return { identities = { { identity = authc, context = 'SmtpAuthPlainAuthentication' } }, groups = { 'x' } }
                end)
                kumo.on('get_listener_domain', listener_domains:setup(%s))
                """.formatted(files);
    }

    private SmtpDialogue dialogue() {
        SmtpDialogue dialogue =
                SmtpDialogue.with(policy.listeners().get(0)).from("10.0.0.7").underTls();
        dialogue.send("EHLO client.example");
        return dialogue;
    }

    private static String rcpt(SmtpDialogue dialogue, String from, String to) {
        dialogue.send("MAIL FROM:<" + from + ">");
        return dialogue.send("RCPT TO:<" + to + ">").get(0).substring(0, 3);
    }

    private String rcpt(String from, String to) {
        return rcpt(dialogue(), from, to);
    }

    @Test
    void takesMailForTheDomainsOfBothFiles() {
        assertThat(rcpt("a@b.example", "x@example.com")).isEqualTo("250");
        assertThat(rcpt("a@b.example", "x@example.net")).isEqualTo("250");
        assertThat(rcpt("a@b.example", "x@elsewhere.example")).isEqualTo("550");
    }

    @Test
    void theMostSpecificEntryWins() {
        assertThat(rcpt("a@b.example", "x@any.example.org")).isEqualTo("250");
        assertThat(rcpt("a@b.example", "x@www.example.org")).isEqualTo("550");
    }

    @Test
    void relaysFromNetworks() {
        assertThat(rcpt("a@send.example.com", "x@elsewhere.example")).isEqualTo("250");
    }

    @Test
    void relaysForThoseWhoHaveShownWhoTheyAre() {
        assertThat(rcpt("a@auth.example.com", "x@elsewhere.example")).isEqualTo("550");

        SmtpDialogue known = dialogue();
        String plain = Base64.getEncoder().encodeToString("\0scott\0tiger".getBytes(StandardCharsets.UTF_8));
        assertThat(known.send("AUTH PLAIN " + plain).get(0)).startsWith("235");
        assertThat(rcpt(known, "a@auth.example.com", "x@elsewhere.example")).isEqualTo("250");
    }

    @Test
    void checksTheFilesWhenItIsLoaded() throws Exception {
        Files.writeString(folder.resolve("wrong.toml"), "['example.com']\nrelay_too = true");

        assertThatThrownBy(() -> LuaPolicyFile.builder(Policies.write(folder, script("{ 'wrong.toml' }")))
                        .readFiles(true)
                        .load())
                .hasMessage("policy.lua:9: make_listener_domain: unknown key 'relay_too' (did you mean 'relay_to'?)");
    }

    @Test
    void saysWhereAFileIsNoToml() throws Exception {
        Files.writeString(folder.resolve("wrong.toml"), "['example.com'\n");

        assertThatThrownBy(() -> LuaPolicyFile.builder(Policies.write(folder, script("{ 'wrong.toml' }")))
                        .readFiles(true)
                        .load())
                .hasMessageStartingWith("policy.lua:9: wrong.toml: no TOML at line ");
    }

    @Test
    void readsNoFilesUnlessItIsLet() {
        assertThatThrownBy(() -> Policies.load(folder, script("{ 'domains.toml' }")))
                .hasMessageStartingWith("policy.lua:9: toml_load 'domains.toml': this script may not read other files");
    }
}
