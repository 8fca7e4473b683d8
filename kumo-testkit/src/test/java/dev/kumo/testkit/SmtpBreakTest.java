package dev.kumo.testkit;

import static dev.kumo.testkit.Courier.BYE;
import static dev.kumo.testkit.Courier.HELLO;
import static dev.kumo.testkit.Courier.SENT;
import static dev.kumo.testkit.Courier.deliver;
import static dev.kumo.testkit.Courier.mail;
import static dev.kumo.testkit.Courier.mailOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Reconnect;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.client.SmtpDelivery;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What becomes of mail where connections break. */
class SmtpBreakTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static final String GOES_DOWN = HELLO + """
            C: MAIL FROM:<a@example.org>
            C: RCPT TO:<b@example.com>
            C: DATA
            S: 421 4.3.2 not today
            C: (closed)
            """;

    @Test
    void a421InATransactionIsADeferralAndTheEndOfTheConnection() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: 250 ok
                S: 421 4.3.2 going down
                C: (closed)
                """);

        Outcome outcome = deliver(hop, mail());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply()).isEqualTo(Reply.of(421, "4.3.2", "going down"));
        assertThat(outcome.attempt().command()).isEqualTo("RCPT");
    }

    @Test
    void recipientsThatWereRefusedBeforeTheBreakStayRefused() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: RCPT TO:<c@example.com>
                C: DATA
                S: 250 ok
                S: 550 5.1.1 nobody here
                S: 250 ok
                S: (drop)
                """);

        Outcome outcome = deliver(hop, mail("b@example.com", "c@example.com"));

        List<Outcome> each = ((Outcome.PerRecipient) outcome).outcomes();
        assertThat(each.get(0).reply()).isEqualTo(Reply.of(550, "5.1.1", "nobody here"));
        assertThat(each.get(1)).isInstanceOf(Outcome.Deferred.class);
        assertThat(each.get(1).reply().lines().get(0)).startsWith("the connection broke at DATA: ");
    }

    @Test
    void silenceAfterDataEndsAtItsTimeOut() {
        stalls(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: (stall)
                """, path -> path.dataTimeout(SHORT), "no answer to DATA within 200ms");
    }

    @Test
    void silenceAfterTheContentEndsAtItsTimeOut() {
        stalls(
                HELLO + SENT.replace("S: 250 2.0.0 queued\n", "S: (stall)\n"),
                path -> path.dataDotTimeout(SHORT),
                "no answer to . within 200ms");
    }

    @Test
    void silenceAfterMailEndsAtItsTimeOut() {
        stalls(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: (stall)
                """, path -> path.mailFromTimeout(SHORT), "no answer to MAIL within 200ms");
    }

    @Test
    void aGreetingThatDoesNotComeFailsTheHost() {
        ScriptedNextHop hop = ScriptedNextHop.playing("S: (stall)");

        Reply reply = deliver(hop, path -> path.bannerTimeout(SHORT), mail()).reply();

        assertThat(reply.toString())
                .isEqualTo("451 4.4.1 no host lets us in: [127.0.0.1]:" + hop.port()
                        + ": 421 4.4.2 no answer to the greeting within 200ms");
    }

    @Test
    void contentThatIsNotTakenEndsAtItsTimeOut() {
        // More than the buffers of both sides hold, so that a write stalls, which no time-out of a socket would end.
        String content = ("0123456789".repeat(7) + "\r\n").repeat(200_000);
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 354 go ahead
                # which is said, and then nothing is read
                S: (sleep)
                """.replace("S: (sleep)", "C: Subject: never *\n"));

        try (hop;
                SmtpDelivery delivery =
                        Courier.to(path -> path.dataTimeout(SHORT)).to(List.of(hop.address()))) {
            assertThat(delivery.deliver(List.of(mailOf(content))).get(0)).isInstanceOf(Outcome.Deferred.class);
        }
    }

    @Test
    void aBreakAfterTheContentIsADeferralAlthoughItMayComeTwice() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT.replace("S: 250 2.0.0 queued\n", "S: (drop)\n"));

        Outcome outcome = deliver(hop, path -> path.tryNextHostOnTransportError(true), mail());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply().lines().get(0)).startsWith("the connection broke at .");
        assertThat(outcome.attempt().command()).isEmpty();
    }

    @Test
    void aStoreThatFailsInTheMidstOfContentEndsTheConnectionAndNotTheMessage() {
        ScriptedNextHop hop = ScriptedNextHop.playing(
                HELLO + SENT.substring(0, SENT.indexOf("C: (content)")) + "C: Subject: hal*\n", HELLO + SENT + BYE);
        Message broken = new Message(
                mail().id(), mail().envelope(), new Meta(), new FailingTheSecondTime("Subject: half".repeat(5_000)));

        // It breaks off a line, after which only the end can come.
        List<Outcome> outcomes = deliver(List.of(hop), Courier.to(path -> {}), broken, mail());

        assertThat(outcomes.get(0).reply())
                .isEqualTo(Reply.of(451, "4.3.0", "the message cannot be read here, try again later"));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Delivered.class);
    }

    /** Content that can be looked at, and then breaks off while it is sent. */
    private static final class FailingTheSecondTime implements Content {

        private final byte[] bytes;
        private int reads;

        FailingTheSecondTime(String text) {
            bytes = text.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            throw new UnsupportedOperationException("is written");
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
            reads++;
            if (reads > 1) {
                throw new UncheckedIOException(new IOException("the disk is gone"));
            }
        }
    }

    @Test
    void whatIsNoReplyIsABreak() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: 250 ok
                S: hello there
                C: (closed)
                """);

        assertThat(deliver(hop, mail()).reply().toString())
                .isEqualTo("451 4.4.2 the connection broke at RCPT: a line of a reply does not begin with a code");
    }

    @Test
    void theNextMessageGoesToTheNextHostAfterABreak() {
        ScriptedNextHop first = ScriptedNextHop.playing(GOES_DOWN);
        ScriptedNextHop second = ScriptedNextHop.playing(HELLO + SENT + BYE);

        List<Outcome> outcomes = overOneConnection(path -> {}, first, second);

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void theNextMessageGoesToTheSameHostWhereThatIsWanted() {
        ScriptedNextHop first = ScriptedNextHop.playing(GOES_DOWN, HELLO + SENT + BYE);
        ScriptedNextHop second = ScriptedNextHop.playing();

        List<Outcome> outcomes =
                overOneConnection(path -> path.reconnectStrategy(Reconnect.RECONNECT_SAME_HOST), first, second);

        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void theRestIsDeferredWhereABreakIsTheEnd() {
        ScriptedNextHop first = ScriptedNextHop.playing(GOES_DOWN);
        ScriptedNextHop second = ScriptedNextHop.playing();

        List<Outcome> outcomes =
                overOneConnection(path -> path.reconnectStrategy(Reconnect.TERMINATE_SESSION), first, second);

        assertThat(outcomes.get(1).reply())
                .isEqualTo(Reply.of(451, "4.4.2", "not tried, as the connection has broken before"));
    }

    @Test
    void aMessageGoesToTheNextHostAtOnceWhereThatIsWanted() {
        ScriptedNextHop first = ScriptedNextHop.playing(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<b@example.com>
                C: DATA
                S: 250 ok
                S: (drop)
                """);
        ScriptedNextHop second = ScriptedNextHop.playing(HELLO + SENT + BYE);

        List<Outcome> outcomes =
                deliver(List.of(first, second), Courier.to(path -> path.tryNextHostOnTransportError(true)), mail());

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aConnectionThatWasClosedWhileIdleCostsNothing() {
        ScriptedNextHop hop =
                ScriptedNextHop.playing(HELLO + SENT + "S: 421 4.4.2 idle too long\n", HELLO + SENT + BYE);

        List<Outcome> outcomes = deliver(hop, path -> {}, builder -> builder, mail(), mail());

        assertThat(outcomes).allMatch(Outcome.Delivered.class::isInstance);
    }

    @Test
    void hostsAreTriedInTheirOrderUntilOneLetsUsIn() {
        ScriptedNextHop first = ScriptedNextHop.playing("S: 554 5.3.2 closed for today\n" + BYE);
        ScriptedNextHop second = ScriptedNextHop.playing("S: (drop)");
        ScriptedNextHop third = ScriptedNextHop.playing(HELLO + SENT + BYE);

        List<Outcome> outcomes = deliver(List.of(first, second, third), Courier.to(path -> {}), mail());

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void whatAllHostsSaidIsTold() {
        ScriptedNextHop first = ScriptedNextHop.playing("S: 554 5.3.2 closed for today\n" + BYE);
        ScriptedNextHop second = ScriptedNextHop.playing("""
                S: 220 mx.example.com
                C: EHLO client.example
                S: 550-5.7.1 go away
                S: 550 5.7.1 and stay there
                """ + BYE);

        Outcome outcome =
                deliver(List.of(first, second), Courier.to(path -> {}), mail()).get(0);

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply().toString())
                .isEqualTo("451 4.4.1 no host lets us in: [127.0.0.1]:" + first.port()
                        + ": 554 5.3.2 closed for today; [127.0.0.1]:" + second.port()
                        + ": 550 5.7.1 go away / and stay there");
    }

    /** Two messages over one connection of a route. */
    private static List<Outcome> overOneConnection(
            Consumer<EgressPathOptions.Builder> options, ScriptedNextHop first, ScriptedNextHop second) {
        EgressPathOptions.Builder path = EgressPathOptions.builder();
        options.accept(path);
        List<Outcome> outcomes;
        try (first;
                second;
                SmtpDelivery delivery = Courier.to(options).to(List.of(first.address(), second.address()))) {
            try (Route.Connection connection =
                    delivery.route("example.com").connect(EgressSource.UNSPECIFIED, path.build())) {
                outcomes = connection.deliver(List.of(mail(), mail()));
            }
            first.verify();
            second.verify();
        } catch (UnroutableException e) {
            throw new AssertionError(e);
        }
        return outcomes;
    }

    private static void stalls(String script, Consumer<EgressPathOptions.Builder> options, String text) {
        ScriptedNextHop hop = ScriptedNextHop.playing(script);

        Outcome outcome = deliver(hop, options, mail());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply()).isEqualTo(Reply.of(421, "4.4.2", text));
        assertThat(outcome.attempt().command()).isEmpty();
    }
}
