package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.Reception;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpDialogueTest {

    private static final String TO_DATA = """
            S: 220 *
            C: EHLO client.example
            S: *
            C: MAIL FROM:<a@client.example>
            S: 250 *
            C: RCPT TO:<b@example.com>
            S: 250 *
            C: DATA
            S: 354 *
            """;

    private static EsmtpListener.Builder options() {
        return EsmtpListener.builder()
                .hostname("mail.example.com")
                .domain("example.com", domain -> domain.relayTo(true));
    }

    private final SmtpDialogue dialogue = SmtpDialogue.with(options().build());

    private AbstractThrowableAssert<?, ?> assertThatRunning(String script) {
        return assertThatThrownBy(() -> dialogue.run(script));
    }

    @Nested
    class AWrongScript {

        @Test
        void failsWithTheLineTheReplyAndWhatCameBefore() {
            assertThatRunning("""
                            # a comment counts as a line

                            S: 220 *
                            C: NOOP
                            S: 250 2.0.0 fine
                            """)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("line 5 of the script, S: 250 2.0.0 fine")
                    .hasMessageContaining("C: NOOP")
                    .hasMessageContaining("expected: \"250 2.0.0 fine\"")
                    .hasMessageContaining("but was: \"250 2.0.0 OK\"");
        }

        @Test
        void failsIfTheBeginningDiffers() {
            assertThatRunning("S: 220 mx.example.com *")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("line 1 of the script")
                    .hasMessageContaining("220 mail.example.com ESMTP Kumo");
        }

        @Test
        void failsIfAReplyIsNotNamed() {
            assertThatRunning("S: 220 *\nC: NOOP")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("without a line for each of [250 2.0.0 OK]");
        }

        @Test
        void failsIfTheGreetingIsNotNamed() {
            assertThatRunning("C: NOOP\nS: 250 2.0.0 OK")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("line 2")
                    .hasMessageContaining("220 mail.example.com");
        }

        @Test
        void failsIfFurtherLinesOfAReplyAreNotNamed() {
            assertThatRunning("S: 220 *\nC: EHLO client.example\nS: 250-mail.example.com")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("250-PIPELINING");
        }

        @Test
        void failsIfTheServerSaysNothing() {
            assertThatRunning("S: 220 *\nS: 250 2.0.0 OK")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("line 2 of the script")
                    .hasMessageContaining("says nothing more");
        }

        @Test
        void failsIfTheServerWaitsInsteadOfClosing() {
            assertThatRunning("S: 220 *\nS: (closed)")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("line 2 of the script")
                    .hasMessageContaining("the server waits");
        }

        @Test
        void failsIfTheServerSpeaksBeforeItCloses() {
            assertThatRunning("S: 220 *\nC: QUIT\nS: (closed)")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the server says 221 2.0.0");
        }

        @Test
        void failsIfTheClientSpeaksAfterTheEnd() {
            assertThatRunning("S: 220 *\nC: QUIT\nS: 221 *\nC: NOOP")
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("line 4 of the script, C: NOOP: the server has closed the connection");
        }

        @ParameterizedTest
        @ValueSource(strings = {"EHLO client.example", "c: NOOP", "250 OK"})
        void isNoneIfALineIsNobodys(String line) {
            assertThatRunning("S: 220 *\n" + line)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("line 2")
                    .hasMessageContaining(line);
        }

        @Test
        void showsTheEndOfALongDialogueOnly() {
            String before = "C: NOOP first\nS: *\n" + "C: NOOP\nS: *\n".repeat(30);

            assertThatRunning("S: *\n" + before + "S: 250 more")
                    .hasMessageContaining("... 43 lines")
                    .hasMessageNotContaining("first");
        }
    }

    @Nested
    class AScript {

        @Test
        void maySayMoreThanOneLineBeforeItHears() {
            dialogue.run("S: *\nC: NOOP\nC: HELP\nS: 250 *\nS: 214 *");
        }

        @Test
        void continuesWhereTheLastOneEnded() {
            dialogue.run(TO_DATA).run("C: hello\nC: .\nS: 250 2.0.0 OK\nC: QUIT\nS: 221 *\nS: (closed)");

            assertThat(dialogue.received())
                    .singleElement(MailAssertions.MESSAGE)
                    .hasRecipients("b@example.com");
            assertThat(dialogue.isClosed()).isTrue();
        }

        @Test
        void mayBeIndented() {
            dialogue.run("   S: 220 *\n\tC: NOOP\n   S: 250 2.0.0 OK");
        }

        @Test
        void saysItsContentInUtf8WithoutEscapes() throws Exception {
            dialogue.run(TO_DATA).run("""
                    C:  \\\\ Grüße\\tund \\s
                    C: .
                    S: 250 *
                    """);

            // The listener ends the header before content that begins with a blank.
            assertThat(content()).isEqualTo("\r\n \\ Grüße\tund  \r\n");
        }

        @Test
        void saysBareLineEndings() {
            dialogue.run(TO_DATA).run("C: a\\nb\nC: .\nS: 554 5.6.0 *");
            assertThat(dialogue.toString()).contains("C: a\\nb");
        }

        @Test
        void saysNul() throws Exception {
            dialogue.run(TO_DATA).run("C: a\\0b\nC: .\nS: 250 *");

            assertThat(content()).isEqualTo("a\0b\r\n");
        }

        @Test
        void goesOnBehindTheEndOfContent() {
            dialogue.run(TO_DATA).run("C: a\\r\\n.\\r\\nNOOP\\r\\nVRFY\nS: 250 *\nS: 250 2.0.0 OK\nS: 252 *");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\x", "\\", "a\\"})
        void hasNoOtherEscapes(String text) {
            assertThatRunning("S: *\nC: " + text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {"NOOP\\0", "NOOP\\n", "NOOP\\r", "\\rNOOP"})
        void cannotSayACommandThatOnlyAConnectionWouldRefuse(String command) {
            assertThatRunning("S: *\nC: " + command)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("over a socket");
        }

        @Test
        void cannotSayACommandThatIsTooLong() {
            assertThatThrownBy(() -> dialogue.send("NOOP " + "x".repeat(994)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("998 octets");
            assertThat(dialogue.send("NOOP " + "x".repeat(993))).containsExactly("250 2.0.0 OK");
        }

        private String content() throws Exception {
            try (var in = dialogue.received().get(0).content().open()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Nested
    class Sending {

        @Test
        void returnsTheLinesOfTheAnswer() {
            assertThat(dialogue.send("EHLO client.example"))
                    .startsWith("250-mail.example.com")
                    .endsWith("250 HELP");
            assertThat(dialogue.send("NOOP")).containsExactly("250 2.0.0 OK");
        }

        @Test
        void returnsNothingWhileContentIsTaken() {
            dialogue.run(TO_DATA);

            assertThat(dialogue.send("hello")).isEmpty();
            assertThat(dialogue.send(".")).containsExactly("250 2.0.0 OK");
        }

        @Test
        void undoesNoEscapes() {
            dialogue.run(TO_DATA);
            dialogue.send("a\\nb");

            assertThat(dialogue.send(".")).containsExactly("250 2.0.0 OK");
        }

        @Test
        void needsAnOpenConnection() {
            dialogue.send("QUIT");

            assertThatThrownBy(() -> dialogue.send("NOOP"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }

        @Test
        void leavesNothingForAScriptToName() {
            dialogue.send("NOOP");
            dialogue.run("C: VRFY b\nS: 252 *");
        }
    }

    @Nested
    class TheClient {

        @Test
        void comesFromTheAddressThatIsNamed() {
            SmtpDialogue stranger =
                    SmtpDialogue.with(options().relayHosts("2001:db8::/32").build());
            String script = "S: *\nC: EHLO x.example\nS: *\nC: MAIL FROM:<>\nS: *\nC: RCPT TO:<a@far.example>\n";

            stranger.run(script + "S: 550 5.7.1 relaying denied");
            stranger.from("2001:db8::7").run(script + "S: 250 2.1.5 OK");
        }

        @Test
        void connectsOnceAndOnlyWhenItSpeaks() {
            List<String> clients = new ArrayList<>();
            EsmtpListener listener = options()
                    .policy(Policy.onConnectionAccepted(peer -> {
                        clients.add(peer.client().getAddress().getHostAddress());
                        return Verdict.proceed();
                    }))
                    .build();

            SmtpDialogue.with(listener).from("192.0.2.7").run("S: 220 *").run("");
            assertThat(clients).containsExactly("192.0.2.7");
        }

        @Test
        void hasToBeAnAddress() {
            assertThatThrownBy(() -> dialogue.from("mail.example.com")).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void isTurnedAwayByAPolicy() {
            EsmtpListener listener = options()
                    .policy(Policy.onConnectionAccepted(peer -> Verdict.reject(554, "5.7.1", "not you")))
                    .build();

            SmtpDialogue.with(listener).run("S: 554 5.7.1 not you\nS: (closed)");
        }

        @Test
        void hearsOfNothingInsideAPolicyThatFails() {
            EsmtpListener listener = options()
                    .policy(Policy.onMailFrom((peer, from) -> {
                        throw new IllegalStateException("secret");
                    }))
                    .build();

            SmtpDialogue.with(listener).run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@client.example>
                    S: 421 4.3.0 mail.example.com technical difficulties; try again later
                    S: (closed)
                    """);
        }
    }

    @Nested
    class TheReception {

        @Test
        void answersForTheMessages() {
            SmtpDialogue full = SmtpDialogue.with(
                    options().build(), Reception.of(message -> Reply.of(452, "4.2.2", "mailbox full")));

            full.run(TO_DATA).run("C: .\nS: 452 4.2.2 mailbox full\nC: NOOP\nS: 250 *");
            assertThat(full.received()).isEmpty();
        }

        @Test
        void leavesTheMessagesWithTheClientIfItFails() {
            SmtpDialogue broken = SmtpDialogue.with(options().build(), Reception.of(message -> {
                throw new IllegalStateException("secret");
            }));

            broken.run(TO_DATA).run("C: .\nS: 451 4.3.0 message not stored; try again later");
            assertThat(broken.received()).isEmpty();
        }
    }

    @Nested
    class UnderTls {

        private final SmtpDialogue dialogue = SmtpDialogue.with(EsmtpListener.builder()
                .hostname("mail.example.com")
                .policy(Policy.onAuthPlain(
                        (peer, credentials) -> credentials.authentication().equals("daniel")
                                && credentials.password().equals("tiger")))
                .build());

        @Test
        void aClientMayShowWhoItIs() {
            dialogue.underTls().run("""
                    S: 220 *
                    C: EHLO client.example
                    S: 250-mail.example.com
                    S: 250-PIPELINING
                    S: 250-SIZE 20971520
                    S: 250-8BITMIME
                    S: 250-SMTPUTF8
                    S: 250-CHUNKING
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-LIMITS MAILMAX=10000 RCPTMAX=1024
                    S: 250-AUTH PLAIN
                    S: 250 HELP
                    C: AUTH LOGIN
                    S: 504 5.5.4 mechanism not known; use PLAIN
                    C: AUTH PLAIN
                    S: 334 *
                    C: *
                    S: 501 5.7.0 authentication cancelled
                    C: AUTH PLAIN =
                    S: 501 5.5.2 response cannot be read
                    C: AUTH PLAIN
                    S: 334 *
                    C: AGRhbmllbAB0aWdlcg==
                    S: 235 2.7.0 authenticated
                    C: AUTH PLAIN AGRhbmllbAB0aWdlcg==
                    S: 503 5.5.1 authenticated already
                    """);
        }

        @Test
        void inClearItMayNot() {
            dialogue.run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: AUTH PLAIN AGRhbmllbAB0aWdlcg==
                    S: 538 5.7.11 authentication needs STARTTLS first
                    """);
        }
    }
}
