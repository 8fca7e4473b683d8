package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a listener waits for clients of HTTP/1.1, how many it takes, and how it lets go of them. */
@Timeout(60)
class Http1LimitsTest {

    private static final String HOST = "Host: localhost\r\n";

    @Test
    void anIncompleteHeaderIsWaitedForAWhile() throws IOException {
        try (Served served =
                        new Served(builder -> builder.limits(limits -> limits.headerTimeout(Duration.ofMillis(50))));
                RawClient client = served.client()) {
            assertThat(client.send("GET /hello HTTP/1.1\r\nHost: lo").reply().status())
                    .isEqualTo(408);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void anIncompleteBodyIsWaitedForAWhile() throws IOException {
        try (Served served =
                        new Served(builder -> builder.limits(limits -> limits.bodyTimeout(Duration.ofMillis(50))));
                RawClient client = served.client()) {
            client.send("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\nabc");
            assertThat(client.reply().status()).isEqualTo(408);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        try (Served served =
                        new Served(builder -> builder.limits(limits -> limits.idleTimeout(Duration.ofMillis(50))));
                RawClient fresh = served.client();
                RawClient used = served.client()) {
            assertThat(used.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n")
                            .reply()
                            .status())
                    .isEqualTo(200);
            assertThat(used.isEnded()).isTrue();
            assertThat(fresh.isEnded()).isTrue();
        }
    }

    @Test
    void tooManyConnectionsAreClosed() throws IOException {
        oneConnectionIsAllThereMayBe(builder -> builder.limits(limits -> limits.maxConnections(1)));
    }

    @Test
    void aStrangerHasOnlySoManyConnections() throws IOException {
        oneConnectionIsAllThereMayBe(
                builder -> builder.trustedHosts().limits(limits -> limits.maxConnectionsPerAddress(1)));
    }

    private static void oneConnectionIsAllThereMayBe(Consumer<HttpListener.Builder> changes) throws IOException {
        try (Served served = new Served(changes);
                RawClient first = served.client()) {
            assertThat(first.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n")
                            .reply()
                            .status())
                    .isEqualTo(200);
            try (RawClient second = served.client()) {
                assertThat(second.isEnded()).isTrue();
            }
            assertThat(first.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n")
                            .reply()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aTrustedHostHasAsManyConnectionsAsThereAre() throws IOException {
        try (Served served = new Served(builder -> builder.limits(limits -> limits.maxConnectionsPerAddress(1)));
                RawClient first = served.client();
                RawClient second = served.client()) {
            for (RawClient client : List.of(first, second)) {
                assertThat(client.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n")
                                .reply()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void tooManyRequestsAreToldToComeAgain() throws Exception {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Served served = new Served(builder -> builder.limits(limits -> limits.maxRequests(1))
                        .route(Method.GET, "/slow", Access.OPEN, request -> {
                            here.countDown();
                            go.await();
                            return Response.of(200);
                        }));
                RawClient slow = served.client()) {
            slow.send("GET /slow HTTP/1.1\r\n" + HOST + "\r\n");
            here.await();
            RawClient.Reply refused = served.ask("GET /hello HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            go.countDown();
            assertThat(slow.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatIsSlowWithItsBodyShutsNobodyOut() throws Exception {
        try (Served served = new Served(builder -> builder.limits(limits -> limits.maxRequests(1)));
                RawClient slow = served.client()) {
            slow.send("POST /echo HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(slow.reply().status()).isEqualTo(100); // it is read
            assertThat(served.ask("GET /hello HTTP/1.1\r\n" + HOST + "\r\n").status())
                    .isEqualTo(200);
            assertThat(slow.send("ok").reply().body()).isEqualTo("ok");
        }
    }

    @Test
    void closingLetsARequestBeAnsweredAndSaysItIsTheLast() throws Exception {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Served served = new Served(builder -> builder.route(Method.GET, "/slow", Access.OPEN, request -> {
            here.countDown();
            go.await();
            return Response.text(200, "done");
        }));
        try (RawClient slow = served.client();
                RawClient idle = served.client()) {
            assertThat(idle.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n")
                            .reply()
                            .status())
                    .isEqualTo(200);
            slow.send("GET /slow HTTP/1.1\r\n" + HOST + "\r\n");
            here.await();
            Thread closer = new Thread(served::close);
            closer.start();
            assertThat(idle.isEnded()).isTrue(); // by now it is closing
            go.countDown();
            RawClient.Reply reply = slow.reply();
            assertThat(reply.body()).isEqualTo("done");
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(slow.isEnded()).isTrue();
            slow.endOutput();
            closer.join();
        }
    }
}
