package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.policy.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Time-outs and limits: what a slow or a useless client may cost. */
class SmtpConnectionTimeTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String TOO_LONG = "421 4.4.2 mx.example waited too long";

    @Test
    void aClientThatSaysNothingIsToldAndLeft() {
        try (Wire wire = Wire.greeted()) {
            wire.pass(Duration.ofSeconds(59));
            assertThat(wire.isOpen()).isTrue();
            assertThat(wire.writes()).isEmpty();

            wire.pass(SECOND);

            assertThat(wire.lines()).containsExactly(TOO_LONG);
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void everyCommandGivesTheClientItsTimeAgain() {
        try (Wire wire = Wire.greeted()) {
            for (int i = 0; i < 4; i++) {
                wire.pass(Duration.ofSeconds(50)).send("NOOP\r\n");
            }
            assertThat(wire.codes()).isEqualTo("250 250 250 250");

            wire.pass(Duration.ofSeconds(60));

            assertThat(wire.lines()).containsExactly(TOO_LONG);
        }
    }

    @Test
    void aClientThatStopsInTheMiddleOfContentIsToldAndLeft() {
        try (Wire wire = Wire.greeted()) {
            wire.send(Wire.BEGIN).send("Subject: half\r\n").writes();

            wire.pass(Duration.ofMinutes(1));

            assertThat(wire.lines()).containsExactly(TOO_LONG);
            assertThat(wire.isOpen()).isFalse();
            assertThat(wire.context.budget().used()).isZero();
            assertThat(wire.inbox.messages).isEmpty();
        }
    }

    @Test
    void aCommandThatDripsInSteadilyHasItsTimeToo() {
        try (Wire wire = limited("command_timeout")) {
            wire.writes();
            int seconds = drip(wire, "x");

            assertThat(seconds).isEqualTo(10);
            assertThat(wire.lines()).containsExactly(TOO_LONG);
        }
    }

    @Test
    void contentThatDripsInSteadilyHasItsTimeToo() {
        try (Wire wire = limited("content_timeout")) {
            wire.send(Wire.BEGIN).writes();
            int seconds = drip(wire, "x\r\n");

            assertThat(seconds).isEqualTo(10);
            assertThat(wire.lines()).containsExactly(TOO_LONG);
        }
    }

    @Test
    void aShorterTimeThatFollowsALongerOneIsKept() {
        try (Wire wire = new Wire(options -> options.clientTimeout(Duration.ofMinutes(2))
                .limits(limits -> limits.commandTimeout(Duration.ofSeconds(5))))) {
            wire.send(Wire.BEGIN).pass(SECOND).send(Wire.CONTENT).writes();

            wire.pass(Duration.ofSeconds(5));

            assertThat(wire.lines()).containsExactly(TOO_LONG);
        }
    }

    @Test
    void aClientHasToBeginATransactionInTime() {
        try (Wire wire = limited("first_mail_timeout")) {
            wire.writes();
            int seconds = drip(wire, "NOOP\r\n");

            assertThat(seconds).isEqualTo(10);
            assertThat(wire.heard()).endsWith(TOO_LONG + "\r\n");
        }
    }

    @Test
    void onceItHasThatTimeIsForgotten() {
        try (Wire wire = limited("first_mail_timeout")) {
            wire.send("EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n");

            assertThat(drip(wire, "NOOP\r\n")).isEqualTo(30);
        }
    }

    @Test
    void theTimeAPolicyTakesIsNotTheClients() {
        Policy slow = Policy.onEhlo((peer, name) -> Verdict.proceed());
        try (Wire wire = Wire.greeted(slow)) {
            wire.send("EHLO client.example\r\n").pass(Duration.ofMinutes(4));
            assertThat(wire.writes()).isEmpty();

            wire.runStep();
            assertThat(wire.heard()).startsWith("250-mx.example");
            wire.pass(Duration.ofSeconds(59));
            assertThat(wire.isOpen()).isTrue();

            wire.pass(SECOND);
            assertThat(wire.lines()).containsExactly(TOO_LONG);
        }
    }

    @Test
    void tooManyRefusedCommandsEndTheSession() {
        try (Wire wire = new Wire(options -> options.limits(limits -> limits.maxRefusedCommands(3)))) {
            wire.send("RCPT TO:<a@b.example>\r\nDATA\r\nMAIL FROM:<>\r\n");
            assertThat(wire.codes()).isEqualTo("220 503 503 503");
            assertThat(wire.isOpen()).isTrue();

            wire.send("EXPN list\r\nNOOP\r\n");

            assertThat(wire.lines()).containsExactly("421 4.7.0 mx.example too many errors");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void tooManyUnknownCommandsEndTheSession() {
        try (Wire wire = Wire.greeted()) {
            wire.send("GET / HTTP/1.1\r\n".repeat(10)).send("\r\n");

            assertThat(wire.lines()).hasSize(11).last().isEqualTo("421 4.7.0 mx.example too many errors");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void linesThatAreNoCommandsAreUnknownOnes() {
        try (Wire wire = Wire.greeted()) {
            wire.send("x".repeat(999).concat("\r\n").repeat(5)).send("a\nb\r\n".repeat(6));

            assertThat(wire.codes()).endsWith("500 421");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void tooManyCommandsThatMoveNothingEndTheSession() {
        try (Wire wire = new Wire(options -> options.limits(limits -> limits.maxIdleCommands(3)))) {
            wire.send("EHLO client.example\r\nNOOP\r\nRSET\r\n").writes();
            assertThat(wire.isOpen()).isTrue();

            wire.send("VRFY a\r\n");

            assertThat(wire.lines()).containsExactly("421 4.7.0 mx.example too many commands without a message");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void aMessageEarnsNewOnes() {
        try (Wire wire = new Wire(options -> options.limits(limits -> limits.maxIdleCommands(3)))) {
            wire.send("NOOP\r\nNOOP\r\n").send(Wire.BEGIN).send(Wire.CONTENT).writes();

            wire.send("NOOP\r\nNOOP\r\nNOOP\r\n");

            assertThat(wire.codes()).isEqualTo("250 250 250");
        }
    }

    @Test
    void contentThatNeverEndsIsCutOff() {
        try (Wire wire = new Wire(options -> options.maxMessageSize(1000))) {
            wire.send(Wire.BEGIN).writes();
            String line = "x".repeat(500) + "\r\n";
            int sent = 0;
            while (wire.isOpen() && sent < 5_000_000) {
                wire.send(line);
                sent += line.length();
            }

            assertThat(wire.lines()).containsExactly("552 5.3.4 message too big");
            assertThat(sent).isBetween(2000, 1_100_000);
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void contentALittleTooBigIsReadToItsEndAndTheSessionGoesOn() {
        try (Wire wire = new Wire(options -> options.maxMessageSize(1000))) {
            wire.send(Wire.BEGIN).writes();

            wire.send("x".repeat(500).concat("\r\n").repeat(10) + ".\r\nNOOP\r\n");

            assertThat(wire.lines()).containsExactly("552 5.3.4 message too big", "250 2.0.0 OK");
            assertThat(wire.inbox.messages).isEmpty();
        }
    }

    @Test
    void contentBeyondTheMemoryOfAllSessionsIsRefusedForNow() {
        try (Wire wire = new Wire(options -> options.limits(limits -> limits.maxContentMemory(1000)))) {
            wire.send(Wire.BEGIN).writes();

            wire.send("x".repeat(500).concat("\r\n").repeat(10) + ".\r\n")
                    .send(Wire.BEGIN)
                    .send(Wire.CONTENT);

            assertThat(wire.codes()).startsWith("452 250").endsWith("354 250");
            assertThat(wire.inbox.messages).hasSize(1);
        }
    }

    private static Wire limited(String key) {
        return new Wire(options -> options.limits(limits -> {
            Duration time = Duration.ofSeconds(10);
            switch (key) {
                case "command_timeout" -> limits.commandTimeout(time);
                case "content_timeout" -> limits.contentTimeout(time);
                default -> limits.firstMailTimeout(time);
            }
        }));
    }

    /** Sends it every second, for 30 seconds; returns after how many the connection was closed. */
    private static int drip(Wire wire, String text) {
        int seconds = 0;
        while (wire.isOpen() && seconds < 30) {
            wire.send(text).pass(SECOND);
            seconds++;
        }
        return seconds;
    }
}
