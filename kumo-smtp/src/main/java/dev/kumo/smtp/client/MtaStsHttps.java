package dev.kumo.smtp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fetches policies by HTTPS, RFC 8461 section 3.3: a certificate for the very host, no redirects, no caches. */
final class MtaStsHttps implements MtaStsSource {

    private static final int LARGEST = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CONNECT = Duration.ofSeconds(20);

    private final HttpClient client;
    private final Function<String, URI> place;
    private final Duration patience;

    MtaStsHttps() {
        this(
                HttpClient.newBuilder(),
                domain -> URI.create("https://mta-sts." + domain + "/.well-known/mta-sts.txt"),
                PATIENCE);
    }

    MtaStsHttps(HttpClient.Builder client, Function<String, URI> place, Duration patience) {
        this.client = client.version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
        this.place = place;
        this.patience = patience;
    }

    @Override
    public String fetch(String domain) throws IOException, InterruptedException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(place.apply(domain)).GET().build();
        } catch (IllegalArgumentException e) { // an underscore, for example
            throw new IOException("the domain cannot stand in a URI");
        }
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request, MtaStsHttps::body);
        try {
            // The client's own time-out ends with the headers; this one covers a body that trickles.
            return new String(
                    exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS).body(), StandardCharsets.UTF_8);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    /** Of the exceptions of the client, some quote what the server sent. */
    private static IOException failed(@Nullable Throwable cause) {
        return cause instanceof RefusedException refused
                ? refused
                : new IOException("HTTPS failed with "
                        + (cause == null ? "nothing" : cause.getClass().getSimpleName()));
    }

    private static BodySubscriber<byte[]> body(HttpResponse.ResponseInfo info) {
        if (info.statusCode() != 200) {
            return new Body("the answer has status " + info.statusCode() + ", not 200");
        }
        String type = info.headers().firstValue("Content-Type").orElse("");
        int end = type.indexOf(';');
        String media = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return new Body(media.equals("text/plain") ? null : "the answer is not of type text/plain");
    }

    /** Collects the policy; hangs up on what is none, or does not end. */
    private static final class Body implements BodySubscriber<byte[]> {

        private final @Nullable String refusal;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        Body(@Nullable String refusal) {
            this.refusal = refusal;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription bytes) {
            subscription = bytes;
            if (refusal != null) {
                refuse(refusal);
            } else {
                bytes.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (content.size() + buffer.remaining() > LARGEST) {
                    refuse("the answer is larger than " + LARGEST + " octets");
                    return;
                }
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                content.writeBytes(bytes);
            }
        }

        private void refuse(String why) {
            if (subscription != null) {
                subscription.cancel();
            }
            body.completeExceptionally(new RefusedException(why));
        }

        @Override
        public void onError(Throwable thrown) {
            body.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            body.complete(content.toByteArray());
        }
    }

    private static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        RefusedException(String why) {
            super(why);
        }
    }
}
