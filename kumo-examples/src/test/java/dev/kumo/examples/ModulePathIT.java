package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        try (GatewayProcess gateway = GatewayProcess.java(
                folder, "-p", modulePath(), "-m", "dev.kumo.examples/dev.kumo.examples.Gateway", file.toString())) {
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
