package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.trace.SupplementalHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the end of the content to the reply: which messages a transaction becomes, and who takes them. */
class AcceptanceTest {

    private static final String TEXT = "Subject: hello\r\n\r\n.body\r\n";
    private static final String NOT_STORED = "451 4.3.0 message not stored; try again later";

    private final Inbox inbox = new Inbox();

    @Test
    void everyStepComesInTheDocumentedOrder() {
        List<String> steps = new ArrayList<>();
        Policy watching = new Policy() {
            @Override
            public Optional<DomainOptions> listenerDomain(Peer peer, String domain) {
                steps.add("domain " + domain);
                return Optional.empty();
            }

            @Override
            public Verdict data(Peer peer, Message message) {
                steps.add("data " + fields(message));
                return Verdict.proceed();
            }

            @Override
            public Verdict messageReceived(Peer peer, Message message) {
                steps.add("received " + fields(message));
                return Verdict.proceed();
            }
        };
        inbox.answer = messages -> {
            steps.add("reception " + fields(messages.get(0)));
            return CompletableFuture.completedFuture(Reply.OK);
        };
        Talk talk = talk(watching).begin("b@here.example");
        assertThat(steps).containsExactly("domain here.example");
        steps.clear();

        assertThat(talk.send(Wire.CONTENT)).isEqualTo("250 2.0.0 OK");

        assertThat(steps)
                .containsExactly(
                        "data [Subject]",
                        "received [Received, Subject]",
                        "domain here.example",
                        "reception [X-KumoRef, Received, Subject]");
    }

    @Test
    void aRecipientThatThePolicyMovesToAClosedDomainIsRefused() {
        Talk talk = talk(movingTo("b@elsewhere.example")).begin("b@here.example");

        assertThat(talk.send(Wire.CONTENT)).isEqualTo("550 5.7.1 relaying denied");
        assertThat(inbox.messages).isEmpty();
        assertThat(talk.context.budget().used()).isZero();
    }

    @Test
    void aRecipientThatThePolicyMovesToAnOpenDomainIsTaken() {
        Talk talk = talk(movingTo("c@here.example")).begin("b@here.example");

        assertThat(talk.send(Wire.CONTENT)).startsWith("250 ");
        assertThat(inbox.recipients()).containsExactly("[c@here.example]");
    }

    @Test
    void everyRecipientThatThePolicyAddsIsResolved() {
        Talk talk = talk(movingTo("b@here.example", "b@elsewhere.example")).begin("b@here.example");
        assertThat(talk.send(Wire.CONTENT)).isEqualTo("550 5.7.1 relaying denied");

        Talk other = talk(movingTo("b@here.example", "c@here.example")).begin("b@here.example");
        assertThat(other.send(Wire.CONTENT)).startsWith("250 ");
        assertThat(inbox.recipients()).containsExactly("[b@here.example, c@here.example]");
    }

    @Test
    void everyRecipientGetsAMessageOfItsOwn() {
        Policy marking = Policy.onMessageReceived((peer, message) -> {
            message.meta().put("x_for", message.recipients().get(0).toString());
            return Verdict.proceed();
        });
        talk(marking)
                .begin("b@here.example", "c@here.example", "d@here.example")
                .send(Wire.CONTENT);

        assertThat(inbox.recipients()).containsExactly("[b@here.example]", "[c@here.example]", "[d@here.example]");
        assertThat(inbox.messages.stream().map(Message::id).distinct()).hasSize(3);
        assertThat(inbox.messages.stream()
                        .map(message -> message.meta().get("x_for").orElseThrow()))
                .containsExactly("b@here.example", "c@here.example", "d@here.example");
        assertThat(inbox.text(1)).contains("for <c@here.example>").doesNotContain("b@here.example");
    }

    @Test
    void whatThePolicyChangesAtDataIsInEveryCopy() {
        Policy changing = Policy.onData((peer, message) -> {
            message.meta().put("x_tenant", "t1");
            message.setContent(Content.of("Subject: changed\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
            message.prependHeader("X-Seen", "yes");
            message.setSender(EnvelopeAddress.parse("other@client.example"));
            message.setRecipients(Stream.concat(
                            message.recipients().stream(), Stream.of(EnvelopeAddress.parse("archive@here.example")))
                    .toList());
            return Verdict.proceed();
        });
        talk(changing).begin("b@here.example", "c@here.example").send(Wire.CONTENT);

        assertThat(inbox.recipients())
                .containsExactly("[b@here.example]", "[c@here.example]", "[archive@here.example]");
        for (int i = 0; i < 3; i++) {
            Message message = inbox.messages.get(i);
            assertThat(inbox.text(i)).endsWith("X-Seen: yes\r\nSubject: changed\r\n\r\n");
            assertThat(message.sender()).hasToString("other@client.example");
            assertThat(message.meta().get("x_tenant")).contains("t1");
        }
    }

    @Test
    void metaDataOfTheSessionIsInEveryMessageAndStaysItsOwn() {
        Policy tagging = Policy.onEhlo((peer, name) -> {
            peer.meta().put("x_tenant", "t1");
            return Verdict.proceed();
        });
        Policy changing = Policy.onMessageReceived((peer, message) -> {
            message.meta().put("x_tenant", "t2");
            return Verdict.proceed();
        });
        Talk talk = talk(tagging, changing).begin("b@here.example");
        talk.send(Wire.CONTENT);

        assertThat(inbox.messages.get(0).meta().asMap())
                .containsEntry("x_tenant", "t2")
                .containsEntry("ehlo_domain", "client.example")
                .containsEntry("received_from", "192.0.2.1:25000")
                .containsEntry("reception_protocol", "ESMTP");
        assertThat(talk.session.peer().meta().get("x_tenant")).contains("t1");
    }

    @Test
    void theSessionHasAnIdThatRecordsAndMessagesShare() {
        Talk talk = talk();
        talk.say("MAIL FROM:<early@client.example>");
        talk.begin("b@here.example").send(Wire.CONTENT);

        String id = talk.session.peer().session();
        assertThat(UUID.fromString(id).version()).isEqualTo(4);
        assertThat(inbox.messages.get(0).meta().get("session_id")).contains(id);
        LogRecord.Rejection rejection = (LogRecord.Rejection) inbox.records.get(0);
        assertThat(rejection.session()).isEqualTo(id);
        assertThat(rejection.meta())
                .containsEntry("received_from", "192.0.2.1:25000")
                .doesNotContainKey("ehlo_domain");
        assertThat(talk().session.peer().session()).hasSameSizeAs(id);
    }

    @Test
    void namedMetaDataIsInTheSupplementalHeader() {
        Policy tagging = Policy.onMessageReceived((peer, message) -> {
            message.meta().put("tenant", "t1").put("other", "hidden");
            return Verdict.proceed();
        });
        new Talk(
                        inbox,
                        options -> options.traceHeaders(
                                headers -> headers.headerName("X-Ref").includeMetaNames("tenant", "campaign")),
                        tagging)
                .begin("b@here.example")
                .send(Wire.CONTENT);

        String header = inbox.messages.get(0).headers().first("X-Ref").orElseThrow();
        assertThat(SupplementalHeader.decode(header)).contains(Map.of("recipient", "b@here.example", "tenant", "t1"));
    }

    @Test
    void withoutTraceHeadersTheContentIsAsItCame() {
        new Talk(
                        inbox,
                        options -> options.traceHeaders(
                                headers -> headers.receivedHeader(false).supplementalHeader(false)))
                .begin("b@here.example")
                .send(Wire.CONTENT);

        assertThat(inbox.text(0)).isEqualTo(TEXT);
    }

    @Test
    void eachTraceHeaderCanBeLeftOutAlone() {
        new Talk(inbox, options -> options.traceHeaders(headers -> headers.receivedHeader(false)))
                .begin("b@here.example")
                .send(Wire.CONTENT);
        new Talk(inbox, options -> options.traceHeaders(headers -> headers.supplementalHeader(false)))
                .begin("b@here.example")
                .send(Wire.CONTENT);

        assertThat(fields(inbox.messages.get(0))).hasToString("[X-KumoRef, Subject]");
        assertThat(fields(inbox.messages.get(1))).hasToString("[Received, Subject]");
    }

    static Stream<Supplier<CompletionStage<Reply>>> failures() {
        return Stream.of(
                () -> CompletableFuture.failedFuture(new IllegalStateException("secret of the house")),
                () -> {
                    throw new IllegalStateException("secret of the house");
                },
                () -> {
                    throw new StackOverflowError("secret of the house");
                },
                () -> null,
                () -> CompletableFuture.completedFuture(null),
                () -> CompletableFuture.completedFuture(Reply.plain(354, "secret of the house")));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aReceptionThatFailsLeavesTheMailWithTheClient(Supplier<CompletionStage<Reply>> failure) {
        inbox.answer = messages -> failure.get();
        Talk talk = talk().begin("b@here.example");

        assertThat(talk.send(Wire.CONTENT)).isEqualTo(NOT_STORED);
        assertThat(talk.isClosed()).isFalse();
        assertThat(talk.context.budget().used()).isZero();
        assertThat(inbox.records).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"452 4.3.1 no room", "554 5.6.0 not this", "250 2.6.0 queued as 1"})
    void theReplyOfTheReceptionIsPassedOn(String reply) {
        inbox.answer = messages -> CompletableFuture.completedFuture(
                Reply.of(Integer.parseInt(reply.substring(0, 3)), reply.substring(4, 9), reply.substring(10)));
        Talk talk = talk().begin("b@here.example");

        assertThat(talk.send(Wire.CONTENT)).isEqualTo(reply);
        assertThat(talk.isClosed()).isFalse();
        assertThat(talk.session.inTransaction()).as("the transaction is over").isFalse();
        assertThat(talk.context.budget().used()).isZero();
    }

    @Test
    void a421OfTheReceptionClosesTheSession() {
        inbox.answer = messages -> CompletableFuture.completedFuture(Reply.of(421, "4.3.2", "going down"));
        Talk talk = talk().begin("b@here.example");

        assertThat(talk.send(Wire.CONTENT)).isEqualTo("421 4.3.2 going down");
        assertThat(talk.isClosed()).isTrue();
    }

    @Test
    void anExecutorThatRefusesIsATemporaryFailure() {
        List<Runnable> first = new ArrayList<>();
        Policy policy = Policy.onData((peer, message) -> Verdict.proceed());
        Talk talk = new Talk(
                inbox,
                task -> {
                    first.add(task);
                    throw new RejectedExecutionException("closed");
                },
                options -> {},
                policy);
        talk.begin("b@here.example");

        assertThat(talk.send(Wire.CONTENT)).isEqualTo("421 4.3.2 mx.example too busy; try again later");
        assertThat(talk.isClosed()).isTrue();
        assertThat(first).hasSize(1);
        assertThat(talk.context.budget().used()).isZero();
        assertThat(inbox.messages).isEmpty();
    }

    @Test
    void anObserverThatFailsTakesNothingBack() {
        inbox.observer = MtaObserver.of(record -> {
            throw new IllegalStateException("the log is full");
        });
        Talk talk = new Talk(inbox, options -> options.domain("bounce.example", domain -> domain.logOob(true)));
        talk.say("NOSUCH");
        talk.begin("b@here.example", "b@bounce.example");

        assertThat(talk.send(ReportContent.OOB)).isEqualTo("250 2.0.0 OK");
    }

    @Test
    void thePostmasterIsOfThisHost() {
        Talk talk = new Talk(inbox, options -> options.domain("mx.example", domain -> domain.relayTo(true)))
                .begin("Postmaster");

        assertThat(talk.send(Wire.CONTENT)).startsWith("250 ");
        assertThat(inbox.messages).hasSize(1);
    }

    @Test
    void messagesOfAListenerThatDefersWritingSaySo() {
        Talk deferring = new Talk(inbox, options -> options.deferredSpool(true));
        deferring.begin("b@here.example", "c@here.example").send(Wire.CONTENT);
        talk().begin("d@here.example").send(Wire.CONTENT);

        assertThat(inbox.messages).extracting(Message::isDeferredSpool).containsExactly(true, true, false);
    }

    @Test
    void aPolicyMayHaveAMessageWrittenAllTheSame() {
        Policy careful = Policy.onMessageReceived((peer, message) -> {
            message.setDeferredSpool(false);
            return Verdict.proceed();
        });
        new Talk(inbox, options -> options.deferredSpool(true), careful)
                .begin("b@here.example")
                .send(Wire.CONTENT);

        assertThat(inbox.messages).extracting(Message::isDeferredSpool).containsExactly(false);
    }

    private Talk talk(Policy... policies) {
        return new Talk(inbox, options -> {}, policies);
    }

    private static Policy movingTo(String... recipients) {
        return Policy.onMessageReceived((peer, message) -> {
            message.setRecipients(
                    Stream.of(recipients).map(EnvelopeAddress::parse).toList());
            return Verdict.proceed();
        });
    }

    private static List<String> fields(Message message) {
        return message.headers().fields().stream().map(field -> field.name()).toList();
    }
}
