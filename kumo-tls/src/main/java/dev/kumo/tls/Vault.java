package dev.kumo.tls;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads a secret from HashiCorp Vault: one GET, and patience where that helps. */
final class Vault {

    private static final int MOST_REDIRECTS = 2;

    private final VaultSecret secret;
    private final VaultPatience patience;
    private final VaultAnswer answer;

    Vault(VaultSecret secret, VaultPatience patience) {
        this.secret = secret;
        this.patience = patience;
        this.answer = new VaultAnswer(secret);
    }

    byte[] read() throws TlsException {
        // A client of its own each time: it is needed once in minutes, and would keep a thread for itself in between.
        HttpClient client = client();
        Duration pause = patience.backOff();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return answer.field(get(client));
                } catch (TlsException.Passing e) {
                    if (attempt >= patience.tries()) {
                        throw new TlsException.Passing(e.getMessage() + " (asked " + attempt + " times)", e.getCause());
                    }
                }
                patience.sleeper().sleep(pause);
                pause = pause.multipliedBy(2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TlsException(secret + ": interrupted while waiting for Vault", e);
        }
    }

    private HttpClient client() throws TlsException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // the client would take the token along to anywhere
                .connectTimeout(patience.connect());
        if (secret.authorities() != null) {
            builder.sslContext(Trust.context(KeySource.file(secret.authorities())));
        }
        return builder.build();
    }

    /** A standby that does not forward sends its client on to the leader. */
    private HttpResponse<byte[]> get(HttpClient client) throws TlsException, InterruptedException {
        URI uri = secret.uri();
        for (int redirects = 0; ; redirects++) {
            HttpResponse<byte[]> response = exchange(client, uri);
            if (response.statusCode() != 307 && response.statusCode() != 308) {
                return response;
            }
            if (redirects == MOST_REDIRECTS) {
                throw new TlsException(secret + ": redirected more than " + MOST_REDIRECTS
                        + " times; make vault_address that of the leader");
            }
            uri = leader(uri, response.headers().firstValue("Location").orElse(""));
        }
    }

    private URI leader(URI from, String location) throws TlsException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new TlsException(secret + ": redirected to what is no address; check Vault's api_addr");
        }
        String scheme = to.getScheme() == null ? "" : to.getScheme().toLowerCase(Locale.ROOT);
        if (location.isEmpty() || to.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new TlsException(secret + ": redirected to what is no address; check Vault's api_addr");
        }
        if (from.getScheme().equalsIgnoreCase("https") && scheme.equals("http")) {
            throw new TlsException(secret + ": redirected from https to http, where the token would be read on the way;"
                    + " not followed; check Vault's api_addr");
        }
        return to;
    }

    private HttpResponse<byte[]> exchange(HttpClient client, URI uri) throws TlsException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .GET()
                .header("X-Vault-Request", "true")
                .header("X-Vault-Token", secret.token());
        if (secret.namespace() != null) {
            request.header("X-Vault-Namespace", secret.namespace());
        }
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request.build(), info -> new BoundedBody(KeySource.LARGEST));
        try {
            // The client's own time-out ends with the headers; this one covers a body that trickles.
            return exchange.get(patience.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TlsException.Passing(
                    secret + ": no whole answer within " + patience.answer().toMillis()
                            + " ms; check that Vault is well and not far away",
                    e);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    private TlsException failed(@Nullable Throwable cause) {
        if (cause instanceof BoundedBody.TooLongException) {
            return new TlsException(secret + ": the answer is larger than 1 MiB; check that vault_address is Vault's");
        }
        if (cause instanceof ProtocolException) { // its text quotes what the other side said
            return new TlsException.Passing(
                    secret + ": the answer is not HTTP; check that vault_address is Vault's", null);
        }
        if (cause instanceof IOException) {
            return new TlsException.Passing(
                    secret + ": Vault cannot be reached, or hung up: " + cause
                            + "; check vault_address and the network",
                    cause);
        }
        return new TlsException(secret + ": cannot ask Vault: " + cause, cause);
    }
}
