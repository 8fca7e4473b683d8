package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/2 as a weapon: each frame may be in order, and all of them are not. */
@Timeout(60)
class HostileHttp2Test {

    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    @Test
    void requestsThatAreTakenBackAtOnceEndTheConnection() throws IOException { // CVE-2023-44487
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            try {
                for (int stream = 1; stream < 2000; stream += 2) {
                    client.post(stream, "/echo");
                    client.send(RawHttp2.RST_STREAM, 0, stream, number(8));
                }
            } catch (IOException closed) {
                // by now the server has had enough
            }
            assertThat(client.await(RawHttp2.GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void requestsThatTheServerIsMadeToTakeBackEndTheConnection() throws IOException { // CVE-2025-8671
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            try {
                for (int stream = 1; stream < 2000; stream += 2) {
                    client.post(stream, "/echo");
                    client.send(RawHttp2.WINDOW_UPDATE, 0, stream, number(0));
                }
            } catch (IOException closed) {
                // by now the server has had enough
            }
            assertThat(client.await(RawHttp2.GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aHeaderWithoutEndEndsTheConnection() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.send(RawHttp2.HEADERS, 0, 1, (byte) 0x82);
            try {
                for (int i = 0; i < 10_000; i++) {
                    client.send(RawHttp2.CONTINUATION, 0, 1, (byte) 0x86);
                }
            } catch (IOException closed) {
                // by now the server has had enough
            }
            assertThat(client.await(RawHttp2.GOAWAY).code()).isNotZero();
        }
    }

    @Test
    void emptyContinuationsEndTheConnection() throws IOException { // CVE-2024-27316
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.send(RawHttp2.HEADERS, 0, 1, (byte) 0x82);
            try {
                for (int i = 0; i < 10_000; i++) {
                    client.send(RawHttp2.CONTINUATION, 0, 1);
                }
            } catch (IOException closed) {
                // by now the server has had enough
            }
            assertThat(client.await(RawHttp2.GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void dataThatIsNoneEndsTheConnection() throws IOException { // CVE-2019-9518
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.post(1, "/echo");
            try {
                for (int i = 0; i < 10_000; i++) {
                    client.send(RawHttp2.DATA, 0, 1);
                }
            } catch (IOException closed) {
                // by now the server has had enough
            }
            assertThat(client.await(RawHttp2.GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aBombOfHeadersIsRefused() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            bomb.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84});
            bomb.write(0x40); // a literal that is kept, RFC 7541 section 6.2.1
            byte[] field = RawHttp2.block("a", "x".repeat(4000));
            bomb.write(field, 1, field.length - 1);
            for (int i = 0; i < 10_000; i++) {
                bomb.write(0xbe); // and named ten thousand times
            }
            client.send(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, bomb.toByteArray());
            assertThat(client.await(frame -> frame.type() == RawHttp2.GOAWAY || frame.type() == RawHttp2.RST_STREAM)
                            .code())
                    .isNotZero();
        }
    }

    @Test
    void questionsWhoseAnswersNobodyReadsEndTheConnection() throws IOException { // CVE-2019-9512
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            assertEnds(client, RawHttp2.PING, 8);
        }
    }

    @Test
    void settingsWhoseAnswersNobodyReadsEndTheConnection() throws IOException { // CVE-2019-9515
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            assertEnds(client, RawHttp2.SETTINGS, 0);
        }
    }

    private static void assertEnds(RawHttp2 client, int type, int length) {
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            many.writeBytes(new byte[] {0, 0, (byte) length, (byte) type, 0, 0, 0, 0, 0});
            many.writeBytes(new byte[length]);
        }
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 5000; i++) {
                        client.sendRaw(many.toByteArray());
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void moreStreamsThanAgreedAreRefused() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Served served = new Served(builder -> builder.limits(limits -> limits.maxStreams(2))
                        .route(Method.GET, "/slow", Access.OPEN, request -> {
                            go.await();
                            return Response.of(200);
                        }));
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.get(1, "/slow");
            client.get(3, "/slow");
            client.get(5, "/slow");
            RawHttp2.Frame refused = client.await(RawHttp2.RST_STREAM);
            assertThat(refused.stream()).isEqualTo(5);
            assertThat(refused.code()).isEqualTo(REFUSED_STREAM);
            go.countDown();
            assertThat(client.await(RawHttp2.HEADERS).status()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerWaitsForRoomInTheWindow() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.send(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}); // windows of nothing
            client.get(1, "/hello");
            assertThat(client.await(RawHttp2.HEADERS).status()).isEqualTo(200);
            client.send(RawHttp2.WINDOW_UPDATE, 0, 1, number(2));
            assertThat(client.await(RawHttp2.DATA).payload()).hasSize(2);
            client.send(RawHttp2.WINDOW_UPDATE, 0, 1, number(2));
            assertThat(client.await(RawHttp2.DATA).payload()).hasSize(2);
            client.send(RawHttp2.WINDOW_UPDATE, 0, 1, number(2));
            RawHttp2.Frame last = client.await(RawHttp2.DATA);
            assertThat(last.payload()).hasSize(1);
            assertThat(last.flags()).isEqualTo(RawHttp2.END_STREAM);
        }
    }

    @Test
    void anAnswerThatNobodyReadsIsTakenBack() throws IOException {
        try (Served served =
                        new Served(builder -> builder.limits(limits -> limits.writeTimeout(Duration.ofMillis(50))));
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.send(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
            client.get(1, "/hello");
            assertThat(client.await(RawHttp2.RST_STREAM).stream()).isEqualTo(1);
        }
    }
}
