package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.policy.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpConnectionTest {

    private static final String SESSION = Wire.BEGIN + Wire.CONTENT + "NOOP\r\nnonsense\r\nQUIT\r\n";

    @Test
    void aWholeSessionInOneReadIsAnsweredInOneWrite() {
        try (Wire wire = Wire.greeted()) {
            wire.send(SESSION);

            assertThat(wire.writes())
                    .singleElement()
                    .asString()
                    .endsWith("221 2.0.0 mx.example closing the connection\r\n");
            assertThat(wire.isOpen()).isFalse();
            assertThat(wire.inbox.text(0)).endsWith("Subject: hello\r\n\r\n.body\r\n");
        }
    }

    @Test
    void whereAReadEndsChangesNoAnswer() {
        String whole = said(SESSION, SESSION.length());
        assertThat(whole.lines().map(line -> line.substring(0, 4)))
                .containsExactly(
                        "220 ", "250-", "250-", "250-", "250-", "250-", "250-", "250-", "250-", "250 ", "250 ", "250 ",
                        "354 ", "250 ", "250 ", "500 ", "221 ");
        for (int cut = 1; cut < SESSION.length(); cut++) {
            assertThat(said(SESSION, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        int[] everywhere = new int[SESSION.length()];
        Arrays.setAll(everywhere, i -> i);
        assertThat(said(SESSION, everywhere)).as("byte by byte").isEqualTo(whole);
    }

    @Test
    void whereReadsEndChangesNoAnswerToJunkEither() {
        String[] pieces = {
            "NOOP",
            "MAIL FROM:<a@b.example>",
            "\r",
            "\n",
            "\r\n",
            "\r\n",
            "\0",
            "é",
            ".",
            "\r\n.\r\n",
            "DATA",
            "x".repeat(999)
        };
        long seed = 20_261_122;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            StringBuilder junk = new StringBuilder(round % 2 == 0 ? "" : Wire.BEGIN);
            for (int i = random.nextInt(12); i >= 0; i--) {
                junk.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = junk.toString().getBytes(StandardCharsets.UTF_8);
            int[] cuts =
                    random.ints(random.nextInt(6), 0, bytes.length + 1).sorted().toArray();
            assertThat(said(bytes, cuts))
                    .as("seed %d, round %d: %s", seed, round, junk)
                    .isEqualTo(said(bytes));
        }
    }

    @Test
    void answersToPipelinedCommandsLeaveInOneWrite() {
        try (Wire wire = Wire.greeted()) {
            wire.send("EHLO client.example\r\n").writes();

            wire.send(
                    "MAIL FROM:<a@client.example>\r\nRCPT TO:<b@here.example>\r\nRCPT TO:<c@there.example>\r\nDATA\r\n");

            List<String> writes = wire.writes();
            assertThat(writes).hasSize(1);
            assertThat(writes.get(0).lines())
                    .containsExactly(
                            "250 2.1.0 OK",
                            "250 2.1.5 OK",
                            "550 5.7.1 relaying denied",
                            "354 send the message, end it with CRLF.CRLF");
        }
    }

    @Test
    void aPolicyInTheMiddleDoesNotSplitThatWrite() {
        Policy slow = Policy.onRcptTo((peer, to) -> Verdict.proceed());
        try (Wire wire = Wire.greeted(slow)) {
            wire.send(Wire.BEGIN);
            assertThat(wire.writes()).isEmpty();

            wire.runSteps();

            assertThat(wire.writes()).hasSize(1);
        }
    }

    @Test
    void commandsMayFollowContentInTheSameRead() {
        try (Wire wire = Wire.greeted()) {
            wire.send(Wire.BEGIN).writes();

            wire.send(Wire.CONTENT
                    + "MAIL FROM:<second@client.example>\r\nRCPT TO:<c@here.example>\r\nDATA\r\nbody\r\n.\r\nRSET\r\n");

            assertThat(wire.codes()).isEqualTo("250 250 250 354 250 250");
            assertThat(wire.inbox.recipients()).containsExactly("[b@here.example]", "[c@here.example]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 500, 997, 998})
    void aLineUpToTheLimitIsTaken(int length) {
        try (Wire wire = Wire.greeted()) {
            wire.send("x".repeat(length) + "\r\n");

            assertThat(wire.heard()).startsWith("500 5.5.").doesNotContain("too long");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1000, 1001, 70_000})
    void aLongerLineIsRefusedOnceAndTheSessionGoesOn(int length) {
        try (Wire wire = Wire.greeted()) {
            wire.send("NOOP" + " ".repeat(length - 4) + "\r\nNOOP\r\n");

            assertThat(wire.lines()).containsExactly("500 5.5.2 line too long", "250 2.0.0 OK");
        }
    }

    @Test
    void aLongLineWhoseCrAndLfComeApartIsRefusedOnce() {
        try (Wire wire = Wire.greeted()) {
            wire.send("x".repeat(5000) + "\r").send("\nNOOP\r\n");
            wire.send("x".repeat(998) + "\r").send("\n");
            wire.send("x".repeat(5000) + "\r").send("x\n").send("\r").send("\n");

            assertThat(wire.lines())
                    .containsExactly(
                            "500 5.5.2 line too long",
                            "250 2.0.0 OK",
                            "500 5.5.1 command not known",
                            "500 5.5.2 line too long");
        }
    }

    @Test
    void anEndlessLineTakesNoMemory() {
        try (Wire wire = Wire.greeted()) {
            String piece = "x".repeat(10_000);
            long most = 0;
            for (int sent = 0; sent < 10_000_000; sent += piece.length()) {
                wire.send(piece);
                most = Math.max(most, wire.memory());
            }
            assertThat(most).isLessThan(20_000);
            assertThat(wire.writes()).isEmpty();

            wire.send("\r\nNOOP\r\n");

            assertThat(wire.codes()).isEqualTo("500 250");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\0", "\r\r", "\n\n", "\b", "\u007f", "\u001b[2J"})
    void aCommandWithAControlCharacterIsRefusedAndNeverExecuted(String control) {
        try (Wire wire = Wire.greeted()) {
            wire.send("EHLO client.example\r\n").writes();

            wire.send("NOOP" + control + "MAIL FROM:<x@y.example>\r\n");

            assertThat(wire.heard()).isEqualTo("500 5.5.2 command holds a control character; lines end with CRLF\r\n");
            assertThat(wire.session.inTransaction()).isFalse();
        }
    }

    @Test
    void aLineFeedAloneEndsNoCommand() {
        try (Wire wire = Wire.greeted()) {
            wire.send("NOOP\n").send("\nNOOP\n");

            assertThat(wire.writes()).isEmpty();
        }
    }

    @Test
    void invalidUtf8IsRefusedAndTheSessionGoesOn() {
        try (Wire wire = Wire.greeted()) {
            wire.send(new byte[] {'N', 'O', 'O', 'P', ' ', (byte) 0xc3, '(', '\r', '\n'})
                    .send("NOOP é\r\n");

            assertThat(wire.lines()).containsExactly("501 5.5.2 command is not UTF-8", "250 2.0.0 OK");
        }
    }

    @Test
    void commandsSentBeforeTheGreetingAreAnsweredAfterIt() {
        Policy policy = Policy.onConnectionAccepted(peer -> Verdict.proceed());
        try (Wire wire = new Wire(options -> {}, policy)) {
            wire.send("NOOP\r\n");
            assertThat(wire.writes()).isEmpty();

            wire.runStep();

            assertThat(wire.codes()).isEqualTo("220 250");
        }
    }

    @Test
    void whatFollowsQuitIsNotExecuted() {
        try (Wire wire = Wire.greeted()) {
            wire.send(Wire.BEGIN.replace("DATA", "QUIT") + Wire.BEGIN + Wire.CONTENT);

            assertThat(wire.heard()).endsWith("221 2.0.0 mx.example closing the connection\r\n");
            assertThat(wire.isOpen()).isFalse();
            assertThat(wire.inbox.messages).isEmpty();
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfContentLeavesNothingBehind() {
        Wire wire = Wire.greeted();
        wire.send(Wire.BEGIN).send("Subject: half").writes();
        assertThat(wire.context.budget().used()).isPositive();

        wire.disconnect();

        assertThat(wire.context.budget().used()).isZero();
        assertThat(wire.inbox.messages).isEmpty();
        wire.close();
    }

    @Test
    void aClientThatLeavesInTheMiddleOfALineLeavesNothingBehind() {
        try (Wire wire = Wire.greeted()) {
            wire.send("EHLO clie");
            assertThat(wire.memory()).isPositive();
        }
    }

    private static String said(String text, int... cuts) {
        return said(text.getBytes(StandardCharsets.UTF_8), cuts);
    }

    private static String said(byte[] bytes, int... cuts) {
        try (Wire wire = new Wire(options -> {})) {
            int start = 0;
            for (int cut : cuts) {
                wire.send(Arrays.copyOfRange(bytes, start, cut));
                start = cut;
            }
            wire.send(Arrays.copyOfRange(bytes, start, bytes.length));
            return wire.heard();
        }
    }
}
