package dev.kumo.testkit;

import static dev.kumo.testkit.Courier.BYE;
import static dev.kumo.testkit.Courier.HELLO;
import static dev.kumo.testkit.Courier.SENT;
import static dev.kumo.testkit.Courier.mail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.EgressTls;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.smtp.client.DnsAnswer;
import dev.kumo.smtp.client.DnsResolver;
import dev.kumo.smtp.client.DnsType;
import dev.kumo.smtp.client.MtaSts;
import dev.kumo.smtp.client.MxRecord;
import dev.kumo.smtp.client.MxResolver;
import dev.kumo.smtp.client.SmtpDelivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Delivery to the hosts that the DNS has for a domain. */
class SmtpToMxTest {

    private static final Map<String, List<?>> ZONE = Map.of(
            "_mta-sts.example.com TXT", List.of("v=STSv1; id=1"),
            "example.com MX", List.of(new MxRecord(10, "mx.example.com")),
            "same.example MX", List.of(new MxRecord(5, "MX.example.com")),
            "other.example MX", List.of(new MxRecord(10, "mx.other.example")),
            "null.example MX", List.of(new MxRecord(0, ".")),
            "mx.example.com A", List.of(IpLiteral.parse("127.0.0.1")),
            "mx.other.example A", List.of(IpLiteral.parse("127.0.0.1")));

    @Test
    void mailGoesToTheHostsOfItsDomain() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        Outcome outcome = deliver(hop, mail());

        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        assertThat(outcome.attempt().peerName()).isEqualTo("mx.example.com");
    }

    @Test
    void recipientsOfSeveralDomainsGoDifferentWays() {
        ScriptedNextHop hop = ScriptedNextHop.playing(
                HELLO + SENT + BYE, HELLO + SENT.replace("b@example.com", "c@other.example") + BYE);

        Outcome outcome = deliver(hop, mail("b@example.com", "d@null.example", "c@other.example"));

        List<Outcome> each = ((Outcome.PerRecipient) outcome).outcomes();
        assertThat(each.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(each.get(1).reply().code()).isEqualTo(556);
        assertThat(each.get(2)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aRoutingDomainTakesThePlaceOfTheDomain() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT.replace("b@example.com", "b@null.example") + BYE);
        Message message = mail("b@null.example");
        message.meta().put("routing_domain", "example.com");

        assertThat(deliver(hop, message)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void mailDoesNotComeBackToUs() {
        try (SmtpDelivery delivery = toMx(path -> {})) {
            Outcome outcome = delivery.deliver(List.of(mail())).get(0);

            assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            assertThat(outcome.reply().status()).hasToString("Optional[5.4.4]");
        }
    }

    @Test
    void hostsThatAreToBeSkippedAreNoHosts() {
        try (SmtpDelivery delivery =
                toMx(path -> path.prohibitedHosts(List.of()).skipHosts(List.of("127.0.0.1")))) {
            Outcome outcome = delivery.deliver(List.of(mail())).get(0);

            assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
            assertThat(outcome.reply().status()).hasToString("Optional[4.4.4]");
        }
    }

    @Test
    void domainsWithTheSameHostsAreOneSite() throws UnroutableException {
        try (SmtpDelivery delivery = toMx(path -> {})) {
            Route route = delivery.route("example.com");

            assertThat(route.site()).isEqualTo("mx.example.com");
            assertThat(delivery.route("same.example").site()).isEqualTo(route.site());
            assertThat(route.protocol()).isEqualTo("smtp_client");
        }
    }

    @Test
    void aDomainThatTakesNoMailHasNoRoute() {
        try (SmtpDelivery delivery = toMx(path -> {})) {
            assertThatExceptionOfType(UnroutableException.class)
                    .isThrownBy(() -> delivery.route("null.example"))
                    .satisfies(e -> assertThat(e.outcome()).isInstanceOf(Outcome.Refused.class));
        }
    }

    @Test
    void whatIsNoDomainHasNoRoute() {
        try (SmtpDelivery delivery = toMx(path -> {})) {
            assertThatExceptionOfType(UnroutableException.class)
                    .isThrownBy(() -> delivery.route(""))
                    .satisfies(e -> assertThat(e.outcome().reply())
                            .isEqualTo(Reply.of(550, "5.1.2", "there is no domain of that name")));
        }
    }

    @Test
    void aPolicyThatIsEnforcedRequiresTls() {
        ScriptedNextHop hop = ScriptedNextHop.playing("""
                S: 220 mx.example.com
                C: EHLO client.example
                S: 250 mx.example.com
                """ + BYE);

        Outcome outcome = deliver(hop, path -> {}, policy("enforce", "mx.example.com"), mail());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply().toString()).endsWith(": 451 4.7.10 TLS is required, and not offered");
    }

    @Test
    void noMailGoesToHostsThatThePolicyDoesNotName() {
        ScriptedNextHop hop = ScriptedNextHop.playing();

        Outcome outcome = deliver(hop, path -> {}, policy("enforce", "mx.elsewhere.example"), mail());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply().status()).hasToString("Optional[4.7.5]");
    }

    @Test
    void aPolicyIsNothingWhereThatIsWanted() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        assertThat(deliver(hop, path -> path.enableMtaSts(false), policy("enforce", "mx.elsewhere.example"), mail()))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aPolicyThatIsBeingTestedStopsNoMail() {
        ScriptedNextHop hop = ScriptedNextHop.playing(HELLO + SENT + BYE);

        assertThat(deliver(hop, path -> {}, policy("testing", "mx.elsewhere.example"), mail()))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aHostThatRefusesConnectionsIsADeferral() throws UnroutableException {
        int nobody;
        try (ScriptedNextHop gone = ScriptedNextHop.playing()) {
            nobody = gone.port();
        }
        try (SmtpDelivery delivery = toMx(path -> {})) {
            EgressPathOptions path = EgressPathOptions.builder()
                    .prohibitedHosts(List.of())
                    .smtpPort(nobody)
                    .build();
            Route route = delivery.route("example.com");

            assertThatExceptionOfType(UnroutableException.class)
                    .isThrownBy(() -> route.connect(EgressSource.UNSPECIFIED, path))
                    .satisfies(e -> assertThat(e.outcome().reply().toString())
                            .startsWith("451 4.4.1 no host lets us in: mx.example.com [127.0.0.1]:" + nobody));
        }
    }

    private static Outcome deliver(ScriptedNextHop hop, Message message) {
        return deliver(hop, path -> path.enableTls(EgressTls.DISABLED), builder -> builder, message);
    }

    private static Outcome deliver(
            ScriptedNextHop hop,
            Consumer<EgressPathOptions.Builder> options,
            UnaryOperator<SmtpDelivery.Builder> changes,
            Message message) {
        SmtpDelivery.Builder builder = Courier.to(
                        path -> options.accept(path.prohibitedHosts(List.of()).smtpPort(hop.port())))
                .resolver(MxResolver.of(new Zone()));
        try (hop) {
            Outcome outcome;
            try (SmtpDelivery delivery = changes.apply(builder).toMx()) {
                outcome = delivery.deliver(List.of(message)).get(0);
            }
            hop.verify();
            return outcome;
        }
    }

    private static UnaryOperator<SmtpDelivery.Builder> policy(String mode, String host) {
        String policy = "version: STSv1\nmode: " + mode + "\nmx: " + host + "\nmax_age: 86400\n";
        return builder -> builder.mtaSts(
                MtaSts.builder(new Zone()).source(domain -> policy).build());
    }

    private static SmtpDelivery toMx(Consumer<EgressPathOptions.Builder> options) {
        return Courier.to(options).resolver(MxResolver.of(new Zone())).toMx();
    }

    /** A DNS that knows {@link #ZONE} and nothing else. */
    private static final class Zone implements DnsResolver {

        @Override
        @SuppressWarnings("unchecked")
        public <T> CompletionStage<DnsAnswer<T>> lookup(String name, DnsType<T> type) {
            List<T> records = (List<T>) ZONE.getOrDefault(name + " " + type, List.of());
            Duration hour = Duration.ofHours(1);
            return CompletableFuture.completedFuture(
                    records.isEmpty() ? new DnsAnswer.NoData<>(hour) : new DnsAnswer.Found<>(records, hour));
        }

        @Override
        public void close() {}
    }
}
