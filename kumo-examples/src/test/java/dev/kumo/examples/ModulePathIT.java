package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as modules: what is not exported is out of reach, and all of it works all the same. */
@Timeout(120)
class ModulePathIT {

    @TempDir
    Path folder;

    @Test
    void theGatewayTakesMailOnTheModulePath() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.json"), """
                {"esmtp_listeners": [{"listen": "127.0.0.1:0"}], "deliver": {"maildir": "./mail"}}
                """);
        try (GatewayProcess gateway = gateway(file, modulePath())) {
            int port = gateway.port();
            try (RawClient client = new RawClient(port)) {
                client.reply();
                client.ask("EHLO client.example");
                client.ask("MAIL FROM:<a@client.example>");
                client.ask("RCPT TO:<b@example.com>");
                client.ask("DATA");
                assertThat(client.ask("Subject: Hi\n\nHello\n.")).startsWith("250 2.6.0 accepted, id ");
            }
        }
    }

    @Test
    void theLibrariesOfTemplatesAreModulesToBeAdded() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.json"), """
                {"http_listeners": [{"listen": "127.0.0.1:0"}], "deliver": "discard"}
                """);
        String path = modulePath();
        String[] dialects = {"Jinja", "Handlebars"};
        try (GatewayProcess gateway = gateway(file, path)) {
            Curl curl = Curl.of(folder, gateway);
            for (String dialect : dialects) {
                assertThat(curl.inject(mail(dialect, "no template"))
                                .json()
                                .path("success_count")
                                .asInt())
                        .isEqualTo(1);
                Curl.Answer refused = curl.inject(mail(dialect, "for {{ email }}"));
                assertThat(refused.status()).isEqualTo(422);
                assertThat(refused.body()).contains("it holds a template of " + dialect, "this server lacks");
            }
        }
        try (GatewayProcess gateway = gateway(file, path, "--add-modules", "ALL-MODULE-PATH")) {
            Curl curl = Curl.of(folder, gateway);
            for (String dialect : dialects) {
                assertThat(curl.inject(mail(dialect, "for {{ email }}"))
                                .json()
                                .path("success_count")
                                .asInt())
                        .isEqualTo(1);
            }
        }
    }

    /** Lua's binding has no descriptors, so its jars are automatic modules; its natives are found all the same. */
    @Test
    void aPolicyInLuaRunsOnTheModulePath() throws Exception {
        Path file = Files.writeString(folder.resolve("policy.lua"), """
                kumo.on('init', function()
                  kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com' }
                end)
                kumo.on('smtp_server_mail_from', function(sender)
                  kumo.reject(550, '5.7.1 not you, ' .. kumo.toml_parse('a = "b"').a)
                end)
                """);
        try (GatewayProcess gateway = gateway(file, modulePath());
                RawClient client = new RawClient(gateway.port())) {
            client.reply();
            client.ask("EHLO client.example");
            assertThat(client.ask("MAIL FROM:<a@client.example>")).startsWith("550 5.7.1 not you, b");
        }
    }

    private static String mail(String dialect, String text) {
        return "{\"envelope_sender\": \"a@example.com\", \"recipients\": [{\"email\": \"b@example.org\"}],"
                + " \"template_dialect\": \"" + dialect + "\", \"content\": {\"text_body\": \"" + text + "\"}}";
    }

    private GatewayProcess gateway(Path file, String path, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-p", path));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-m", "dev.kumo.examples/dev.kumo.examples.Gateway", file.toString()));
        return GatewayProcess.java(folder, arguments.toArray(String[]::new));
    }

    /** The class path of this test without the tests themselves. */
    private static String modulePath() throws IOException {
        try (Stream<String> entries =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))) {
            List<String> modules = entries.filter(entry -> !entry.contains("test-classes"))
                    .filter(entry -> new File(entry).exists())
                    .toList();
            assertThat(modules).isNotEmpty();
            return modules.stream().collect(Collectors.joining(File.pathSeparator));
        }
    }
}
