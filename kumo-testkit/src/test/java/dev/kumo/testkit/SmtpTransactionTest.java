package dev.kumo.testkit;

import static dev.kumo.testkit.Courier.BYE;
import static dev.kumo.testkit.Courier.HELLO;
import static dev.kumo.testkit.Courier.PLAIN;
import static dev.kumo.testkit.Courier.SENT;
import static dev.kumo.testkit.Courier.TEXT;
import static dev.kumo.testkit.Courier.deliver;
import static dev.kumo.testkit.Courier.mail;
import static dev.kumo.testkit.Courier.mailOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said to a next hop that lets us in, and what becomes of its answers. */
class SmtpTransactionTest {

    @Test
    void aMessageThatIsTakenIsDelivered() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        Outcome outcome = deliver(hop, mail());

        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        assertThat(outcome.reply()).isEqualTo(Reply.of(250, "2.0.0", "queued"));
        assertThat(hop.contents()).containsExactly(TEXT);
    }

    @Test
    void theAttemptSaysHowItWasTried() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        Attempt attempt = deliver(hop, mail()).attempt();

        assertThat(attempt.protocol()).isEqualTo("ESMTP");
        assertThat(attempt.peerName()).isEqualTo("127.0.0.1");
        assertThat(attempt.peerAddress())
                .hasValueSatisfying(peer -> assertThat(peer.getPort()).isEqualTo(hop.port()));
        assertThat(attempt.sourceAddress()).isPresent();
        assertThat(attempt.command()).isEqualTo(".");
        assertThat(attempt.session()).matches("[0-9a-f]{16}");
        assertThat(attempt.tls()).isEmpty();
    }

    @Test
    void withoutPipeliningEachCommandAwaitsItsReply() {
        ScriptedNextHop hop = ScriptedNextHop.playing(PLAIN + """
                C: MAIL FROM:<a@example.org>
                S: 250 ok
                C: RCPT TO:<b@example.com>
                S: 550 5.1.1 nobody here
                # and no DATA
                """ + BYE);

        Outcome outcome = deliver(hop, mail());

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.reply()).isEqualTo(Reply.of(550, "5.1.1", "nobody here"));
        assertThat(outcome.attempt().command()).isEqualTo("RCPT");
    }

    @Test
    void pipeliningCanBeSwitchedOff() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                S: 451 4.7.1 come back later
                """ + BYE);

        Outcome outcome = deliver(hop, path -> path.enablePipelining(false), mail());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply()).isEqualTo(Reply.of(451, "4.7.1", "come back later"));
        assertThat(outcome.attempt().command()).isEqualTo("MAIL");
    }

    @Test
    void aLoneDotEndsContentThatNobodyWillGet() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: 250 ok
                S: 550 5.1.1 nobody here
                S: 354 go ahead
                C: .
                S: 554 5.5.1 no recipients
                """ + BYE);

        assertThat(deliver(hop, mail()).reply()).isEqualTo(Reply.of(550, "5.1.1", "nobody here"));
    }

    @Test
    void whatIsSaidToMailIsTheWordOnAll() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: RCPT TO:<c@example.com>
                C: DATA
                S: 550 5.7.1 not you
                S: 503 5.5.1 MAIL first
                S: 503 5.5.1 MAIL first
                S: 503 5.5.1 MAIL first
                """ + BYE);

        Outcome outcome = deliver(hop, mail("b@example.com", "c@example.com"));

        assertThat(outcome.reply()).isEqualTo(Reply.of(550, "5.7.1", "not you"));
    }

    @Test
    void recipientsThatFareDifferentlyHaveAnOutcomeEach() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: RCPT TO:<c@example.com>
                C: RCPT TO:<d@example.com>
                C: RCPT TO:<e@example.com>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 452 4.2.2 full
                S: 550 5.1.1 nobody here
                S: 552 5.5.3 too many
                S: 354 go ahead
                C: (content)
                S: 250 2.0.0 queued
                """ + BYE);

        Outcome outcome = deliver(hop, mail("b@example.com", "c@example.com", "d@example.com", "e@example.com"));

        List<Outcome> each = ((Outcome.PerRecipient) outcome).outcomes();
        assertThat(each.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(each.get(1).reply()).isEqualTo(Reply.of(452, "4.2.2", "full"));
        assertThat(each.get(2)).isInstanceOf(Outcome.Refused.class);
        assertThat(each.get(3)).as("too many recipients is no word on this one").isInstanceOf(Outcome.Deferred.class);
        assertThat(each.get(3).reply()).isEqualTo(Reply.of(451, "4.5.3", "the far side said 552 5.5.3 too many"));
    }

    @Test
    void aFinalReplyInTheWrongPlaceIsADeferral() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 503 5.5.1 what
                """ + BYE);

        Outcome outcome = deliver(hop, mail());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply()).isEqualTo(Reply.of(451, "4.5.1", "the far side said 503 5.5.1 what"));
    }

    @Test
    void aRefusalAfterTheContentIsFinal() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT.replace("250 2.0.0 queued", "554 5.7.1 spam") + BYE);

        Outcome outcome = deliver(hop, mail());

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.attempt().command()).isEqualTo(".");
    }

    @Test
    void theSecondMessageComesAfterAReset() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + """
                C: RSET
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 250 ok
                S: 354 go ahead
                C: (content)
                S: 250 2.0.0 queued
                """ + BYE);

        List<Outcome> outcomes = deliver(hop, path -> {}, builder -> builder, mail(), mail());

        assertThat(outcomes).hasSize(2).allMatch(Outcome.Delivered.class::isInstance);
    }

    @Test
    void noResetComesWhereItIsSwitchedOff() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + SENT + BYE);

        List<Outcome> outcomes = deliver(hop, path -> path.enableRset(false), builder -> builder, mail(), mail());

        assertThat(outcomes).allMatch(Outcome.Delivered.class::isInstance);
    }

    @Test
    void recipientsBeyondTheBatchFollowInAnotherTransaction() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "LIMITS RCPTMAX=1") + SENT + """
                C: RSET
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<c@example.com>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 250 ok
                S: 354 go ahead
                C: (content)
                S: 250 2.0.0 queued
                """ + BYE);

        assertThat(deliver(hop, mail("b@example.com", "c@example.com"))).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aHostThatTakesOneMessageGetsAnotherConnectionForTheNext() {
        String once = HELLO.replace("8BITMIME", "LIMITS MAILMAX=1") + SENT + BYE;
        ScriptedNextHop hop = ScriptedNextHop.playing(once, once);

        List<Outcome> outcomes = deliver(hop, path -> {}, builder -> builder, mail(), mail());

        assertThat(outcomes).allMatch(Outcome.Delivered.class::isInstance);
    }

    @Test
    void dotsAreStuffedAndTheLastLineIsEnded() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        deliver(hop, mailOf(".\r\n..a\r\nb.\r\n.c"));

        assertThat(hop.contents()).containsExactly("..\r\n...a\r\nb.\r\n..c\r\n");
    }

    @Test
    void noLineEndOfItsOwnIsSmuggled() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        deliver(hop, mailOf("a\n.\nMAIL FROM:<x@y>\r.\r\r\n.\r\n"));

        assertThat(hop.contents()).containsExactly("a\r\n..\r\nMAIL FROM:<x@y>\r\n..\r\n\r\n..\r\n");
    }

    @Test
    void emptyContentIsALoneDot() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        assertThat(deliver(hop, mailOf(""))).isInstanceOf(Outcome.Delivered.class);
        assertThat(hop.contents()).containsExactly("");
    }

    @Test
    void largeContentArrivesAsItIs() {
        String line = ".0123456789".repeat(7) + "\r\n";
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        deliver(hop, mailOf(line.repeat(10_000)));

        assertThat(hop.contents().get(0)).isEqualTo(("." + line).repeat(10_000));
    }

    @Test
    void contentGoesInChunksWhereThatIsOffered() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "CHUNKING") + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: RCPT TO:<c@example.com>
                S: 250 ok
                S: 250 ok
                S: 550 no
                C: BDAT 2
                C: (chunk)
                S: 250 go on
                C: BDAT 6 LAST
                C: (chunk)
                S: 250 2.0.0 queued
                """ + BYE);

        Outcome outcome = deliver(hop, mail(".a\n.b", new String[] {"b@example.com", "c@example.com"}));

        assertThat(outcome).isInstanceOf(Outcome.PerRecipient.class);
        assertThat(((Outcome.PerRecipient) outcome).outcomes().get(0).attempt().command())
                .isEqualTo("BDAT");
        assertThat(hop.contents()).containsExactly(".a", "\r\n.b\r\n");
    }

    @Test
    void noChunkIsSentThatNobodyWillGet() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "CHUNKING") + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                S: 250 ok
                S: 550 no
                """ + BYE);

        assertThat(deliver(hop, mail())).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aHostThatOffersChunksAndKnowsThemNotGetsDataOnANewConnection() {
        String hello = HELLO.replace("8BITMIME", "CHUNKING");
        ScriptedNextHop hop = ScriptedNextHop.playing(hello + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                S: 250 ok
                S: 250 ok
                C: BDAT 14
                C: (chunk)
                S: 502 5.5.1 what
                C: (closed)
                """, hello + SENT + BYE);

        assertThat(deliver(hop, mail())).isInstanceOf(Outcome.Delivered.class);
        assertThat(hop.contents()).first().isEqualTo("Subject: hello"); // nothing that could be a command
    }

    @Test
    void whatIsSaidToTheFirstChunkIsTheOutcome() {
        String hello = HELLO.replace("8BITMIME", "CHUNKING");
        ScriptedNextHop hop = ScriptedNextHop.playing(hello + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                S: 250 ok
                S: 250 ok
                C: BDAT 14
                C: (chunk)
                S: 554 5.6.0 not such a thing
                """ + BYE);

        Outcome outcome = deliver(hop, mail());

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.reply().code()).isEqualTo(554);
    }

    @Test
    void anEmptyContentIsOneChunk() {
        String hello = HELLO.replace("8BITMIME", "CHUNKING");
        ScriptedNextHop hop = ScriptedNextHop.playing(hello + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                S: 250 ok
                S: 250 ok
                C: BDAT 0 LAST
                C: (chunk)
                S: 250 ok
                """ + BYE);

        assertThat(deliver(hop, mailOf(""))).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void whatTheHostSaysOfSizeIsHeeded() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "SIZE 23") + BYE);

        Outcome outcome = deliver(hop, mail());

        assertThat(outcome.reply())
                .isEqualTo(Reply.of(552, "5.3.4", "the message has 24 octets, and the host takes 23"));
        assertThat(outcome.attempt().command()).isEmpty();
    }

    @Test
    void theSizeIsDeclared() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "SIZE 0")
                + SENT.replace("<a@example.org>*", "<a@example.org> SIZE=24")
                + BYE);

        assertThat(deliver(hop, mail())).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void eightBitContentIsDeclared() {
        ScriptedNextHop hop = ScriptedNextHop.playing(
                HELLO + SENT.replace("<a@example.org>*", "<a@example.org> BODY=8BITMIME") + BYE);

        assertThat(deliver(hop, mailOf("Subject: a\r\n\r\nä\r\n"))).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void eightBitContentIsRefusedHereWhereItIsNotOffered() {
        ScriptedNextHop hop = ScriptedNextHop.playing(PLAIN + BYE);

        Reply reply = deliver(hop, mailOf("Subject: a\r\n\r\nä\r\n")).reply();

        assertThat(reply.code()).isEqualTo(554);
        assertThat(reply.status()).hasToString("Optional[5.6.3]");
    }

    @Test
    void theCheckOfEightBitContentCanBeSwitchedOff() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "DSN") + SENT + BYE);

        assertThat(deliver(hop, path -> path.ignore8bitChecks(true), mailOf("Subject: a\r\n\r\nä\r\n")))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aRecipientWhoNeedsUtf8IsRefusedAloneWhereItIsNotOffered() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        Outcome outcome = deliver(hop, mail("jö@example.com", "b@example.com"));

        List<Outcome> each = ((Outcome.PerRecipient) outcome).outcomes();
        assertThat(each.get(0).reply().status()).hasToString("Optional[5.6.7]");
        assertThat(each.get(1)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void anAddressInUtf8IsSentWhereItIsOffered() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "SMTPUTF8")
                + SENT.replace("<a@example.org>*", "<a@example.org> SMTPUTF8").replace("<b@", "*\n#")
                + BYE);

        assertThat(deliver(hop, mail("jö@example.com"))).isInstanceOf(Outcome.Delivered.class);
        assertThat(hop.said()).contains("RCPT TO:<jÃ¶@example.com>"); // octets of UTF-8, each as a char
    }

    @Test
    void aDomainInUtf8NeedsNoExtension() {
        ScriptedNextHop hop =
                ScriptedNextHop.playing(PLAIN.replace("mx.example.com\n", "mx.example.com\n") + """
                C: MAIL FROM:<a@example.org>
                S: 250 ok
                C: RCPT TO:<b@xn--bcher-kva.example>
                S: 250 ok
                C: DATA
                S: 354 go ahead
                C: (content)
                S: 250 ok
                """ + BYE);

        assertThat(deliver(hop, mail("b@bücher.example"))).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void theParametersOfNotificationsAreTakenFromMetaData() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "DSN")
                + SENT.replace("<a@example.org>*", "<a@example.org> RET=HDRS ENVID=QQ+2B1+20x")
                        .replace(
                                "RCPT TO:<b@example.com>",
                                "RCPT TO:<b@example.com> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bc@example.com")
                + BYE);
        Message message = mail();
        message.meta()
                .put("dsn_ret", "hdrs")
                .put("dsn_envid", "QQ+1 x")
                .put("dsn_notify", "success,delay")
                .put("dsn_orcpt", "rfc822;b+c@example.com");

        assertThat(deliver(hop, message)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void parametersOfNotificationsAreLeftOutWhereTheyAreNotOfferedOrNotLegal() {
        ScriptedNextHop hop = ScriptedNextHop.playing(
                HELLO + SENT.replace("org>*", "org>") + BYE,
                HELLO.replace("8BITMIME", "DSN") + SENT.replace("org>*", "org>") + BYE);
        Message good = mail();
        good.meta().put("dsn_ret", "FULL");
        Message bad = mail();
        bad.meta().put("dsn_ret", "FULL\r\nRSET").put("dsn_notify", "NEVER,SUCCESS");

        try (hop) {
            for (Message message : List.of(good, bad)) {
                try (var delivery = Courier.to(path -> {}).to(List.of(hop.address()))) {
                    assertThat(delivery.deliver(List.of(message))).first().isInstanceOf(Outcome.Delivered.class);
                }
            }
            hop.verify();
        }
    }

    @Test
    void aMessageThatRequiresTlsIsNotSentInClear() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("8BITMIME", "REQUIRETLS") + BYE);
        Message message = mail();
        message.meta().put("require_tls", true);

        assertThat(deliver(hop, message).reply().status()).hasToString("Optional[5.7.10]");
    }

    @Test
    void lmtpHasAReplyForEachRecipient() {
        ScriptedNextHop hop = ScriptedNextHop.playing("""
                S: 220 store.example.com LMTP
                C: LHLO client.example
                S: 250-store.example.com
                S: 250 PIPELINING
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: RCPT TO:<c@example.com>
                C: RCPT TO:<d@example.com>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 550 5.1.1 nobody here
                S: 250 ok
                S: 354 go ahead
                C: (content)
                S: 250 2.0.0 stored
                S: 452 4.2.2 full
                """ + BYE);

        Outcome outcome =
                deliver(hop, path -> path.useLmtp(true), mail("b@example.com", "c@example.com", "d@example.com"));

        List<Outcome> each = ((Outcome.PerRecipient) outcome).outcomes();
        assertThat(each.get(0).reply()).isEqualTo(Reply.of(250, "2.0.0", "stored"));
        assertThat(each.get(1).reply()).isEqualTo(Reply.of(550, "5.1.1", "nobody here"));
        assertThat(each.get(2).reply()).isEqualTo(Reply.of(452, "4.2.2", "full"));
        assertThat(each.get(0).attempt().protocol()).isEqualTo("LMTP");
    }

    @Test
    void aServerWithoutEhloIsGreetedByHelo() {
        ScriptedNextHop hop = ScriptedNextHop.playing("""
                S: 220 old.example.com
                C: EHLO client.example
                S: 500 what
                C: HELO client.example
                S: 250 old.example.com
                C: MAIL FROM:<a@example.org>
                S: 250 ok
                C: RCPT TO:<b@example.com>
                S: 250 ok
                C: DATA
                S: 354 go ahead
                C: (content)
                S: 250 ok
                """ + BYE);

        assertThat(deliver(hop, mail())).isInstanceOf(Outcome.Delivered.class);
    }
}
