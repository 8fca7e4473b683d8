package dev.kumo.testkit;

import static dev.kumo.testkit.MailAssertions.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TestMtaTest {

    private static final String HELLO = """
            S: 220 mail.example.com *
            C: EHLO client.example
            S: *
            C: MAIL FROM:<a@client.example>
            S: 250 *
            C: RCPT TO:<b@example.com>
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: Hello
            C: .
            S: 250 2.6.0 *
            """;

    @Nested
    class AsAnExtension {

        @RegisterExtension
        static final TestMta SHARED = TestMta.listening(listener -> {});

        @RegisterExtension
        final TestMta mta = TestMta.listening(listener -> {});

        @RepeatedTest(2)
        void isFreshForEachTest() throws IOException {
            SocketClient.send(mta.address(), "a@client.example", "b@example.com", "Subject: Hello", "", "World");

            assertThat(mta.messages())
                    .singleElement(MESSAGE)
                    .hasSender("a@client.example")
                    .hasRecipients("b@example.com")
                    .hasSubject("Hello")
                    .hasBody("World\n");
        }

        @RepeatedTest(2)
        void isFreshForEachTestWhenItIsShared() throws IOException {
            assertThat(SHARED.messages()).isEmpty();
            assertThat(SHARED.clock().instant()).isEqualTo(TestClock.START);

            SHARED.clock().advance(Duration.ofDays(1));
            SocketClient.send(SHARED.address(), "a@client.example", "b@example.com", "Subject: Hello");
            assertThat(SHARED.messages()).hasSize(1);
        }

        @Test
        void livesBesideAnother() throws IOException {
            SocketClient.send(mta.address(), "a@client.example", "one@example.com", "");
            SocketClient.send(SHARED.address(), "a@client.example", "two@example.com", "");

            assertThat(mta.port()).isNotEqualTo(SHARED.port());
            assertThat(mta.messages()).singleElement(MESSAGE).hasRecipients("one@example.com");
            assertThat(SHARED.messages()).singleElement(MESSAGE).hasRecipients("two@example.com");
        }

        @Test
        void keepsWhatCameInOrder() throws IOException {
            SocketClient.send(mta.address(), "a@client.example", "b@example.com", "Subject: 1");
            mta.dialogue().from("127.0.0.1").run(HELLO);
            SocketClient.send(mta.address(), "a@client.example", "b@example.com", "Subject: 3");

            assertThat(mta.messages())
                    .extracting(message -> message.headers().first("Subject").orElse(""))
                    .containsExactly("1", "Hello", "3");
        }

        @Test
        void tellsTheTimeOfItsClock() throws IOException {
            mta.clock().advance(Duration.ofHours(36));
            SocketClient.send(mta.address(), "a@client.example", "b@example.com", "");

            assertThat(mta.messages().get(0).headers().first("Received"))
                    .get()
                    .asString()
                    .endsWith("Fri, 02 Jan 2026 12:00:00 +0000");
        }
    }

    @Nested
    class WithoutPort {

        @RegisterExtension
        final TestMta mta =
                TestMta.withoutPort(listener -> listener.domain("example.com", domain -> domain.relayTo(true)));

        @Test
        void isReachedByDialogue() {
            SmtpDialogue dialogue = mta.dialogue().run(HELLO);

            assertThat(mta.messages()).singleElement(MESSAGE).hasSubject("Hello");
            assertThat(dialogue.received()).isEqualTo(mta.messages());
        }

        @Test
        void saysThatItHasNone() {
            assertThatThrownBy(mta::port)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("TestMta.listening");
        }
    }

    @Nested
    class ByHand {

        private final TestMta mta = TestMta.listening(listener -> listener.hostname("mx.example.net"));

        @Test
        void isClosedAtTheEndOfItsBlock() throws IOException {
            InetSocketAddress address;
            try (TestMta started = mta.start()) {
                address = started.address();
                SocketClient.send(address, "a@client.example", "b@example.com", "");
                assertThat(started.messages()).hasSize(1);
                assertThat(started.dialogue().send("QUIT"))
                        .containsExactly("221 2.0.0 mx.example.net closing the connection");
            }

            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.connect(address)).isInstanceOf(ConnectException.class);
            }
        }

        @Test
        void startsAgainAfterItsEnd() throws IOException {
            mta.start().close();
            try (TestMta again = mta.start()) {
                SocketClient.send(again.address(), "a@client.example", "b@example.com", "");
                assertThat(again.messages()).hasSize(1);
            }
        }

        @Test
        void startsOnce() throws IOException {
            try (TestMta started = mta.start()) {
                assertThatThrownBy(started::start)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("runs already");
            }
        }

        @Test
        void tellsHowToStartItBeforeItRuns() {
            assertThatThrownBy(mta::messages)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("@RegisterExtension");
            assertThatThrownBy(mta::port).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(mta::dialogue).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void mayBeClosedWithoutBeingStarted() {
            assertThatCode(mta::close).doesNotThrowAnyException();
        }

        @Test
        void doesNotRunIfTheListenerIsWrong() {
            TestMta wrong = TestMta.listening(listener -> listener.hostname(""));

            assertThatThrownBy(wrong::start)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("host name");
            assertThatThrownBy(wrong::port).isInstanceOf(IllegalStateException.class);
        }
    }
}
