package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Reception;
import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway with a spool on disk is killed again and again while mail comes in and goes out: whatever it has acknowledged
 * arrives. {@code -Dkumo.kills=1000} for a long run.
 */
@Timeout(3600)
class CrashIT {

    private static final int KILLS = Integer.getInteger("kumo.kills", 20);
    private static final int CLIENTS = 8;
    private static final int MOST_BETWEEN_KILLS = 400;
    private static final int PATIENCE_SECONDS = 120;

    /** What may be on its way out when the process dies, for each kill: it comes again. */
    private static final int MOST_DOUBLED = 250;

    @TempDir
    Path folder;

    /** How often each subject has arrived. */
    private final Map<String, Integer> arrived = new ConcurrentHashMap<>();

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Semaphore acknowledgements = new Semaphore(0);
    private final Semaphore arrivals = new Semaphore(0);
    private final AtomicInteger numbers = new AtomicInteger();
    private final Object gate = new Object();
    private int port;
    private volatile boolean stopped;

    @Test
    void whateverWasAcknowledgedArrives() throws Exception {
        long seed = Long.getLong("kumo.seed", new Random().nextLong());
        Random random = new Random(seed);
        EsmtpListener sink = EsmtpListener.builder().listen("127.0.0.1:0").build();
        sink.open(Reception.of(message -> {
            arrived.merge(message.headers().first("Subject").orElse("?"), 1, Integer::sum);
            arrivals.release();
            return Reply.OK;
        }));
        Path file = Files.writeString(
                folder.resolve("gateway.json"), """
                {
                  "esmtp_listeners": [{"listen": "127.0.0.1:0", "hostname": "gateway.example"}],
                  "spool": {"kind": "LocalDisk", "path": "./spool"},
                  "queue": {"retry_interval": "1 second"},
                  "egress_path": {"enable_tls": "Disabled"},
                  "deliver": {"smart_host": ["127.0.0.1:%d"]}
                }
                """.formatted(sink.address().getPort()));
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(this::send, "client-" + i);
            client.setDaemon(true);
            client.start();
            clients.add(client);
        }
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                try (GatewayProcess gateway = GatewayProcess.start(folder, file.toString())) {
                    moveTo(gateway.port());
                    acknowledgements.drainPermits();
                    assertThat(acknowledgements.tryAcquire(
                                    1 + random.nextInt(MOST_BETWEEN_KILLS), PATIENCE_SECONDS, TimeUnit.SECONDS))
                            .as("kill %d of seed %d: mail is taken; standard error: %s", kill, seed, gateway.errors())
                            .isTrue();
                }
            }
            stop();
            for (Thread client : clients) {
                client.join(Duration.ofSeconds(PATIENCE_SECONDS).toMillis());
            }
            try (GatewayProcess gateway = GatewayProcess.start(folder, file.toString())) {
                gateway.port();
                while (!missing().isEmpty() && arrivals.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    arrivals.drainPermits();
                }
                assertThat(missing())
                        .as("acknowledged and never delivered, seed %d; standard error: %s", seed, gateway.errors())
                        .isEmpty();
            }
        } finally {
            stop();
            sink.close();
        }
        int doubled = arrived.values().stream().mapToInt(count -> count - 1).sum();
        System.out.println(KILLS + " kills, " + acknowledged.size() + " acknowledged, all delivered, " + doubled
                + " came again, " + (arrived.size() - acknowledged.size()) + " delivered without an acknowledgement");
        assertThat(doubled).isLessThanOrEqualTo(KILLS * MOST_DOUBLED);
    }

    private Set<String> missing() {
        Set<String> missing = new TreeSet<>(acknowledged);
        missing.removeAll(arrived.keySet());
        return missing;
    }

    private void moveTo(int next) {
        synchronized (gate) {
            port = next;
            gate.notifyAll();
        }
    }

    private void stop() {
        stopped = true;
        moveTo(-1);
    }

    /** Where the gateway is, once that is not the place it was. */
    private int portAfter(int last) throws InterruptedException {
        synchronized (gate) {
            while (port == last) {
                gate.wait();
            }
            return port;
        }
    }

    /** Sends one mail after another, wherever the gateway is now, and notes which it has answered for. */
    private void send() {
        int at = 0;
        try {
            while (!stopped) {
                at = portAfter(at);
                if (!stopped) {
                    sendTo(at);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendTo(int at) {
        try (RawClient client = new RawClient(at)) {
            client.reply();
            client.ask("EHLO client.example");
            while (!stopped) {
                String subject = "mail-" + numbers.incrementAndGet();
                client.ask("MAIL FROM:<a@client.example>");
                client.ask("RCPT TO:<b@example.org>");
                if (!client.ask("DATA").startsWith("354")) {
                    return;
                }
                if (client.ask("Subject: " + subject + "\n\nhello\n.").startsWith("250")) {
                    acknowledged.add(subject);
                    acknowledgements.release();
                }
            }
        } catch (IOException e) {
            // It has been killed, or is about to be; its successor has another port.
        }
    }
}
