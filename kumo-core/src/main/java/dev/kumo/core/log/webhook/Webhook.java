package dev.kumo.core.log.webhook;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.LogRecordWriter;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import dev.kumo.core.log.sink.Backlog;
import dev.kumo.core.log.sink.Losses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records to a web server: the JSON of KumoMTA's log, by POST, one record or a batch in each request, one request
 * after the other.
 *
 * <p>A reply of 2xx takes the records. After 408, 425, 429, 5xx, or none the same request is sent again, later and later; any other
 * reply refuses them for good. No mail waits for this, and nothing is kept on disk: what waits when the process ends is
 * lost, and so is what comes while too much waits, or was tried for too long. That is counted in {@link #lost}, and told to the
 * log once a minute. Redirections are not followed.
 */
public final class Webhook implements MtaObserver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

    private static final Set<Integer> MAY_PASS = Set.of(408, 425, 429);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final WebhookOptions options;
    private final Selection wantedHeaders;
    private final LogRecordWriter writer;
    private final InstantSource time;
    private final Losses losses;
    private final Backlog backlog;
    private final HttpClient client;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private Webhook(WebhookOptions options, LogRecordWriter writer, InstantSource time) {
        this.options = options;
        this.wantedHeaders = Selection.ofHeaders(options.headers());
        this.writer = writer;
        this.time = time;
        this.losses = new Losses(toString(), time);
        this.backlog = new Backlog(options.backPressure(), losses);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.timeout())
                .build();
        this.thread = new Thread(this::run, "kumo-webhook");
        this.thread.setDaemon(true);
    }

    /**
     * Opens a webhook. Nothing is sent before there is a record.
     *
     * @param options where and how
     * @return to be closed, by an {@link dev.kumo.core.Mta} whose observer it is or by the caller
     * @throws IllegalArgumentException if the environment variable {@code KUMO_NODE_ID} is needed and no UUID
     */
    public static Webhook open(WebhookOptions options) {
        return open(options, InstantSource.system());
    }

    static Webhook open(WebhookOptions options, InstantSource time) {
        LogRecordWriter writer;
        try {
            writer = options.writer().build();
        } catch (IOException e) {
            throw new IllegalStateException("no file is read for the node id", e);
        }
        Webhook webhook = new Webhook(options, writer, time);
        webhook.thread.start();
        return webhook;
    }

    @Override
    public void record(LogRecord record) {
        if (options.wants(record.type())) {
            backlog.offer(record);
        }
    }

    @Override
    public Selection wantedHeaders() {
        return wantedHeaders;
    }

    /**
     * How many records were lost.
     *
     * @return since it was opened
     */
    public long lost() {
        return losses.total();
    }

    private void run() {
        try {
            while (!backlog.isOver()) {
                if (backlog.await(LONGEST_WAIT_NANOS)) {
                    deliver(backlog.take(
                            options.batchSize(),
                            options.batchSize(),
                            options.maxBatchLatency().toNanos()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing has taken too long
        } finally {
            losses.add(backlog.abandon(), "it was closed");
        }
    }

    private void deliver(List<LogRecord> batch) throws InterruptedException {
        try {
            tryUntilItIsTaken(batch);
        } catch (InterruptedException e) {
            losses.add(batch.size(), "it was closed");
            throw e;
        } catch (RuntimeException | Error e) { // the thread is to live on
            LOG.error("{} records cannot be sent", batch.size(), e);
            losses.add(batch.size(), "of an error");
        }
    }

    private void tryUntilItIsTaken(List<LogRecord> batch) throws InterruptedException {
        HttpRequest request;
        try {
            request = request(batch);
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("{} records cannot be written", batch.size(), e);
            losses.add(batch.size(), "of an error");
            return;
        }
        Instant giveUp = time.instant().plus(options.maxRetryTime());
        Duration wait = options.retryInterval();
        for (String problem = attempt(request); !problem.isEmpty(); problem = attempt(request)) {
            if (problem.startsWith(REFUSED) || !time.instant().plus(wait).isBefore(giveUp)) {
                losses.add(batch.size(), problem);
                return;
            }
            if (closing.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                losses.add(batch.size(), "it was closed; " + problem);
                return;
            }
            wait = wait.multipliedBy(2);
            wait = wait.compareTo(options.maxRetryInterval()) < 0 ? wait : options.maxRetryInterval();
        }
    }

    private static final String REFUSED = "the server refuses them: ";

    /** Empty if the server has taken it. */
    private String attempt(HttpRequest request) throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> exchange =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            // Not the timeout of the request, which ends with the header of the response.
            int code = exchange.get(options.timeout().toNanos(), TimeUnit.NANOSECONDS)
                    .statusCode();
            if (code >= 200 && code < 300) {
                return "";
            }
            return (code >= 500 || MAY_PASS.contains(code) ? "the server cannot take them: " : REFUSED) + "status "
                    + code;
        } catch (ExecutionException e) {
            return "the server cannot be reached: " + e.getCause();
        } catch (TimeoutException e) {
            return "the server takes more than " + options.timeout() + " to answer";
        } finally {
            exchange.cancel(true);
        }
    }

    private HttpRequest request(List<LogRecord> batch) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1024 * batch.size());
        if (options.batchSize() > 1) {
            body.write('[');
        }
        for (int i = 0; i < batch.size(); i++) {
            if (i > 0) {
                body.write(',');
            }
            writer.write(batch.get(i), body);
        }
        if (options.batchSize() > 1) {
            body.write(']');
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(options.url());
        options.headerFields().forEach(request::setHeader);
        return request.POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build();
    }

    /**
     * Sends what waits, once; gives up after 5 seconds. Does nothing the second time.
     */
    @Override
    public void close() {
        backlog.close();
        closing.countDown();
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(CLOSE_PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it is, and the server. */
    @Override
    public String toString() {
        return "webhook to " + options.server();
    }
}
