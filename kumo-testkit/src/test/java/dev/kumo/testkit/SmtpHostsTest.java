package dev.kumo.testkit;

import static dev.kumo.testkit.Courier.BYE;
import static dev.kumo.testkit.Courier.HELLO;
import static dev.kumo.testkit.Courier.SENT;
import static dev.kumo.testkit.Courier.deliver;
import static dev.kumo.testkit.Courier.mail;
import static dev.kumo.testkit.MailAssertions.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.smtp.client.SmtpDelivery;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which hosts are tried, by what name, and from where. */
class SmtpHostsTest {

    @Test
    void aSmartHostOnThisMachineNeedsNoLeave() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        try (hop;
                SmtpDelivery delivery = Courier.to(path -> {}).to("localhost:" + hop.port())) {
            assertThat(delivery.deliver(List.of(mail()))).first().isInstanceOf(Outcome.Delivered.class);
        }
    }

    @Test
    void aHostThatIsToBeSkippedIsPassedOver() {
        ScriptedNextHop hop = ScriptedNextHop.playing();

        Outcome outcome = deliver(hop, path -> path.skipHosts(List.of("127.0.0.0/8")), mail());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply()).isEqualTo(Reply.of(451, "4.4.4", "all hosts are to be skipped"));
    }

    @Test
    void thePortOfTheSourceGoesBeforeAllOthers() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);
        EgressSource source = new EgressSource("s", Optional.empty(), Optional.empty(), OptionalInt.of(hop.port()));

        try (hop;
                SmtpDelivery delivery = Courier.to(path -> {}).source(source).to("127.0.0.1:1")) {
            assertThat(delivery.deliver(List.of(mail()))).first().isInstanceOf(Outcome.Delivered.class);
        }
    }

    @Test
    void thePortOfThePathIsForHostsWithoutOne() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        try (hop;
                SmtpDelivery delivery =
                        Courier.to(path -> path.smtpPort(hop.port())).to("[127.0.0.1]")) {
            assertThat(delivery.deliver(List.of(mail()))).first().isInstanceOf(Outcome.Delivered.class);
        }
    }

    @Test
    void theNameOfThePathGoesBeforeThatOfTheSource() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("client.example", "path.example") + SENT + BYE);
        EgressSource source =
                new EgressSource("s", Optional.of("source.example"), Optional.empty(), OptionalInt.empty());

        List<Outcome> outcomes =
                deliver(hop, path -> path.ehloDomain("path.example"), builder -> builder.source(source), mail());

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void theNameOfTheSourceGoesBeforeThatOfTheDelivery() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO.replace("client.example", "source.example") + SENT + BYE);
        EgressSource source =
                new EgressSource("s", Optional.of("source.example"), Optional.empty(), OptionalInt.empty());

        assertThat(deliver(hop, path -> {}, builder -> builder.source(source), mail()))
                .first()
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void anAddressThatThisMachineDoesNotHaveIsAnErrorAndNoReasonToUseAnother() {
        ScriptedNextHop hop = ScriptedNextHop.playing();
        EgressSource source =
                new EgressSource("s", Optional.empty(), Optional.of(IpLiteral.parse("192.0.2.1")), OptionalInt.empty());

        Outcome outcome = deliver(hop, path -> {}, builder -> builder.source(source), mail())
                .get(0);

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply().toString()).startsWith("451 4.4.1 no host lets us in: ");
    }

    @Test
    void aRouteIsNamedAfterItsHosts() throws UnroutableException {
        try (SmtpDelivery smart = SmtpDelivery.to("Relay.example.net", "[192.0.2.1]:587");
                SmtpDelivery store = SmtpDelivery.lmtp(HostPort.parse("store.example.net:24"))) {
            Route route = smart.route("example.com");
            assertThat(route.site()).isEqualTo("mx_list:relay.example.net,[192.0.2.1]:587");
            assertThat(route.protocol()).isEqualTo("smtp_client");
            assertThat(store.route("example.com").protocol()).isEqualTo("lmtp_client");
        }
    }

    @Test
    void aConnectionOfARouteIsUsableUntilItIsClosed() throws UnroutableException {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        try (hop;
                SmtpDelivery delivery = Courier.to(path -> {}).to(List.of(hop.address()))) {
            Route.Connection connection =
                    delivery.route("example.com").connect(EgressSource.UNSPECIFIED, EgressPathOptions.DEFAULT);
            assertThat(connection.deliver(List.of(mail()))).hasSize(1);
            assertThat(connection.isUsable()).isTrue();
            connection.close();
            assertThat(connection.isUsable()).isFalse();
            hop.verify();
        }
    }

    @Test
    void whatIsNoSmartHostIsRefusedWithTheMend() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmtpDelivery.to("not a host"))
                .withMessage("'not a host' is not a smart host: write name, name:port, [ip] or [ip]:port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmtpDelivery.to(List.of()))
                .withMessage("there is no smart host; name at least one");
    }

    @Test
    void ourOwnListenerTakesWhatOurClientSends() throws IOException {
        try (TestMta mta = TestMta.listening(listener -> {}).start();
                SmtpDelivery delivery = Courier.to(
                                path -> path.enableTls(dev.kumo.core.delivery.EgressTls.OPPORTUNISTIC_INSECURE))
                        .to(new HostPort("127.0.0.1", mta.port()).toString())) {
            List<Outcome> outcomes = delivery.deliver(List.of(mail("b@example.com", "c@example.com"), mail()));

            assertThat(outcomes).allMatch(Outcome.Delivered.class::isInstance);
            assertThat(outcomes.get(0).attempt().tls()).isPresent();
            assertThat(mta.messages()).hasSize(3);
            assertThat(mta.messages())
                    .first()
                    .asInstanceOf(MESSAGE)
                    .hasSender("a@example.org")
                    .hasRecipients("b@example.com")
                    .hasSubject("hello")
                    .hasBody("body\n");
        }
    }
}
