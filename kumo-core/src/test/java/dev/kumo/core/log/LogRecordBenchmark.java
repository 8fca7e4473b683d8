package dev.kumo.core.log;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a line of the log costs. CONTRIBUTING.md says how to run it; no build does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LogRecordBenchmark {

    private static final Instant NOW = Instant.parse("2026-11-22T10:15:30.123456789Z");

    private final MessageFacts facts = new MessageFacts(
            MessageId.next(NOW, new SplittableRandom(1)),
            EnvelopeAddress.parse("newsletter@sender.example.com"),
            List.of(EnvelopeAddress.parse("somebody@recipient.example.org")),
            QueueName.parse("recipient.example.org"),
            1024,
            0,
            Map.of(
                    "ehlo_domain", "client.example.com",
                    "hostname", "mail.example.com",
                    "received_from", "192.0.2.7:4321",
                    "received_via", "192.0.2.1:25",
                    "reception_protocol", "ESMTP",
                    "session_id", "9bcd689e-23d9-41b7-a015-63a1382f8b57",
                    "tenant", "acme"),
            List.of(new Headers.Field("Subject", "The news of this week")));

    private final LogRecord reception = new LogRecord.Reception(NOW, facts);

    private final LogRecord delivery = new LogRecord.Delivery(
            NOW.plusNanos(12_345_678),
            facts,
            Reply.of(250, "2.0.0", "accepted, id 0193a1b2c3d470008000000000000001"),
            new Attempt(
                    "ESMTP",
                    "ip-1->mx.recipient.example.org@smtp_client",
                    "pool-1",
                    "ip-1",
                    Optional.empty(),
                    "mx.recipient.example.org",
                    Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 25)),
                    ".",
                    "0c5a0cbb-8a50-45a7-9e9c-4c4a0a1a2b3c",
                    Optional.of(new Attempt.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", ""))));

    private final OutputStream nowhere = OutputStream.nullOutputStream();
    private final LogRecordWriter writer;

    /** Called by the harness. */
    public LogRecordBenchmark() {
        try {
            writer = LogRecordWriter.builder()
                    .meta(List.of("tenant"))
                    .headers(List.of("Subject"))
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    public int reception() throws IOException {
        return writer.write(reception, nowhere);
    }

    @Benchmark
    public int delivery() throws IOException {
        return writer.write(delivery, nowhere);
    }
}
