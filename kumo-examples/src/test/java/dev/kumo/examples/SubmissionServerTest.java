package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.testkit.SmtpDialogue;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionServerTest {

    @TempDir
    Path maildir;

    private SubmissionServer server;

    @BeforeEach
    void start() throws Exception {
        server = SubmissionServer.start("127.0.0.1:0", maildir, Map.of("daniel", "tiger"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void takesMailOfThoseWhoShowWhoTheyAre() {
        SmtpDialogue dialogue = SmtpDialogue.with(server.listener()).underTls().run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: AUTH PLAIN AGRhbmllbAB0aWdlcg==
                S: 235 2.7.0 authenticated
                C: MAIL FROM:<daniel@example.com>
                S: 250 2.1.0 OK
                C: RCPT TO:<anybody@example.org>
                S: 250 2.1.5 OK
                C: DATA
                S: 354 *
                C: Subject: hello
                C: .
                S: 250 2.0.0 OK
                """);

        assertThat(dialogue.received())
                .singleElement()
                .satisfies(message -> assertThat(
                                message.headers().first("Received").orElseThrow())
                        .contains("with ESMTPSA"));
    }

    @Test
    void takesNothingFromOthers() {
        SmtpDialogue.with(server.listener()).underTls().run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: AUTH PLAIN AGRhbmllbABsaW9u
                S: 535 5.7.8 authentication failed
                C: MAIL FROM:<daniel@example.com>
                S: 250 2.1.0 OK
                C: RCPT TO:<anybody@example.org>
                S: 550 5.7.1 relaying denied
                """);
    }
}
