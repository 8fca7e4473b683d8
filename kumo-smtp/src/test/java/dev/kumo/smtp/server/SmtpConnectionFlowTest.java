package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.spool.Draft;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who waits for whom: slow readers, slow policies, half-closed sides and a listener that closes. */
class SmtpConnectionFlowTest {

    private static final String SHUTTING_DOWN = "421 4.3.2 mx.example shutting down; try again later";
    private static final Policy SLOW = Policy.onRcptTo((peer, to) -> Verdict.proceed());

    @Test
    void aClientThatReadsNoAnswersGetsNoFurtherOnes() {
        try (Wire wire = Wire.greeted()) {
            wire.writable(false).send("NOOP\r\nNOOP\r\n");
            assertThat(wire.writes()).isEmpty();

            wire.writable(true);

            assertThat(wire.codes()).isEqualTo("250 250");
        }
    }

    @Test
    void whatItSendsMeanwhileIsNotReadWithoutBound() {
        try (Wire wire = Wire.greeted()) {
            wire.writable(false).send("VRFY a\r\n".repeat(100));
            assertThat(wire.channel.config().isAutoRead()).isTrue();

            wire.send("\0".repeat(70_000));
            assertThat(wire.channel.config().isAutoRead()).isFalse();

            wire.writable(true);
            assertThat(wire.channel.config().isAutoRead()).isTrue();
            assertThat(wire.lines()).hasSize(100);
        }
    }

    @Test
    void contentWaitsToo() {
        try (Wire wire = Wire.greeted()) {
            wire.send(Wire.BEGIN).writes();
            wire.writable(false).send(Wire.CONTENT);
            assertThat(wire.inbox.messages).isEmpty();

            wire.writable(true);

            assertThat(wire.inbox.messages).hasSize(1);
        }
    }

    @Test
    void aClientThatReadsNothingAtAllIsLeftInTime() {
        try (Wire wire = Wire.greeted()) {
            wire.writable(false).send("NOOP\r\n");

            wire.pass(Duration.ofMinutes(1));

            assertThat(wire.lines()).containsExactly("421 4.4.2 mx.example waited too long");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void aLastReplyThatNobodyReadsHoldsAConnectionOnlyForAWhile() {
        try (Wire wire = Wire.greeted()) {
            wire.stall().send("QUIT\r\n").pass(Duration.ofMillis(1999));
            assertThat(wire.isOpen()).isTrue();

            wire.pass(Duration.ofMillis(1));

            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void aHalfClosedClientThatReadsNothingIsLeftInTimeToo() {
        try (Wire wire = Wire.greeted()) {
            wire.stall().send("NOOP\r\n").sendEnd();
            assertThat(wire.isOpen()).isTrue();

            wire.pass(Duration.ofMinutes(1)).pass(Duration.ofSeconds(2));

            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void whileAPolicyRunsNoFurtherCommandIsTaken() {
        try (Wire wire = Wire.greeted(SLOW)) {
            wire.send(Wire.BEGIN + Wire.CONTENT + "QUIT\r\n");
            assertThat(wire.elsewhere).hasSize(1);
            assertThat(wire.writes()).isEmpty();

            wire.runStep();

            assertThat(wire.codes()).endsWith("250 250 354 250 221");
            assertThat(wire.inbox.messages).hasSize(1);
        }
    }

    @Test
    void whatIsSentWhilePoliciesRunIsBounded() {
        try (Wire wire = Wire.greeted(SLOW)) {
            String rcpt = "RCPT TO:<b@here.example>\r\n";
            wire.send("EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n" + rcpt.repeat(1000));
            assertThat(wire.channel.config().isAutoRead()).as("after a little").isTrue();
            wire.send(rcpt.repeat(2000));
            assertThat(wire.channel.config().isAutoRead()).as("after a lot").isFalse();

            wire.runStep();
            assertThat(wire.channel.config().isAutoRead())
                    .as("one command later")
                    .isFalse();

            wire.runSteps();
            assertThat(wire.channel.config().isAutoRead()).as("at the end").isTrue();
        }
    }

    @Test
    void aClientThatLeavesWhileAPolicyRunsIsForgottenAfterIt() {
        Wire wire = Wire.greeted(SLOW);
        wire.send(Wire.BEGIN + Wire.CONTENT);

        wire.disconnect();
        assertThat(wire.memory()).isZero();
        assertThat(wire.session.inTransaction())
                .as("the session is the policy's")
                .isTrue();
        wire.runStep();

        assertThat(wire.session.inTransaction()).isFalse();
        assertThat(wire.elsewhere).isEmpty();
        assertThat(wire.inbox.messages).isEmpty();
        wire.close();
    }

    @Test
    void aClientThatLeavesBeforeItsMailIsSafeLeavesNothingBehind() {
        Inbox inbox = new Inbox();
        CompletableFuture<Reply> stored = new CompletableFuture<>();
        inbox.answer = messages -> stored;
        Wire wire = new Wire(inbox, options -> {});
        wire.send(Wire.BEGIN + Wire.CONTENT).writes();
        assertThat(wire.context.budget().used()).isPositive();

        wire.disconnect();
        assertThat(wire.context.budget().used()).as("the reception holds it").isPositive();
        stored.complete(Reply.OK);
        wire.isOpen();

        assertThat(wire.context.budget().used()).isZero();
        wire.close();
    }

    @Test
    void noAnswerToContentIsGivenBeforeTheReceptionHasGivenIts() {
        Inbox inbox = new Inbox();
        CompletableFuture<Reply> stored = new CompletableFuture<>();
        inbox.answer = messages -> stored;
        try (Wire wire = new Wire(inbox, options -> {})) {
            wire.send(Wire.BEGIN).writes();
            wire.send(Wire.CONTENT + "QUIT\r\n");
            assertThat(wire.writes()).isEmpty();

            stored.complete(Reply.OK);
            wire.isOpen();

            assertThat(wire.codes()).isEqualTo("250 221");
        }
    }

    @Test
    void aHalfClosedClientGetsItsAnswers() {
        try (Wire wire = Wire.greeted(SLOW)) {
            wire.send(Wire.BEGIN + Wire.CONTENT).sendEnd();
            assertThat(wire.isOpen()).isTrue();

            wire.runStep();

            assertThat(wire.codes()).endsWith("354 250");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void aHalfClosedClientThatReadsSlowlyGetsItsAnswersToo() {
        try (Wire wire = Wire.greeted()) {
            wire.writable(false).send(Wire.BEGIN + Wire.CONTENT).sendEnd();
            assertThat(wire.isOpen()).isTrue();

            wire.writable(true);

            assertThat(wire.codes()).endsWith("354 250");
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void aHalfClosedClientWithoutACommandIsLeftAtOnce() {
        try (Wire wire = Wire.greeted()) {
            wire.send("NOO").sendEnd();

            assertThat(wire.writes()).isEmpty();
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void contentThatIsCutShortIsNoMessage() {
        try (Wire wire = Wire.greeted()) {
            wire.send(Wire.BEGIN).send("Subject: half\r\n\r\n.\r").sendEnd();

            assertThat(wire.codes()).endsWith("354");
            assertThat(wire.isOpen()).isFalse();
            assertThat(wire.inbox.messages).isEmpty();
        }
    }

    @Test
    void shuttingDownEndsAnIdleSessionAtOnce() {
        try (Wire wire = Wire.greeted()) {
            wire.connection.shutDown();

            assertThat(wire.lines()).containsExactly(SHUTTING_DOWN);
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void shuttingDownLetsATransactionEnd() {
        try (Wire wire = Wire.greeted()) {
            wire.send(Wire.BEGIN).writes();

            wire.connection.shutDown();
            assertThat(wire.writes()).isEmpty();
            wire.send(Wire.CONTENT);

            assertThat(wire.lines()).containsExactly("250 2.0.0 OK", SHUTTING_DOWN);
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void shuttingDownLetsNoFurtherTransactionBegin() {
        try (Wire wire = Wire.greeted()) {
            wire.send(Wire.BEGIN).writes();

            wire.connection.shutDown();
            wire.send(Wire.CONTENT + "MAIL FROM:<next@client.example>\r\n");

            assertThat(wire.lines()).containsExactly("250 2.0.0 OK", SHUTTING_DOWN);
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void shuttingDownWaitsForARunningPolicy() {
        try (Wire wire = Wire.greeted(Policy.onEhlo((peer, name) -> Verdict.proceed()))) {
            wire.send("EHLO client.example\r\n");
            wire.connection.shutDown();
            assertThat(wire.writes()).isEmpty();

            wire.runStep();

            assertThat(wire.lines()).last().isEqualTo(SHUTTING_DOWN);
            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void aStoreThatBreaksDownCostsTheMessageAndNotTheSession() {
        Inbox inbox = new Inbox();
        inbox.drafts = BrokenDraft::new;
        try (Wire wire = new Wire(inbox, options -> {})) {
            wire.send(Wire.BEGIN).writes();

            wire.send(Wire.CONTENT + "NOOP\r\n");

            assertThat(wire.lines()).containsExactly("452 4.3.1 insufficient system storage", "250 2.0.0 OK");
        }
    }

    @Test
    void aStoreThatBreaksDownAtTheEndCostsTheMessageAndNotTheSession() {
        Inbox inbox = new Inbox();
        inbox.drafts = () -> new BrokenDraft() {
            @Override
            public void append(ByteBuffer bytes) {
                bytes.position(bytes.limit());
            }
        };
        try (Wire wire = new Wire(inbox, options -> {})) {
            wire.send(Wire.BEGIN).writes();

            wire.send(Wire.CONTENT + "NOOP\r\n");

            assertThat(wire.lines()).containsExactly("452 4.3.1 insufficient system storage", "250 2.0.0 OK");
        }
    }

    private static class BrokenDraft implements Draft {

        @Override
        public void append(ByteBuffer bytes) {
            throw new IllegalStateException("the disk is on fire");
        }

        @Override
        public Content finish() {
            throw new IllegalStateException("the disk is on fire");
        }

        @Override
        public void discard() {}
    }
}
