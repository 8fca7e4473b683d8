package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.net.IpLiteral;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may use what. */
@Timeout(60)
class AccessTest {

    private static final String HOST = "Host: localhost\r\n";

    private static Served served(Consumer<HttpListener.Builder> changes) throws IOException {
        return new Served(builder -> {
            builder.route(
                            Method.GET,
                            "/inject",
                            Access.AUTHENTICATED,
                            request ->
                                    Response.text(200, request.caller().user().orElse("nobody")))
                    .route(Method.GET, "/admin", Access.TRUSTED, request -> Response.text(200, "admin"));
            changes.accept(builder);
        });
    }

    private static RawClient.Reply get(Served served, String path, String... fields) throws IOException {
        return served.ask("GET " + path + " HTTP/1.1\r\n" + HOST + String.join("", fields) + "\r\n");
    }

    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
                + "\r\n";
    }

    @Test
    void aTrustedHostNeedsNoCredentials() throws IOException {
        try (Served served = served(unchanged -> {})) {
            assertThat(get(served, "/inject").body()).isEqualTo("nobody");
            assertThat(get(served, "/admin").body()).isEqualTo("admin");
        }
    }

    @Test
    void aTrustedHostWithWrongCredentialsStaysTrusted() throws IOException {
        try (Served served = served(builder -> builder.policy(HttpPolicy.basic(Map.of("shop", "secret"))))) {
            assertThat(get(served, "/inject", basic("shop:wrong")).body()).isEqualTo("nobody");
            assertThat(get(served, "/inject", basic("shop:secret")).body()).isEqualTo("shop");
        }
    }

    @Test
    void othersNeedCredentialsAndAreToldWhich() throws IOException {
        try (Served served = served(builder ->
                builder.trustedHosts().policy(HttpPolicy.basic(Map.of("shop", "secret", "\u00e9", "\u00e9:\u00e9"))))) {
            RawClient.Reply none = get(served, "/inject");
            assertThat(none.status()).isEqualTo(401);
            assertThat(none.header("WWW-Authenticate")).isEqualTo("Basic realm=\"kumo\", charset=\"UTF-8\"");
            assertThat(none.body()).contains("it needs credentials");

            RawClient.Reply wrong = get(served, "/inject", basic("shop:wrong"));
            assertThat(wrong.status()).isEqualTo(401);
            assertThat(wrong.body())
                    .contains("not accepted")
                    .doesNotContain("shop")
                    .doesNotContain("wrong");

            assertThat(get(served, "/inject", basic("nobody:secret")).status()).isEqualTo(401);
            assertThat(get(served, "/inject", basic("shop:secret")).body()).isEqualTo("shop");
            assertThat(get(served, "/inject", basic("\u00e9:\u00e9:\u00e9")).body())
                    .isEqualTo("\u00e9");
            assertThat(get(served, "/inject", "authorization: bASIC c2hvcDpzZWNyZXQ=\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void credentialsThatCannotBeReadAreRefusedAsSuch() throws IOException {
        try (Served served =
                served(builder -> builder.trustedHosts().policy(HttpPolicy.basic(Map.of("shop", "secret"))))) {
            for (String field : new String[] {
                "Authorization: Basic\r\n",
                "Authorization: Basic !!!\r\n",
                "Authorization: Basic c2hvcA==\r\n", // no colon
                "Authorization: Basic /w==\r\n", // no UTF-8
                "Authorization: Digest username=shop\r\n",
                "Authorization: \r\n",
                basic("shop:secret") + basic("shop:secret")
            }) {
                RawClient.Reply reply = get(served, "/inject", field);
                assertThat(reply.status()).as(field).isEqualTo(401);
                assertThat(reply.body()).contains("cannot be read");
            }
        }
    }

    @Test
    void aTokenNamesItsOwner() throws IOException {
        try (Served served = served(
                builder -> builder.trustedHosts().policy(HttpPolicy.bearer(Map.of("shop", "t0ken", "crm", "other"))))) {
            assertThat(get(served, "/inject").header("WWW-Authenticate")).isEqualTo("Bearer realm=\"kumo\"");
            assertThat(get(served, "/inject", "Authorization: Bearer t0ken\r\n").body())
                    .isEqualTo("shop");
            assertThat(get(served, "/inject", "Authorization: Bearer other\r\n").body())
                    .isEqualTo("crm");
            assertThat(get(served, "/inject", "Authorization: Bearer T0ken\r\n").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void noCredentialsOpenWhatIsForTrustedHosts() throws IOException {
        try (Served served =
                served(builder -> builder.trustedHosts().policy(HttpPolicy.basic(Map.of("shop", "secret"))))) {
            RawClient.Reply reply = get(served, "/admin", basic("shop:secret"));
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body()).contains("127.0.0.1");
        }
    }

    @Test
    void whereNobodyKnowsCredentialsNoneAreAskedFor() throws IOException {
        try (Served served = served(builder -> builder.trustedHosts())) {
            RawClient.Reply reply = get(served, "/inject", basic("shop:secret"));
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.header("WWW-Authenticate")).isNull();
        }
    }

    @Test
    void whatAHeaderSaysOfTheClientCountsForNothing() throws IOException {
        try (Served served = served(builder -> builder.trustedHosts("192.0.2.1"))) {
            assertThat(get(served, "/admin", "X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.1\r\n")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void anIpv4ClientOfADualStackSocketIsOneOfIpv4() throws IOException {
        try (Served served = served(builder -> builder.listen("[::]:0").trustedHosts("127.0.0.1"));
                RawClient client = new RawClient(new InetSocketAddress(
                        IpLiteral.parse("127.0.0.1"), served.listener.address().getPort()))) {
            assertThat(client.send("GET /admin HTTP/1.1\r\n" + HOST + "\r\n")
                            .reply()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void acceptedCredentialsAreRememberedForAMinuteAndRefusedOnesAreNot() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        AtomicLong nanos = new AtomicLong();
        try (Served served = served(
                builder -> builder.trustedHosts().ticker(nanos::get).policy(HttpPolicy.onAuthBasic((user, password) -> {
                    asked.incrementAndGet();
                    return password.equals("secret");
                })))) {
            for (int i = 0; i < 3; i++) {
                assertThat(get(served, "/inject", basic("shop:secret")).status())
                        .isEqualTo(200);
            }
            assertThat(asked).hasValue(1);
            nanos.set(Duration.ofSeconds(61).toNanos());
            get(served, "/inject", basic("shop:secret"));
            assertThat(asked).hasValue(2);
            get(served, "/inject", basic("shop:wrong"));
            get(served, "/inject", basic("shop:wrong"));
            assertThat(asked).hasValue(4);
        }
    }

    @Test
    void aClockThatIsSetBackKeepsNoRevokedCredentials() throws Exception {
        AtomicReference<Instant> clock = new AtomicReference<>(Instant.EPOCH.plus(Duration.ofDays(1)));
        AtomicLong nanos = new AtomicLong();
        AtomicBoolean revoked = new AtomicBoolean();
        try (Served served = served(builder -> builder.trustedHosts()
                .time(clock::get)
                .ticker(nanos::get)
                .policy(HttpPolicy.onAuthBasic((user, password) -> !revoked.get())))) {
            assertThat(get(served, "/inject", basic("shop:secret")).status()).isEqualTo(200);
            revoked.set(true);
            clock.set(Instant.EPOCH);
            nanos.set(Duration.ofSeconds(61).toNanos());

            assertThat(get(served, "/inject", basic("shop:secret")).status()).isEqualTo(401);
        }
    }

    @Test
    void aPolicyThatWaitsShutsOutNoneWhoseCredentialsAreKnown() throws Exception {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Served served = served(builder -> builder.trustedHosts()
                        .limits(limits -> limits.maxRequests(8)) // so that policies look at one at once
                        .policy(HttpPolicy.onAuthBasic((user, password) -> {
                            if (user.equals("stranger")) {
                                here.countDown();
                                try {
                                    go.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            }
                            return user.equals("shop");
                        })));
                RawClient stranger = served.client()) {
            assertThat(get(served, "/inject", basic("shop:secret")).body()).isEqualTo("shop");
            stranger.send("GET /inject HTTP/1.1\r\n" + HOST + basic("stranger:1") + "\r\n");
            here.await();

            RawClient.Reply refused = get(served, "/inject", basic("stranger:2"));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(get(served, "/inject", basic("shop:secret")).body()).isEqualTo("shop");
            go.countDown();
            assertThat(stranger.reply().status()).isEqualTo(401);
            assertThat(get(served, "/inject", basic("other:2")).status()).isEqualTo(401);
        }
    }

    @Test
    void aPolicyThatFailsTellsNothing() throws IOException {
        try (Served served = served(builder -> builder.trustedHosts().policy(HttpPolicy.onAuthBearer(token -> {
            throw new IllegalStateException("database at 10.0.0.1 is down");
        })))) {
            RawClient.Reply reply = get(served, "/inject", "Authorization: Bearer abc\r\n");
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.body()).doesNotContain("database");
        }
    }

    @Test
    void anyOfSeveralPoliciesMayAccept() throws IOException {
        try (Served served = served(builder -> builder.trustedHosts()
                .policy(HttpPolicy.basic(Map.of("a", "1")))
                .policy(HttpPolicy.basic(Map.of("b", "2")))
                .policy(HttpPolicy.onAuthBearer(token -> Optional.of("c"))))) {
            assertThat(get(served, "/inject", basic("a:1")).body()).isEqualTo("a");
            assertThat(get(served, "/inject", basic("b:2")).body()).isEqualTo("b");
            assertThat(get(served, "/inject", "Authorization: Bearer x\r\n").body())
                    .isEqualTo("c");
            assertThat(get(served, "/inject").header("WWW-Authenticate"))
                    .contains("Basic")
                    .contains("Bearer");
        }
    }

    @Test
    void credentialsGoBeforeTheSizeOfTheBody() throws IOException {
        try (Served served = new Served(builder -> builder.trustedHosts()
                .policy(HttpPolicy.basic(Map.of("shop", "secret")))
                .route(Method.POST, "/post", request -> Response.of(200)))) {
            assertThat(served.ask("POST /post HTTP/1.1\r\n" + HOST + "Content-Length: 999999999\r\n\r\n")
                            .status())
                    .isEqualTo(401);
        }
    }
}
