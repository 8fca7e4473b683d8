package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.PATH;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayWithPolicyTest {

    @TempDir
    private Path folder;

    private GatewayWithPolicy gateway;

    @BeforeEach
    void start() throws IOException {
        Set<EnvelopeAddress> left = Set.of(EnvelopeAddress.parse("bob@example.com"));
        gateway = GatewayWithPolicy.start("127.0.0.1:0", folder.resolve("mail"), left);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void refusesThoseWhoHaveLeft() {
        SmtpDialogue.with(gateway.listener()).from("192.0.2.7").run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<jane@client.example>
                S: 250 2.1.0 OK
                C: RCPT TO:<bob@example.com>
                S: 550 5.1.1 no longer with us
                C: RCPT TO:<alice@example.com>
                S: 250 2.1.5 OK
                """);
    }

    @Test
    void putsMailIntoTheMaildir() throws IOException {
        assertThat(LineClient.send(
                        gateway.listener().address(), "jane@client.example", "alice@example.com", "Subject: Hello"))
                .startsWith("250 2.6.0");

        try (Stream<Path> mail = Files.list(folder.resolve("mail/new"))) {
            assertThat(mail).singleElement(PATH).content().contains("Subject: Hello");
        }
    }
}
