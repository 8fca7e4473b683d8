package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.policy.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BDAT, RFC 3030, on the wire. */
class ChunkingTest {

    private static final String BEGIN =
            "EHLO client.example\r\nMAIL FROM:<a@client.example>\r\nRCPT TO:<b@here.example>\r\n";

    @Test
    void aMessageMayComeInOneChunk() {
        try (Wire wire = begun()) {
            wire.send(last("Subject: hello\r\n\r\nbody\r\n"));

            assertThat(wire.codes()).isEqualTo("250");
            assertThat(wire.inbox.text(0)).endsWith("\r\nSubject: hello\r\n\r\nbody\r\n");
        }
    }

    @Test
    void chunksThatAreSentWithoutWaitingMakeOneMessage() {
        try (Wire wire = begun()) {
            wire.send(chunk("Subject: hel") + chunk("lo\r") + chunk("\n\r\nbo") + last("dy\r\n") + "QUIT\r\n");

            assertThat(wire.writes())
                    .singleElement()
                    .asString()
                    .satisfies(said -> assertThat(said.lines())
                            .containsExactly(
                                    "250 2.0.0 chunk taken",
                                    "250 2.0.0 chunk taken",
                                    "250 2.0.0 chunk taken",
                                    "250 2.0.0 OK",
                                    "221 2.0.0 mx.example closing the connection"));
            assertThat(wire.inbox.messages).hasSize(1);
            assertThat(wire.inbox.text(0)).endsWith("\r\nSubject: hello\r\n\r\nbody\r\n");
        }
    }

    @Test
    void whereAReadEndsChangesNoAnswer() {
        String session = BEGIN + chunk("Subject: hello\r\n") + "NOOP\r\n" + chunk("") + last("\r\n.\r\nbody")
                + chunk("RSET\r\n") + "QUIT\r\n";
        String whole = said(session, session.length());
        assertThat(whole.lines().skip(10).map(line -> line.substring(0, 3)))
                .containsExactly("250", "250", "250", "250", "250", "250", "503", "221");
        for (int cut = 1; cut < session.length(); cut++) {
            assertThat(said(session, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        int[] everywhere = new int[session.length()];
        Arrays.setAll(everywhere, i -> i);
        assertThat(said(session, everywhere)).as("byte by byte").isEqualTo(whole);
    }

    @Test
    void aDotIsOnlyADot() {
        try (Wire wire = begun()) {
            wire.send(last("Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n"));

            assertThat(wire.inbox.text(0)).endsWith("\r\n\r\n.\r\n..\r\n.x\r\n");
        }
    }

    @Test
    void aLastLineWithoutItsEndGetsOne() {
        try (Wire wire = begun()) {
            wire.send(last("Subject: open\r\n\r\nbody"));

            assertThat(wire.inbox.text(0)).endsWith("\r\n\r\nbody\r\n");
        }
    }

    @Test
    void anEmptyLastChunkEndsTheMessage() {
        try (Wire wire = begun()) {
            wire.send(chunk("Subject: hello\r\n\r\nbody\r\n") + last(""));

            assertThat(wire.codes()).isEqualTo("250 250");
            assertThat(wire.inbox.text(0)).endsWith("\r\n\r\nbody\r\n");
        }
    }

    @Test
    void theOctetsOfARefusedChunkAreNoCommands() {
        try (Wire wire = Wire.greeted()) {
            wire.send("EHLO client.example\r\n").writes();

            wire.send(last("MAIL FROM:<a@client.example>\r\nRCPT TO:<b@here.example>\r\n") + "DATA\r\n");

            assertThat(wire.lines()).containsExactly("503 5.5.1 MAIL first", "503 5.5.1 MAIL first");
        }
    }

    @Test
    void soAreThoseThatFollowAFailure() {
        try (Wire wire = begun()) {
            wire.send(chunk("bare\nLF\r\n") + chunk("RSET\r\n") + last("QUIT\r\n") + "NOOP\r\n");

            assertThat(wire.lines())
                    .containsExactly(
                            "554 5.6.0 message data must use CRLF for line endings",
                            "503 5.5.1 MAIL first",
                            "503 5.5.1 MAIL first",
                            "250 2.0.0 OK");
            assertThat(wire.inbox.messages).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "-1", "1 FIRST", "1LAST", "1 LAST LAST", "0x10", "123456789012345678901", "1 LA\u017fT"
            })
    void aSizeThatCannotBeReadEndsTheSession(String size) {
        try (Wire wire = begun()) {
            wire.send("BDAT " + size + "\r\nQUIT\r\n");

            assertThat(wire.lines()).containsExactly("501 5.5.4 BDAT takes a number of octets, and LAST or nothing");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void lastIsReadInAnyCase() {
        try (Wire wire = begun()) {
            wire.send("BDAT 6 last\r\nbody\r\n");

            assertThat(wire.inbox.messages).hasSize(1);
        }
    }

    @Test
    void aRefusedChunkOfMoreThanAnyMessageEndsTheSession() {
        try (Wire wire = Wire.greeted()) {
            wire.send("EHLO client.example\r\nBDAT 18446744073709551615\r\n");

            assertThat(wire.lines()).last().isEqualTo("503 5.5.1 MAIL first");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void theSizeOfAllChunksCounts() {
        try (Wire wire = begun(options -> options.maxMessageSize(10))) {
            wire.send(chunk("12345\r\n") + chunk("8901\r\n"));

            assertThat(wire.lines()).containsExactly("250 2.0.0 chunk taken", "552 5.3.4 message too big");
        }
    }

    @Test
    void aChunkThatNeverEndsEndsTheSession() {
        try (Wire wire = begun(options -> options.maxMessageSize(10))) {
            wire.send("BDAT 18446744073709551615 LAST\r\n");
            String piece = "x".repeat(998) + "\r\n";
            for (int i = 0; i < 1100 && wire.isOpen(); i++) {
                wire.send(piece);
            }

            assertThat(wire.lines()).containsExactly("552 5.3.4 message too big");
        }
    }

    @Test
    void nothingElseComesBetweenChunks() {
        try (Wire wire = begun()) {
            wire.send(chunk("Subject: hello\r\n") + "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@here.example>\r\nDATA\r\n");

            assertThat(wire.codes()).isEqualTo("250 503 503 503");
            assertThat(wire.send(last("\r\nbody\r\n")).codes()).isEqualTo("250");
        }
    }

    @Test
    void rsetDropsWhatHasCome() {
        try (Wire wire = begun()) {
            wire.send(chunk("Subject: hello\r\n") + "RSET\r\n").writes();
            assertThat(wire.context.budget().used()).isZero();

            wire.send("MAIL FROM:<a@client.example>\r\nRCPT TO:<b@here.example>\r\n" + last("second\r\n"));

            assertThat(wire.codes()).isEqualTo("250 250 250");
            assertThat(wire.inbox.text(0)).doesNotContain("hello");
        }
    }

    @Test
    void aClientThatLeavesBetweenChunksLeavesNothing() {
        try (Wire wire = begun()) {
            wire.send(chunk("Subject: hello\r\n"));
            assertThat(wire.context.budget().used()).isPositive();

            wire.disconnect();

            assertThat(wire.context.budget().used()).isZero();
        }
    }

    @Test
    void manySmallChunksEndTheSession() {
        try (Wire wire = begun(options -> options.limits(limits -> limits.maxIdleCommands(3)))) {
            wire.send(chunk("a").repeat(5));

            assertThat(wire.lines()).last().isEqualTo("421 4.7.0 mx.example too many commands without a message");
        }
    }

    @Test
    void allChunksOfAMessageHaveTheTimeOfOne() {
        try (Wire wire = begun(options -> options.limits(limits -> limits.contentTimeout(Duration.ofSeconds(10))))) {
            for (int second = 0; second < 10; second++) {
                wire.send(chunk("Subject: drips\r\n")).writes();
                wire.pass(Duration.ofSeconds(1));
            }

            assertThat(wire.lines()).containsExactly("421 4.4.2 mx.example waited too long");
        }
    }

    @Test
    void theNextMessageHasItsOwnTime() {
        String mail = "MAIL FROM:<a@client.example>\r\nRCPT TO:<b@here.example>\r\n" + chunk("a\r\n") + last("b\r\n");
        try (Wire wire = begun(options -> options.limits(limits -> limits.contentTimeout(Duration.ofSeconds(10))))) {
            wire.send("RSET\r\n");
            for (int i = 0; i < 4; i++) {
                wire.send(mail);
                wire.pass(Duration.ofSeconds(9));
            }

            assertThat(wire.inbox.messages).hasSize(4);
        }
    }

    @Test
    void whatThePolicySaysOfTheMessageIsSaidToTheLastChunk() {
        Policy refusing = Policy.onMessageReceived((peer, message) -> Verdict.reject(550, "5.7.1", "not today"));
        try (Wire wire = new Wire(options -> {}, refusing)) {
            wire.send(BEGIN).writes();
            wire.send(chunk("Subject: hello\r\n") + last("\r\nbody\r\n") + "NOOP\r\n");

            wire.runSteps();

            assertThat(wire.lines()).containsExactly("250 2.0.0 chunk taken", "550 5.7.1 not today", "250 2.0.0 OK");
        }
    }

    @Test
    void limitsOfSixDigitsAreTold() {
        try (Wire wire =
                new Wire(options -> options.maxMessagesPerConnection(1_000_000).maxRecipientsPerMessage(7))) {
            wire.send("EHLO client.example\r\n");

            assertThat(wire.lines()).contains("250-CHUNKING", "250-LIMITS RCPTMAX=7");
        }
    }

    private static Wire begun() {
        return begun(options -> {});
    }

    private static Wire begun(Consumer<EsmtpListener.Builder> options) {
        Wire wire = new Wire(options);
        wire.send(BEGIN).writes();
        return wire;
    }

    private static String chunk(String content) {
        return "BDAT " + content.length() + "\r\n" + content;
    }

    private static String last(String content) {
        return "BDAT " + content.length() + " LAST\r\n" + content;
    }

    private static String said(String session, int... cuts) {
        try (Wire wire = new Wire(options -> {})) {
            int from = 0;
            for (int cut : cuts) {
                wire.send(session.substring(from, cut));
                from = cut;
            }
            return wire.send(session.substring(from)).heard();
        }
    }
}
