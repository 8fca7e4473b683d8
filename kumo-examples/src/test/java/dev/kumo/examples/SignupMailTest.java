package dev.kumo.examples;

import static dev.kumo.testkit.MailAssertions.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.testkit.TestMta;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SignupMailTest {

    @RegisterExtension
    final TestMta mta = TestMta.listening(listener -> listener.hostname("mail.example.com"));

    @Test
    void welcomesNewCustomers() throws IOException {
        new Shop(mta.address()).signUp("jane@example.com");

        assertThat(mta.messages())
                .singleElement(MESSAGE)
                .hasRecipients("jane@example.com")
                .hasSubject("Welcome");
    }

    /** The application under test. */
    private record Shop(InetSocketAddress mailServer) {

        void signUp(String customer) throws IOException {
            LineClient.send(mailServer, "shop@example.com", customer, "Subject: Welcome\r\n\r\nGood to see you.");
        }
    }
}
