package dev.kumo.examples;

import static dev.kumo.testkit.MailAssertions.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Message;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EmbedInApplicationTest {

    private final List<Message> desk = new CopyOnWriteArrayList<>();

    @Test
    void handsEachMessageToTheApplication() throws IOException {
        try (EsmtpListener listener = EmbedInApplication.open("127.0.0.1:0", desk::add)) {
            assertThat(LineClient.send(
                            listener.address(), "jane@client.example", "desk@help.example.com", "Subject: Help"))
                    .startsWith("250");
        }

        assertThat(desk).singleElement(MESSAGE).hasSender("jane@client.example").hasSubject("Help");
    }

    @Test
    void leavesTheMessageWithTheClientIfTheApplicationFails() throws IOException {
        try (EsmtpListener listener = EmbedInApplication.open("127.0.0.1:0", message -> {
            throw new IllegalStateException("the desk is closed");
        })) {
            assertThat(LineClient.send(
                            listener.address(), "jane@client.example", "desk@help.example.com", "Subject: Help"))
                    .startsWith("451 4.3.0")
                    .doesNotContain("desk is closed");
        }
    }
}
