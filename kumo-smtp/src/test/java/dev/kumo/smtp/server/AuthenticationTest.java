package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.Verdict;
import dev.kumo.tls.TlsSession;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTH, RFC 4954, by the mechanism PLAIN, RFC 4616. */
class AuthenticationTest {

    private static final TlsSession TLS =
            new TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384", Optional.empty(), List.of());
    private static final Policy DANIEL = Policy.onAuthPlain(
            (peer, credentials) -> credentials.authentication().equals("daniel")
                    && credentials.password().equals("tiger"));
    private static final String RIGHT = plain("", "daniel", "tiger");
    private static final String WRONG = plain("", "daniel", "lion");

    private final Inbox inbox = new Inbox();

    private static String plain(String... parts) {
        return Base64.getEncoder().encodeToString(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
    }

    private Talk talk(Policy... policies) {
        Talk talk = new Talk(inbox, unchanged -> {}, policies);
        talk.session.secured(TLS);
        return talk;
    }

    private Talk introduced(Policy... policies) {
        Talk talk = talk(policies);
        talk.say("EHLO client.example");
        return talk;
    }

    @Test
    void isOfferedUnderTlsIfAPolicyHandlesIt() {
        assertThat(talk(DANIEL).say("EHLO client.example")).contains(" / AUTH PLAIN / ");
        assertThat(talk().say("EHLO client.example")).doesNotContain("AUTH");
        assertThat(new Talk(inbox, unchanged -> {}, DANIEL).say("EHLO client.example"))
                .doesNotContain("AUTH");
    }

    @Test
    void isForThoseWhoHaveSaidEhlo() {
        Talk talk = talk(DANIEL);
        talk.say("HELO client.example");

        assertThat(talk.say("AUTH PLAIN " + RIGHT)).startsWith("503 5.5.1 EHLO first");
        assertThat(talk.session.peer().identity()).isEmpty();
        talk.say("EHLO client.example");
        assertThat(talk.say("AUTH PLAIN " + RIGHT)).startsWith("235 ");
    }

    @Test
    void takesTheRightCredentialsInOneLine() {
        Talk talk = introduced(DANIEL);

        assertThat(talk.say("AUTH PLAIN " + RIGHT)).isEqualTo("235 2.7.0 authenticated");
        assertThat(talk.session.peer().identity()).contains("daniel");
        assertThat(talk.session.peer().meta().asMap())
                .containsEntry("authn_id", "daniel")
                .containsEntry("authz_id", "daniel");
    }

    @Test
    void takesTheRightCredentialsAfterAChallenge() {
        Talk talk = introduced(DANIEL);

        assertThat(talk.say("AUTH plain")).isEqualTo("334 ");
        assertThat(talk.respond(RIGHT)).isEqualTo("235 2.7.0 authenticated");
    }

    @Test
    void aPolicyMayLetAClientActAsAnother() {
        Talk talk = introduced(new Policy() {
            @Override
            public Optional<Verdict> authPlain(Peer peer, PlainCredentials credentials) {
                return Optional.of(
                        credentials.authentication().equals("daniel")
                                ? Verdict.proceed()
                                : Verdict.reject(535, "5.7.8", "no"));
            }
        });

        talk.say("AUTH PLAIN " + plain("sales", "daniel", "tiger"));

        assertThat(talk.session.peer().identity()).contains("sales");
    }

    @Test
    void whoHasAPasswordMayNotActAsAnotherUnlessThePolicySaysSo() {
        Talk talk = introduced(DANIEL);

        assertThat(talk.say("AUTH PLAIN " + plain("boss", "daniel", "tiger"))).startsWith("535 ");
        assertThat(talk.say("AUTH PLAIN " + plain("daniel", "daniel", "tiger"))).startsWith("235 ");
    }

    @Test
    void refusesWrongCredentialsAndClosesAfterTheThird() {
        Talk talk = introduced(DANIEL);

        assertThat(talk.say("AUTH PLAIN " + WRONG)).isEqualTo("535 5.7.8 authentication failed");
        assertThat(talk.say("AUTH PLAIN " + WRONG)).isEqualTo("535 5.7.8 authentication failed");
        assertThat(talk.isClosed()).isFalse();
        assertThat(talk.say("AUTH PLAIN " + WRONG)).isEqualTo("535 5.7.8 authentication failed");
        assertThat(talk.isClosed()).isTrue();
    }

    @Test
    void aPolicyMayRefuseInItsOwnWords() {
        Talk talk = introduced(new Policy() {
            @Override
            public Optional<Verdict> authPlain(Peer peer, PlainCredentials credentials) {
                return Optional.of(Verdict.reject(454, "4.7.0", "directory is away"));
            }
        });

        assertThat(talk.say("AUTH PLAIN " + RIGHT)).isEqualTo("454 4.7.0 directory is away");
    }

    @Test
    void theFirstPolicyThatKnowsDecides() {
        Talk talk = introduced(Policy.onAuthPlain((peer, credentials) -> false), DANIEL);

        assertThat(talk.say("AUTH PLAIN " + RIGHT)).startsWith("235 ");
    }

    @Test
    void needsTls() {
        Talk talk = new Talk(inbox, unchanged -> {}, DANIEL);
        talk.say("EHLO client.example");

        assertThat(talk.say("AUTH PLAIN " + RIGHT)).isEqualTo("538 5.7.11 authentication needs STARTTLS first");
    }

    @Test
    void isNotImplementedWithoutAPolicy() {
        assertThat(introduced().say("AUTH PLAIN " + RIGHT)).startsWith("502 5.5.1");
    }

    @Test
    void knowsPlainOnly() {
        assertThat(introduced(DANIEL).say("AUTH CRAM-MD5")).startsWith("504 5.5.4");
    }

    @Test
    void isDoneOnce() {
        Talk talk = introduced(DANIEL);
        talk.say("AUTH PLAIN " + RIGHT);

        assertThat(talk.say("AUTH PLAIN " + RIGHT)).isEqualTo("503 5.5.1 authenticated already");
        assertThat(talk.say("EHLO client.example")).doesNotContain("AUTH");
    }

    @Test
    void isNotDoneInATransaction() {
        Talk talk = introduced(DANIEL);
        talk.say("MAIL FROM:<a@client.example>");

        assertThat(talk.say("AUTH PLAIN " + RIGHT)).startsWith("503 5.5.1");
    }

    @Test
    void theClientMayCancel() {
        Talk talk = introduced(DANIEL);
        talk.say("AUTH PLAIN");

        assertThat(talk.respond("*")).isEqualTo("501 5.7.0 authentication cancelled");
        assertThat(talk.say("NOOP")).startsWith("250 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "!", "ZGFuaWVs", "AGRhbmllbAA=", "AAB0aWdlcg==", "AGEAYgBj", "AP8AYg=="})
    void refusesWhatIsNoResponse(String response) {
        assertThat(introduced(DANIEL).say("AUTH PLAIN " + response)).isEqualTo("501 5.5.2 response cannot be read");
    }

    @Test
    void mailTakesTheParameterThatComesWithIt() {
        assertThat(introduced(DANIEL).say("MAIL FROM:<a@client.example> AUTH=<>"))
                .startsWith("250 ");
        assertThat(introduced().say("MAIL FROM:<a@client.example> AUTH=<>")).startsWith("555 ");
    }

    @Test
    void aPolicyOpensDomainsForThoseItKnows() {
        Policy members = Policy.onListenerDomain((peer, domain) -> peer.identity()
                .map(name -> DomainOptions.builder().relayTo(true).build()));
        Talk talk = introduced(DANIEL, members);
        talk.say("MAIL FROM:<a@client.example>");
        assertThat(talk.say("RCPT TO:<b@example.com>")).startsWith("550 ");
        talk.say("RSET");
        talk.say("AUTH PLAIN " + RIGHT);
        talk.say("MAIL FROM:<a@client.example>");

        assertThat(talk.say("RCPT TO:<b@example.com>")).startsWith("250 ");
    }

    @Test
    void noCredentialsReachALogRecord() {
        Talk talk = introduced(DANIEL);
        talk.say("AUTH PLAIN " + WRONG);
        talk.say("AUTH PLAIN");
        talk.respond(WRONG);

        assertThat(inbox.records)
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.toString())
                        .contains("AUTH")
                        .doesNotContain(WRONG)
                        .doesNotContain("lion"));
    }

    @Test
    void credentialsDoNotShowTheirPassword() {
        assertThat(new PlainCredentials("a", "b", "tiger").toString())
                .contains("a", "b")
                .doesNotContain("tiger");
    }
}
