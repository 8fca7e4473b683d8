package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTraceTest {

    private static final String ID = "0193a1b2c3d470008000000000000001";

    private static final String RECEPTION = """
            {"type":"Reception","id":"%s","sender":"a@one.example","recipient":["b@two.example","c@two.example"],\
            "queue":"two.example","response":{"code":250,"enhanced_code":null,"content":"","command":null},\
            "peer_address":{"name":"client.example","addr":"192.0.2.7"},"event_time":"2026-11-22T10:00:00Z",\
            "delivery_protocol":null,"reception_protocol":"ESMTP","session_id":"s-1"}
            """.formatted(ID);

    private static final String FAILURE = """
            {"type":"TransientFailure","id":"%s","sender":"a@one.example","recipient":"b@two.example",\
            "queue":"two.example","response":{"code":450,"enhanced_code":{"class":4,"subject":2,"detail":1},\
            "content":"later\\u001b[2J","command":"."},"peer_address":{"name":"mx.two.example","addr":"192.0.2.25"},\
            "event_time":"2026-11-22T10:00:01Z","delivery_protocol":"ESMTP","reception_protocol":"ESMTP"}
            """.formatted(ID);

    private static final List<String> LIFE = List.of(
            "message " + ID,
            "  2026-11-22T10:00:00Z Reception from=<a@one.example> to=<b@two.example>,<c@two.example> queue=two.example"
                    + " peer=192.0.2.7 peer_name=client.example by=ESMTP said=250",
            "  2026-11-22T10:00:01Z TransientFailure from=<a@one.example> to=<b@two.example> queue=two.example"
                    + " peer=192.0.2.25 peer_name=mx.two.example by=ESMTP said=450 4.2.1 later\\u001b[2J");

    @TempDir
    Path folder;

    private List<String> trace(String wanted) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean found = MailTrace.trace(folder, wanted, new PrintStream(out, true, UTF_8));
        List<String> lines = out.toString(UTF_8).lines().toList();
        assertThat(found).isEqualTo(!lines.isEmpty());
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {ID, "a@one.example", "B@Two.example"})
    void tellsALifeInOrderFromPlainFilesAndZstandard(String wanted) throws IOException {
        Files.writeString(
                folder.resolve("20261122-100001"),
                FAILURE + FAILURE.replace(ID, "0").replace("@", "@x"));
        Files.write(folder.resolve("20261122-100000_in"), Zstd.compress(("# header\n" + RECEPTION).getBytes(UTF_8)));
        Files.writeString(folder.resolve(".nodeid"), "557f3ad4-2c8c-11ee-976e-782d7e12e173\n");

        assertThat(trace(wanted)).isEqualTo(LIFE);
        assertThat(trace("nobody@two.example")).isEmpty();
    }

    @Test
    void aSessionIsFoundByItsId() throws IOException {
        Files.writeString(folder.resolve("20261122-100001"), RECEPTION + FAILURE);

        assertThat(trace("s-1")).hasSize(2);
    }

    @Test
    void aTornLastLineIsPassedOver() throws IOException {
        Files.writeString(folder.resolve("20261122-100000"), RECEPTION + FAILURE.substring(0, 200));

        assertThat(trace(ID)).hasSize(2);
    }

    @Test
    void aTornLastFrameIsPassedOver() throws IOException {
        byte[] torn = Zstd.compress(FAILURE.getBytes(UTF_8));
        try (OutputStream file = Files.newOutputStream(folder.resolve("20261122-100000"))) {
            file.write(Zstd.compress(RECEPTION.getBytes(UTF_8)));
            file.write(Arrays.copyOf(torn, torn.length - 5));
        }

        assertThat(trace(ID)).hasSizeGreaterThanOrEqualTo(2).startsWith(LIFE.get(0), LIFE.get(1));
    }

    @Test
    void aFolderThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> MailTrace.trace(folder.resolve("no"), ID, System.out))
                .isInstanceOf(IOException.class);
    }

    @Test
    void readsWhatAGatewayWrites() throws Exception {
        GatewayFile file = GatewayFile.of(Map.of(
                "esmtp_listeners",
                List.of(Map.of("listen", "127.0.0.1:0", "hostname", "mail.example")),
                "deliver",
                Map.of("maildir", folder.resolve("mail").toString()),
                "local_logs",
                Map.of("log_dir", folder.resolve("logs").toString())));
        Gateway gateway = Gateway.start(file, OutputStream.nullOutputStream());
        try (RawClient client = new RawClient(gateway.addresses().get(0).getPort())) {
            client.reply();
            client.ask("EHLO client.example");
            client.ask("MAIL FROM:<a@one.example>");
            client.ask("RCPT TO:<b@two.example>");
            client.ask("DATA");
            assertThat(client.ask("Subject: Hi\n\nHello\n.")).startsWith("250 ");
            client.ask("MAIL FROM:<late@one.example> FOO=1");
        } finally {
            gateway.close();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MailTrace.trace(folder.resolve("logs"), "b@two.example", new PrintStream(out, true, UTF_8));

        assertThat(out.toString(UTF_8).lines())
                .hasSize(3)
                .satisfiesExactly(
                        life -> assertThat(life).startsWith("message "),
                        reception -> assertThat(reception)
                                .contains(" Reception from=<a@one.example> to=<b@two.example> queue=two.example"
                                        + " peer=127.0.0.1 peer_name=client.example by=ESMTP said=250"),
                        delivery -> assertThat(delivery).contains(" Delivery ", " said=250 2.0.0 delivered"));
    }
}
