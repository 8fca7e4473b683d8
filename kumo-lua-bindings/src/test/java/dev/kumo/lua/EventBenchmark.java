package dev.kumo.lua;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.EsmtpParameters;
import dev.kumo.smtp.Recipient;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Peer;
import dev.kumo.smtp.server.Policy;
import dev.kumo.testkit.SmtpDialogue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a recipient and a message of 1 KiB cost when a policy is asked of both: one in Lua, the same in Java, and none, which is the cost of the
 * rest. CONTRIBUTING.md says how to run it; no build does.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EventBenchmark {

    private static final EnvelopeAddress SENDER = EnvelopeAddress.parse("newsletter@sender.example.com");
    private static final EnvelopeAddress TO = EnvelopeAddress.parse("somebody@recipient.example.org");
    private static final String RECEIVED =
            "from client.example.com ([192.0.2.7])\r\n by mx.example.com (KumoMTA)\r\n with ESMTP"
                    + " id 0193a1b2c3d470008000000000000001\r\n for <somebody@recipient.example.org>;"
                    + "\r\n Sun, 22 Nov 2026 10:15:30 +0000";
    private static final Content CONTENT =
            Content.of(("Subject: The news of this week\r\nFrom: news@sender.example.com\r\n"
                            + "To: somebody@recipient.example.org\r\nX-Tenant: acme\r\nMIME-Version: 1.0\r\n\r\n"
                            + ("x".repeat(70) + "\r\n").repeat(12))
                    .getBytes(StandardCharsets.US_ASCII));

    /** Called by JMH, as all here. */
    public EventBenchmark() {}

    /** What all sessions share. */
    @State(Scope.Benchmark)
    public static class Asked {

        /** Whom. */
        @Param({"lua", "java", "none"})
        public String policy = "";

        private LuaPolicyFile file = LuaPolicyFile.load(Policies.resource("events.lua"));
        private final ExecutorService threads = LuaThreads.ofSessions();
        private Policy recipient = new Policy() {};
        private Policy message = new Policy() {};

        /** Before its policy is known. */
        public Asked() {}

        /** Before all. */
        @Setup
        public void begin() {
            if (policy.equals("lua")) {
                recipient = file.policies().get(0);
                message = file.policies().get(1);
            } else if (policy.equals("java")) {
                recipient = Policy.onRcptTo(Asked::recipient);
                message = Policy.onMessageReceived(Asked::message);
            }
        }

        private static Verdict recipient(Peer peer, Recipient to) {
            if (to.address().localPart().equals("nobody")) {
                return Verdict.reject(550, "5.1.1", "no such user");
            }
            peer.meta().put("x_domain", to.address().domain());
            return Verdict.proceed();
        }

        private static Verdict message(Peer peer, Message message) {
            Optional<String> tenant = message.headers().first("X-Tenant");
            if (!tenant.equals(Optional.of("acme"))) {
                return Verdict.reject(550, "5.7.1", "no such tenant");
            }
            message.meta().put("tenant", tenant.get());
            message.meta().put("campaign", message.meta().get("x_domain").orElse(""));
            return Verdict.proceed();
        }

        /** After all. */
        @TearDown
        public void end() {
            threads.shutdown();
            file.close();
        }
    }

    /** One client. */
    @State(Scope.Thread)
    public static class Session {

        private final SplittableRandom random = new SplittableRandom(1);
        private final Recipient recipient = new Recipient(TO, EsmtpParameters.NONE);
        private final Peer peer;

        /** One that has said EHLO. */
        public Session() {
            AtomicReference<Peer> seen = new AtomicReference<>();
            EsmtpListener listener = EsmtpListener.builder()
                    .listen("127.0.0.1:0")
                    .hostname("mx.example.com")
                    .policy(Policy.onConnectionAccepted(peer -> {
                        seen.set(peer);
                        return Verdict.proceed();
                    }))
                    .build();
            SmtpDialogue.with(listener).send("EHLO client.example.com");
            peer = seen.get();
        }

        /** As a listener makes one. */
        private Message received() {
            Message message = new Message(
                    MessageId.next(Instant.now(), random),
                    Envelope.of(SENDER, TO),
                    peer.meta().copy(),
                    CONTENT);
            message.prependHeader("Received", RECEIVED);
            return message;
        }
    }

    /**
     * One session, on its own thread.
     *
     * @param asked the policy
     * @param session the session
     * @return the message
     */
    @Benchmark
    @Threads(1)
    public Message alone(Asked asked, Session session) {
        require(asked.recipient.rcptTo(session.peer, session.recipient));
        Message message = session.received();
        require(asked.message.messageReceived(session.peer, message));
        return message;
    }

    /**
     * Twenty sessions, whose steps other threads take, as those of a listener do.
     *
     * @param asked the policy
     * @param session the session
     * @return the message
     */
    @Benchmark
    @Threads(20)
    public Message sessions(Asked asked, Session session) {
        require(step(asked, () -> asked.recipient.rcptTo(session.peer, session.recipient)));
        Message message = session.received();
        require(step(asked, () -> asked.message.messageReceived(session.peer, message)));
        return message;
    }

    private static Verdict step(Asked asked, Supplier<Verdict> step) {
        return CompletableFuture.supplyAsync(step, asked.threads).join();
    }

    private static void require(Verdict verdict) {
        if (!verdict.equals(Verdict.proceed())) {
            throw new IllegalStateException("the policy said " + verdict);
        }
    }
}
