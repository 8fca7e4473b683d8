package dev.kumo.testkit;

import static dev.kumo.testkit.Courier.BYE;
import static dev.kumo.testkit.Courier.SENT;
import static dev.kumo.testkit.Courier.deliver;
import static dev.kumo.testkit.Courier.mail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressTls;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.tls.ClientTls;
import dev.kumo.tls.TlsException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The five modes of {@code enable_tls}, and what is said only where nobody listens. */
class SmtpTlsTest {

    private static final TestCertificates CA = new TestCertificates();
    private static final TestCertificates.Issued GOOD = CA.issue("127.0.0.1");
    private static final TestCertificates.Issued OF_ANOTHER = CA.issue("mx.example.com");

    private static final String OFFERED = """
            S: 220 mx.example.com
            C: EHLO client.example
            S: 250-mx.example.com
            S: 250-STARTTLS
            S: 250 PIPELINING
            """;

    private static final String SECURED = OFFERED + """
            C: STARTTLS
            S: 220 go ahead
            S: (tls)
            C: EHLO client.example
            S: 250-mx.example.com
            S: 250-REQUIRETLS
            S: 250-AUTH LOGIN PLAIN
            S: 250 PIPELINING
            """;

    private static final String FAILING = OFFERED + """
            C: STARTTLS
            S: 220 go ahead
            S: (tls fails)
            """;

    private static final String IN_CLEAR = """
            S: 220 mx.example.com
            C: EHLO client.example
            S: 250-mx.example.com
            S: 250 PIPELINING
            """;

    private static final String SENT_SINGLY = """
            C: MAIL FROM:<a@example.org>
            S: 250 ok
            C: RCPT TO:<b@example.com>
            S: 250 ok
            C: DATA
            S: 354 go ahead
            C: (content)
            S: 250 ok
            """;

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "DISABLED")
    void whereTlsIsOfferedItIsUsed(EgressTls mode) {
        ScriptedNextHop hop = ScriptedNextHop.playing(GOOD.sslContext(), SECURED + SENT + BYE);

        Outcome outcome = delivered(hop, path -> path.enableTls(mode), mail());

        Attempt.Tls tls = outcome.attempt().tls().orElseThrow();
        assertThat(tls.protocol()).isEqualTo("TLSv1.3");
        assertThat(tls.cipher()).startsWith("TLS_");
        assertThat(tls.peerSubject()).isEqualTo("CN=127.0.0.1");
    }

    @Test
    void whereTlsIsDisabledItIsNotUsed() {
        ScriptedNextHop hop = ScriptedNextHop.playing(OFFERED + SENT + BYE);

        assertThat(delivered(hop, path -> path.enableTls(EgressTls.DISABLED), mail())
                        .attempt()
                        .tls())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC", "OPPORTUNISTIC_INSECURE"})
    void whereTlsIsNotOfferedMailGoesInClear(EgressTls mode) {
        delivered(ScriptedNextHop.playing(IN_CLEAR + SENT + BYE), path -> path.enableTls(mode), mail());
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC", "OPPORTUNISTIC_INSECURE"})
    void whereTlsIsOfferedAndThenRefusedMailGoesInClear(EgressTls mode) {
        ScriptedNextHop hop =
                ScriptedNextHop.playing(OFFERED + "C: STARTTLS\nS: 454 4.7.0 out of order\n" + SENT + BYE);

        delivered(hop, path -> path.enableTls(mode), mail());
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUIRED", "REQUIRED_INSECURE"})
    void whereTlsIsRequiredNoMailGoesInClear(EgressTls mode) {
        ScriptedNextHop hop = ScriptedNextHop.playing(IN_CLEAR + BYE);

        assertThat(failed(hop, path -> path.enableTls(mode))).endsWith(": 451 4.7.10 TLS is required, and not offered");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC", "REQUIRED"})
    void aCertificateOfAnotherFailsTheHostWhereItIsVerified(EgressTls mode) {
        ScriptedNextHop hop = ScriptedNextHop.playing(OF_ANOTHER.sslContext(), FAILING);

        assertThat(failed(hop, path -> path.enableTls(mode))).contains(": 451 4.7.5 TLS failed: ");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC_INSECURE", "REQUIRED_INSECURE"})
    void anyCertificateWillDoWhereItIsNotVerified(EgressTls mode) {
        ScriptedNextHop hop = ScriptedNextHop.playing(OF_ANOTHER.sslContext(), SECURED + SENT + BYE);

        delivered(hop, path -> path.enableTls(mode), mail());
    }

    @Test
    void aFailedHandshakeFailsTheHostAndNotTheMail() {
        ScriptedNextHop first = ScriptedNextHop.playing(OF_ANOTHER.sslContext(), FAILING);
        ScriptedNextHop second = ScriptedNextHop.playing(GOOD.sslContext(), SECURED + SENT + BYE);

        List<Outcome> outcomes =
                deliver(List.of(first, second), Courier.to(path -> {}).tls(trusting()), mail());

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aFailedHandshakeIsFollowedByClearTextWhereNothingIsVerified() {
        ScriptedNextHop hop = ScriptedNextHop.playing(keyless(), FAILING, OFFERED + SENT + BYE);

        delivered(hop, path -> path.enableTls(EgressTls.OPPORTUNISTIC_INSECURE), mail());
    }

    @Test
    void aHandshakeThatStallsIsAFailedOne() {
        ScriptedNextHop hop =
                ScriptedNextHop.playing(OFFERED + "C: STARTTLS\nS: 220 go ahead\nS: (stall)\n", OFFERED + SENT + BYE);

        delivered(
                hop,
                path -> path.enableTls(EgressTls.OPPORTUNISTIC_INSECURE).starttlsTimeout(Duration.ofMillis(200)),
                mail());
    }

    @Test
    void aFailedHandshakeFailsTheHostWhereTlsIsRequired() {
        ScriptedNextHop hop = ScriptedNextHop.playing(keyless(), FAILING);

        assertThat(failed(hop, path -> path.enableTls(EgressTls.REQUIRED_INSECURE)))
                .contains(": 451 4.7.5 TLS failed: ");
    }

    @Test
    void aHostWithBrokenTlsIsRememberedWhereReconnectingIsWanted() {
        String clear = OFFERED.replace("PIPELINING", "LIMITS MAILMAX=1") + SENT_SINGLY + BYE;
        ScriptedNextHop hop = ScriptedNextHop.playing(OF_ANOTHER.sslContext(), FAILING, clear, clear);

        // A host that takes one message at a time gets a connection for each: the second of them is in clear at once.
        List<Outcome> outcomes = deliver(
                hop,
                path -> path.opportunisticTlsReconnectOnFailedHandshake(true),
                builder -> builder.tls(trusting()),
                mail(),
                mail());

        assertThat(outcomes).allMatch(Outcome.Delivered.class::isInstance);
    }

    @Test
    void whatIsSaidInClearAfterStartTlsIsAnInjection() {
        ScriptedNextHop hop = ScriptedNextHop.playing(OFFERED + """
                C: STARTTLS
                S: 220 go ahead
                S: 250-mx.example.com
                S: 250 AUTH PLAIN
                C: (closed)
                """);

        assertThat(failed(hop, path -> path.enableTls(EgressTls.OPPORTUNISTIC_INSECURE)))
                .endsWith(": 451 4.7.0 commands in clear came after STARTTLS");
    }

    @Test
    void aPasswordIsSaidOverVerifiedTls() {
        ScriptedNextHop hop = ScriptedNextHop.playing(
                GOOD.sslContext(), SECURED + "C: AUTH PLAIN AG1lAGh1bnRlcjI=\nS: 235 welcome\n" + SENT + BYE);

        delivered(hop, path -> path.smtpAuthPlainUsername("me").smtpAuthPlainPassword("hunter2"), mail());
    }

    @Test
    void aPasswordThatIsWrongIsADeferralThatDoesNotTellIt() {
        ScriptedNextHop hop =
                ScriptedNextHop.playing(GOOD.sslContext(), SECURED + "C: AUTH PLAIN *\nS: 535 5.7.8 go away\n" + BYE);

        assertThat(failed(hop, path -> path.smtpAuthPlainUsername("me").smtpAuthPlainPassword("hunter2")))
                .endsWith(": 535 5.7.8 go away");
    }

    @ParameterizedTest
    @EnumSource(names = {"DISABLED", "OPPORTUNISTIC_INSECURE"})
    void noPasswordIsSaidToAnybodyUnverified(EgressTls mode) {
        ScriptedNextHop hop = mode == EgressTls.DISABLED
                ? ScriptedNextHop.playing(IN_CLEAR.replace("PIPELINING", "AUTH PLAIN") + BYE)
                : ScriptedNextHop.playing(GOOD.sslContext(), SECURED + BYE);

        assertThat(failed(
                        hop,
                        path -> path.enableTls(mode).smtpAuthPlainUsername("me").smtpAuthPlainPassword("hunter2")))
                .endsWith(": 451 4.7.0 no password is sent without TLS and a verified certificate");
    }

    @Test
    void aPasswordIsSaidInClearWhereThatIsAllowed() {
        ScriptedNextHop hop =
                ScriptedNextHop.playing(IN_CLEAR.replace("S: 250 PIPELINING", "S: 250-AUTH PLAIN\nS: 250 PIPELINING")
                        + "C: AUTH PLAIN AG1lAGh1bnRlcjI=\nS: 235 welcome\n" + SENT + BYE);

        delivered(
                hop,
                path -> path.allowSmtpAuthPlainWithoutTls(true)
                        .smtpAuthPlainUsername("me")
                        .smtpAuthPlainPassword("hunter2"),
                mail());
    }

    @Test
    void aMessageThatRequiresTlsIsSentToWhomItMay() {
        ScriptedNextHop hop =
                ScriptedNextHop.playing(GOOD.sslContext(), SECURED + SENT.replace("org>*", "org> REQUIRETLS") + BYE);

        delivered(hop, path -> {}, requiringTls());
    }

    @Test
    void aMessageThatRequiresTlsNeedsAHostThatPassesThatOn() {
        ScriptedNextHop hop =
                ScriptedNextHop.playing(GOOD.sslContext(), SECURED.replace("S: 250-REQUIRETLS\n", "") + BYE);

        Outcome outcome = outcome(hop, path -> {}, requiringTls());

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.reply())
                .isEqualTo(Reply.of(550, "5.7.30", "the message requires a host that offers REQUIRETLS"));
    }

    @Test
    void aMessageThatRequiresTlsIsGivenToTheNextHostWhereOneDoesNotPassThatOn() {
        ScriptedNextHop first =
                ScriptedNextHop.playing(GOOD.sslContext(), SECURED.replace("S: 250-REQUIRETLS\n", "") + BYE);
        ScriptedNextHop second =
                ScriptedNextHop.playing(GOOD.sslContext(), SECURED + SENT.replace("org>*", "org> REQUIRETLS") + BYE);

        assertThat(deliver(List.of(first, second), Courier.to(path -> {}).tls(trusting()), requiringTls()))
                .singleElement()
                .isInstanceOf(Outcome.Delivered.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC_INSECURE", "REQUIRED_INSECURE"})
    void aMessageThatRequiresTlsHasItsHostVerifiedWhereOthersDoNot(EgressTls mode) {
        ScriptedNextHop hop = ScriptedNextHop.playing(
                GOOD.sslContext(), SECURED + BYE, SECURED + SENT.replace("org>*", "org> REQUIRETLS") + BYE);

        delivered(hop, path -> path.enableTls(mode), requiringTls());
    }

    @Test
    void aMessageThatRequiresTlsIsNotSentToAHostThatCannotBeVerified() {
        ScriptedNextHop hop = ScriptedNextHop.playing(OF_ANOTHER.sslContext(), SECURED + BYE, FAILING);

        Outcome outcome = outcome(hop, path -> path.enableTls(EgressTls.OPPORTUNISTIC_INSECURE), requiringTls());

        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        assertThat(outcome.reply().toString()).contains("TLS failed");
    }

    /** With which no handshake comes to its end. */
    private static SSLContext keyless() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Message requiringTls() {
        Message message = mail();
        message.meta().put("require_tls", true);
        return message;
    }

    private static Outcome delivered(
            ScriptedNextHop hop, Consumer<EgressPathOptions.Builder> options, Message message) {
        Outcome outcome = outcome(hop, options, message);
        assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
        return outcome;
    }

    /** What is said of a host that did not let us in. */
    private static String failed(ScriptedNextHop hop, Consumer<EgressPathOptions.Builder> options) {
        Outcome outcome = outcome(hop, options, mail());
        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        return outcome.reply().toString();
    }

    private static Outcome outcome(ScriptedNextHop hop, Consumer<EgressPathOptions.Builder> options, Message message) {
        return deliver(hop, options, builder -> builder.tls(trusting()), message)
                .get(0);
    }

    private static ClientTls trusting() {
        try {
            return ClientTls.builder().trustOnly(CA.authority()).build();
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
    }
}
