package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.ClientName;
import dev.kumo.smtp.MailFrom;
import dev.kumo.smtp.Recipient;
import dev.kumo.smtp.server.Policies.Event;
import dev.kumo.tls.TlsSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PoliciesTest {

    private static final Verdict REFUSED = Verdict.reject(550, "5.7.1", "not you");

    // ---- which events are handled ----

    @Test
    void aPolicyThatOverridesNothingHandlesNothing() {
        assertThat(handled(new Policy() {})).isEmpty();
        assertThat(handled()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aLambdaHandlesItsEventAlone(Event event) {
        assertThat(handled(at(event, Verdict::proceed))).containsExactly(event);
    }

    @Test
    void whatAnAbstractClassBringsIsHandled() {
        assertThat(handled(new Strict() {})).containsExactly(Event.RCPT_TO);
        assertThat(handled(new Strict() {
                    @Override
                    public Verdict ehlo(Peer peer, ClientName name) {
                        return REFUSED;
                    }
                }))
                .containsExactly(Event.EHLO, Event.RCPT_TO);
    }

    @Test
    void whatAClassThatIsNoPolicyBringsIsHandled() {
        assertThat(handled(new Mixed())).containsExactly(Event.RCPT_TO);

        Talk talk = new Talk(new Inbox(), options -> {}, new Mixed());
        talk.say("EHLO client.example");
        talk.say("MAIL FROM:<a@client.example>");
        assertThat(talk.say("RCPT TO:<b@here.example>")).isEqualTo("550 5.7.1 not you");
    }

    @Test
    void whatAnotherInterfaceBringsIsHandled() {
        assertThat(handled(new StrictByDefault() {})).containsExactly(Event.DATA);
    }

    @Test
    void severalPoliciesHandleTheirEventsTogether() {
        assertThat(handled(at(Event.DATA, Verdict::proceed), at(Event.EHLO, Verdict::proceed)))
                .containsExactly(Event.EHLO, Event.DATA);
    }

    @Test
    void onlyHandledEventsTakeAnotherThread() {
        try (Wire wire = Wire.greeted(at(Event.RCPT_TO, Verdict::proceed))) {
            wire.send("EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n");
            assertThat(wire.elsewhere).isEmpty();

            wire.send("RCPT TO:<b@here.example>\r\n");
            assertThat(wire.elsewhere).hasSize(1);

            wire.runSteps().send("DATA\r\n").send(Wire.CONTENT);
            assertThat(wire.elsewhere).isEmpty();
            assertThat(wire.inbox.messages).hasSize(1);
        }
    }

    // ---- what they decide ----

    @Test
    void allAreAskedInOrder() {
        List<String> asked = new ArrayList<>();
        reach(
                Event.MESSAGE_RECEIVED,
                asking(asked, "first", Verdict.proceed()),
                asking(asked, "second", Verdict.proceed()));

        assertThat(asked)
                .containsExactly(
                        "first connectionAccepted",
                        "second connectionAccepted",
                        "first ehlo",
                        "second ehlo",
                        "first mailFrom",
                        "second mailFrom",
                        "first rcptTo",
                        "second rcptTo",
                        "first data",
                        "second data",
                        "first messageReceived",
                        "second messageReceived");
    }

    @Test
    void theFirstRefusalDecidesAndTheRestIsNotAsked() {
        List<String> asked = new ArrayList<>();
        Talk talk = new Talk(
                new Inbox(),
                options -> {},
                at(Event.EHLO, Verdict::proceed),
                at(Event.EHLO, () -> REFUSED),
                at(Event.EHLO, () -> {
                    asked.add("third");
                    return Verdict.disconnect(554, "5.7.1", "too late");
                }));

        assertThat(talk.say("EHLO client.example")).isEqualTo("550 5.7.1 not you");
        assertThat(talk.isClosed()).isFalse();
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "LISTENER_DOMAIN", mode = EnumSource.Mode.EXCLUDE)
    void aRefusalIsSaidAndNothingIsReceived(Event event) {
        Talk talk = reach(event, at(event, () -> REFUSED));

        assertThat(talk.reply()).isEqualTo("550 5.7.1 not you");
        assertThat(talk.isClosed()).isEqualTo(event == Event.CONNECTION_ACCEPTED);
        assertThat(talk.inbox.messages).isEmpty();
        assertThat(talk.inbox.records).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = "LISTENER_DOMAIN", mode = EnumSource.Mode.EXCLUDE)
    void aDisconnectClosesAfterItsReply(Event event) {
        Talk talk = reach(event, at(event, () -> Verdict.disconnect(554, "5.7.1", "go away")));

        assertThat(talk.reply()).isEqualTo("554 5.7.1 go away");
        assertThat(talk.isClosed()).isTrue();
        assertThat(talk.inbox.messages).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "LISTENER_DOMAIN", mode = EnumSource.Mode.EXCLUDE)
    void a421ClosesToo(Event event) {
        Talk talk = reach(event, at(event, () -> Verdict.reject(421, "4.7.0", "later")));

        assertThat(talk.reply()).isEqualTo("421 4.7.0 later");
        assertThat(talk.isClosed()).isTrue();
    }

    @Test
    void aRefusedMailOpensNoTransactionAndARefusedRecipientIsLeftOut() {
        Inbox inbox = new Inbox();
        Policy picky =
                Policy.onRcptTo((peer, to) -> to.address().toString().startsWith("b") ? REFUSED : Verdict.proceed());
        Talk talk = new Talk(inbox, options -> {}, picky);
        talk.say("EHLO client.example");
        talk.say("MAIL FROM:<a@client.example>");
        talk.say("RCPT TO:<b@here.example>");
        assertThat(talk.say("DATA")).startsWith("503 5.5.1 ");
        talk.say("RCPT TO:<c@here.example>");
        talk.say("DATA");
        talk.send(Wire.CONTENT);

        assertThat(inbox.recipients()).containsExactly("[c@here.example]");

        Talk other = new Talk(inbox, options -> {}, at(Event.MAIL_FROM, () -> REFUSED));
        other.say("EHLO client.example");
        other.say("MAIL FROM:<a@client.example>");
        assertThat(other.session.inTransaction()).isFalse();
    }

    @Test
    void theFirstToKnowADomainDecidesAndThenTheTable() {
        Policy none = Policy.onListenerDomain((peer, domain) -> Optional.empty());
        Policy closed = Policy.onListenerDomain((peer, domain) -> domain.equals("here.example")
                ? Optional.of(DomainOptions.builder().build())
                : Optional.empty());
        Policy open = Policy.onListenerDomain((peer, domain) ->
                Optional.of(DomainOptions.builder().relayTo(true).build()));

        assertThat(reach(Event.RCPT_TO, none).reply()).isEqualTo("250 2.1.5 OK");
        assertThat(reach(Event.RCPT_TO, none, closed, open).reply()).isEqualTo("550 5.7.1 relaying denied");
        assertThat(reach(Event.RCPT_TO, open, closed).reply()).isEqualTo("250 2.1.5 OK");
    }

    // ---- how they fail ----

    static Stream<Arguments> failures() {
        Stream<Supplier<Verdict>> failures = Stream.of(
                () -> {
                    throw new IllegalStateException("secret of the house");
                },
                () -> {
                    throw new StackOverflowError("secret of the house");
                },
                () -> {
                    PoliciesTest.<RuntimeException>throwUnchecked(new IOException("secret of the house"));
                    return Verdict.proceed();
                },
                () -> null);
        return failures.flatMap(failure -> Stream.of(Event.values()).map(event -> Arguments.of(event, failure)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aPolicyThatFailsEndsTheSessionAndSaysNoMore(Event event, Supplier<Verdict> failure) {
        Talk talk = reach(event, at(event, failure));

        assertThat(talk.reply()).isEqualTo("421 4.3.0 mx.example technical difficulties; try again later");
        assertThat(talk.isClosed()).isTrue();
        assertThat(talk.inbox.messages).isEmpty();
        assertThat(talk.inbox.records)
                .singleElement()
                .satisfies(record -> assertThat(record.type()).isEqualTo("Rejection"));
        assertThat(talk.context.budget().used()).isZero();
    }

    @Test
    void aVerdictThatIsNullDoesNotPassTheOtherPoliciesBy() {
        Talk talk = reach(Event.RCPT_TO, at(Event.RCPT_TO, () -> null), at(Event.RCPT_TO, () -> REFUSED));

        assertThat(talk.reply()).startsWith("421 4.3.0 ");
    }

    /** Goes on until the event has been asked, or the session is closed. */
    private static Talk reach(Event event, Policy... policies) {
        Talk talk = new Talk(new Inbox(), options -> {}, policies);
        List<String> commands =
                List.of("EHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@here.example>", "DATA");
        int count = switch (event) {
            case CONNECTION_ACCEPTED -> 0;
            case EHLO, AUTH_PLAIN -> 1;
            case MAIL_FROM -> 2;
            case LISTENER_DOMAIN, RCPT_TO -> 3;
            case DATA, MESSAGE_RECEIVED -> 4;
        };
        commands.subList(0, count).forEach(talk::say);
        if (count == 4) {
            talk.send(Wire.CONTENT);
        }
        if (event == Event.AUTH_PLAIN) {
            talk.session.secured(new TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384", Optional.empty(), List.of()));
            talk.say("EHLO client.example");
            talk.say("AUTH PLAIN AGRhbmllbAB0aWdlcg==");
        }
        return talk;
    }

    private static Set<Event> handled(Policy... policies) {
        Policies all = new Policies(List.of(policies));
        Set<Event> handled = EnumSet.allOf(Event.class);
        handled.removeIf(event -> !all.handleAny(Set.of(event)));
        return handled;
    }

    private static Policy at(Event event, Supplier<Verdict> verdict) {
        return switch (event) {
            case CONNECTION_ACCEPTED -> Policy.onConnectionAccepted(peer -> verdict.get());
            case EHLO -> Policy.onEhlo((peer, name) -> verdict.get());
            case AUTH_PLAIN ->
                new Policy() {
                    @Override
                    public Optional<Verdict> authPlain(Peer peer, PlainCredentials credentials) {
                        return Optional.of(verdict.get());
                    }
                };
            case MAIL_FROM -> Policy.onMailFrom((peer, from) -> verdict.get());
            case LISTENER_DOMAIN ->
                Policy.onListenerDomain((peer, domain) -> verdict.get() == null ? null : Optional.empty());
            case RCPT_TO -> Policy.onRcptTo((peer, to) -> verdict.get());
            case DATA -> Policy.onData((peer, message) -> verdict.get());
            case MESSAGE_RECEIVED -> Policy.onMessageReceived((peer, message) -> verdict.get());
        };
    }

    private static Policy asking(List<String> asked, String name, Verdict verdict) {
        return new Policy() {
            @Override
            public Verdict connectionAccepted(Peer peer) {
                return heard("connectionAccepted");
            }

            @Override
            public Verdict ehlo(Peer peer, ClientName client) {
                return heard("ehlo");
            }

            @Override
            public Verdict mailFrom(Peer peer, MailFrom from) {
                return heard("mailFrom");
            }

            @Override
            public Verdict rcptTo(Peer peer, Recipient to) {
                return heard("rcptTo");
            }

            @Override
            public Verdict data(Peer peer, Message message) {
                return heard("data");
            }

            @Override
            public Verdict messageReceived(Peer peer, Message message) {
                return heard("messageReceived");
            }

            private Verdict heard(String event) {
                asked.add(name + " " + event);
                return verdict;
            }
        };
    }

    /** As other languages throw checked exceptions. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwUnchecked(Throwable failure) throws E {
        throw (E) failure;
    }

    private abstract static class Strict implements Policy {
        @Override
        public Verdict rcptTo(Peer peer, Recipient to) {
            return REFUSED;
        }
    }

    /** Knows nothing of policies; public, as a method has to be to implement one. */
    public static class Refusing {
        public Verdict rcptTo(Peer peer, Recipient to) {
            return REFUSED;
        }
    }

    private static final class Mixed extends Refusing implements Policy {}

    private interface StrictByDefault extends Policy {
        @Override
        default Verdict data(Peer peer, Message message) {
            return REFUSED;
        }
    }
}
