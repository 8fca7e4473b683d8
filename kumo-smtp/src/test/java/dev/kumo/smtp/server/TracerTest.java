package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.log.SessionEvent;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.net.CidrSet;
import dev.kumo.core.policy.Verdict;
import dev.kumo.tls.TlsSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those hear who listen to a session. */
class TracerTest {

    private static final String SECRET =
            Base64.getEncoder().encodeToString("\0daniel\0tiger".getBytes(StandardCharsets.UTF_8));
    private static final Policy DANIEL =
            Policy.onAuthPlain((peer, credentials) -> credentials.password().equals("tiger"));

    private final Inbox inbox = new Inbox();
    private final List<SessionEvent> heard = new ArrayList<>();
    private final SessionTrace.Listening listening = inbox.trace.listen(client -> true, heard::add);

    private List<SessionEvent.What> whats() {
        return heard.stream().map(SessionEvent::what).toList();
    }

    private Talk talkUnderTls() {
        Talk talk = new Talk(inbox, options -> {}, DANIEL);
        talk.session.secured(new TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384", Optional.empty(), List.of()));
        talk.say("EHLO client.example");
        return talk;
    }

    private static SessionEvent.Read read(String text) {
        return new SessionEvent.Read(text);
    }

    private static SessionEvent.Write write(String text) {
        return new SessionEvent.Write(text);
    }

    @Test
    void aDialogueIsHeardFromItsBeginningToItsEnd() {
        try (Wire wire = new Wire(inbox, options -> {})) {
            wire.send(Wire.BEGIN).send(Wire.CONTENT).send("QUIT\r\n").sendEnd();
        }

        assertThat(whats())
                .startsWith(
                        new SessionEvent.Connected(),
                        write("220 mx.example ESMTP Kumo\r\n"),
                        read("EHLO client.example"))
                .containsSubsequence(
                        read("MAIL FROM:<a@client.example>"),
                        write("250 2.1.0 OK\r\n"),
                        read("RCPT TO:<b@here.example>"),
                        write("250 2.1.5 OK\r\n"),
                        read("DATA"),
                        read(Wire.CONTENT),
                        read("QUIT"))
                .endsWith(new SessionEvent.Closed());
        assertThat(heard).allSatisfy(event -> {
            assertThat(event.client()).isEqualTo(Wire.STRANGER);
            assertThat(event.at()).isEqualTo(Wire.NOW);
            assertThat(event.meta()).containsEntry("received_from", "192.0.2.1:25000");
        });
    }

    @Test
    void itIsHeardWhatBecomesOfAMessage() {
        new Talk(inbox, options -> {}).begin("b@here.example").send("Subject: x\r\n\r\n.\r\n");

        assertThat(whats())
                .filteredOn(SessionEvent.MessageDisposition.class::isInstance)
                .singleElement()
                .satisfies(what -> {
                    SessionEvent.MessageDisposition disposition = (SessionEvent.MessageDisposition) what;
                    assertThat(disposition.recipient()).hasToString("b@here.example");
                    assertThat(disposition.id()).isEqualTo(inbox.messages.get(0).id());
                    assertThat(disposition.willEnqueue()).isTrue();
                    assertThat(disposition.wasArfOrOob()).isFalse();
                });
    }

    @Test
    void itIsHeardWhatPoliciesSay() {
        Talk talk = new Talk(
                inbox,
                options -> {},
                Policy.onMailFrom((peer, from) -> Verdict.reject(550, "5.7.1", "not you")),
                Policy.onEhlo((peer, name) -> Verdict.proceed()));
        talk.say("EHLO client.example");
        talk.say("MAIL FROM:<a@client.example>");

        assertThat(whats())
                .contains(
                        new SessionEvent.Callback("smtp_server_ehlo", Optional.of("proceed"), Optional.empty()),
                        new SessionEvent.Callback(
                                "smtp_server_mail_from", Optional.empty(), Optional.of("550 5.7.1 not you")));
    }

    @Test
    void aPolicyThatFailsIsHeardOfWithoutItsCause() {
        new Talk(inbox, options -> {}, Policy.onEhlo((peer, name) -> {
                    throw new IllegalStateException("internal");
                }))
                .say("EHLO client.example");

        assertThat(whats())
                .filteredOn(SessionEvent.Callback.class::isInstance)
                .singleElement()
                .asString()
                .contains("failed")
                .doesNotContain("internal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AUTH PLAIN %s",
                "auth\tplain\t%s",
                "  AUTH  PLAIN  %s",
                "AUTH %s",
                "AUTHPLAIN %s",
                "AUTH PLAIN %s %s",
                "X-AUTH %s",
                "HTTP auth %s",
            })
    void aLineWithCredentialsIsNotHeard(String line) {
        talkUnderTls().say(line.replace("%s", SECRET));

        assertThat(heard.toString()).contains(Tracer.LEFT_OUT).doesNotContain(SECRET);
    }

    @Test
    void aResponseToAChallengeIsNotHeard() {
        Talk talk = talkUnderTls();
        talk.say("AUTH PLAIN");
        talk.respond(SECRET);

        assertThat(whats()).contains(read("AUTH PLAIN"), read(Tracer.LEFT_OUT));
        assertThat(heard.toString()).doesNotContain(SECRET);
    }

    @Test
    void credentialsThatComeThoughAuthWasRefusedAreNotHeard() {
        Talk talk = new Talk(inbox, options -> {});
        talk.say("EHLO client.example");
        listening.close();
        talk.say("AUTH LOGIN"); // nobody listens just now
        inbox.trace.listen(client -> true, heard::add);
        talk.say("ZGFuaWVs");
        talk.say("dGlnZXI=");
        talk.say("NOOP");

        assertThat(heard.toString()).doesNotContain("ZGFuaWVs").doesNotContain("dGlnZXI=");
        assertThat(whats()).contains(read(Tracer.LEFT_OUT), read("NOOP"));
    }

    @Test
    void onlyTheClientsThatAreAskedForAreHeard() {
        listening.close();
        inbox.trace.listen(CidrSet.of("203.0.113.0/24")::contains, heard::add);
        new Talk(inbox, options -> {}).say("NOOP");

        assertThat(heard).isEmpty();
    }

    @Test
    void whoHasStoppedListeningHearsNothing() {
        Talk talk = new Talk(inbox, options -> {});
        listening.close();
        heard.clear();
        talk.say("NOOP");

        assertThat(heard).isEmpty();
    }
}
