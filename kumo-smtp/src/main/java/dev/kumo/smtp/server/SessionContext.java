package dev.kumo.smtp.server;

import dev.kumo.core.Reception;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.RelayRules;
import dev.kumo.smtp.ClientName;
import dev.kumo.smtp.MailFrom;
import dev.kumo.smtp.Recipient;
import dev.kumo.smtp.Verb;
import dev.kumo.smtp.server.Policies.Event;
import dev.kumo.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all sessions of an open listener share. */
final class SessionContext {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpSession.class);

    private final EsmtpListenerOptions options;
    private final Policies policies;
    private final Reception reception;
    private final Executor executor;
    private final @Nullable ServerTls tls;
    private final InstantSource time;
    private final RandomGenerator random;
    private final Replies replies;
    private final Relaying relaying;
    private final Acceptance acceptance;
    private final ContentBudget budget;
    private final MtaObserver observer;
    private final SessionTrace trace;

    SessionContext(
            EsmtpListenerOptions options,
            Policies policies,
            Reception reception,
            Executor executor,
            InstantSource time,
            RandomGenerator random,
            @Nullable ServerTls tls) {
        this.options = options;
        this.policies = policies;
        this.reception = reception;
        this.observer = HarmlessObserver.of(reception.observer());
        this.trace = reception.trace();
        this.executor = executor;
        this.tls = tls;
        this.time = time;
        this.random = random;
        this.replies = new Replies(options);
        RelayRules rules = new RelayRules(options.relayHosts(), options.domains());
        this.relaying = new Relaying(rules, policies, options.hostname());
        this.acceptance = new Acceptance(options, policies, relaying, reception, observer, time, random);
        this.budget = new ContentBudget(options.limits().maxContentMemory());
    }

    Tracer tracer(Peer peer) {
        return new Tracer(trace, time, peer);
    }

    EsmtpListenerOptions options() {
        return options;
    }

    Policies policies() {
        return policies;
    }

    Replies replies() {
        return replies;
    }

    Relaying relaying() {
        return relaying;
    }

    MtaObserver observer() {
        return observer;
    }

    InstantSource time() {
        return time;
    }

    RandomGenerator random() {
        return random;
    }

    ContentBudget budget() {
        return budget;
    }

    boolean offersTls() {
        return tls != null;
    }

    /** What turns a connection to TLS; its handshake may take as long as a client may be silent. */
    ChannelHandler tlsHandler(Channel channel) {
        if (tls == null) {
            throw new IllegalStateException("TLS is not offered here");
        }
        return tls.handlerFor(channel, options.clientTimeout());
    }

    /** Content that comes after DATA, or else in chunks. */
    Arrival newArrival(boolean stuffed) {
        return new Arrival(options, stuffed, reception.draft(), budget);
    }

    /** Runs a step: here where no policy handles any of its events, else on a thread that can wait. */
    CompletionStage<Answer> step(Set<Event> asks, Supplier<Answer> work) {
        if (!policies.handleAny(asks)) {
            return CompletableFuture.completedFuture(guarded(work));
        }
        return elsewhere(() -> CompletableFuture.completedFuture(guarded(work)));
    }

    /** Has the messages of a transaction accepted; no stage fails. */
    CompletionStage<Answer> accept(Supplier<CompletionStage<Answer>> work) {
        CompletionStage<Answer> accepted;
        try {
            accepted = acceptance.mayBlock() ? elsewhere(work) : work.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.completedFuture(trouble(e));
        }
        return accepted.exceptionally(this::trouble);
    }

    Acceptance acceptance() {
        return acceptance;
    }

    private CompletionStage<Answer> elsewhere(Supplier<CompletionStage<Answer>> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor).thenCompose(answer -> answer);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Answer.of(replies.overloaded));
        }
    }

    private Answer guarded(Supplier<Answer> work) {
        try {
            return work.get();
        } catch (Throwable e) { // policies in other languages throw checked exceptions too
            return trouble(e);
        }
    }

    /** The answer to what should not have happened: its cause is for the log alone. */
    Answer trouble(@Nullable Throwable cause) {
        LOG.error("A step of a session failed; the client is told {}", replies.trouble, cause);
        return Answer.of(replies.trouble);
    }

    /** Tells observers of a refusal. What the client sent is never part of it: a line may hold credentials. */
    void tell(Peer peer, Verb verb, Optional<MailFrom> from, Optional<Recipient> to, Reply reply) {
        if (observer.equals(MtaObserver.NONE)) {
            return; // spares the making of a record
        }
        observer.record(new LogRecord.Rejection(
                time.instant(),
                peer.client(),
                peer.name().map(ClientName::text).orElse(""),
                from.map(MailFrom::sender),
                to.map(Recipient::address),
                verb == Verb.UNKNOWN ? "" : verb.name(),
                reply,
                peer.session(),
                peer.meta().asMap()));
    }
}
