package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole lines, the order of members included: the layout is that of KumoMTA's log. */
class LogRecordWriterTest {

    private static final Instant AT = Instant.parse("2026-08-04T03:04:05.123456789Z");
    private static final Instant CREATED = Instant.parse("2026-08-04T03:04:05.100Z");
    private static final String ID = hex(CREATED.toEpochMilli()) + "7000800000000000000a";
    private static final UUID NODE = UUID.fromString("557f3ad4-2c8c-11ee-976e-782d7e12e173");
    private static final String SESSION = "9bcd689e-23d9-41b7-a015-63a1382f8b57";
    private static final EnvelopeAddress SENDER = EnvelopeAddress.parse("sender@example.com");
    private static final EnvelopeAddress RECIPIENT = EnvelopeAddress.parse("recip@example.org");

    private static final Map<String, Object> META = Map.of(
            "reception_protocol", "ESMTP",
            "received_from", "127.0.0.1:4321",
            "ehlo_domain", "client.example",
            "session_id", SESSION,
            "tenant", "acme",
            "x_n", 7);

    private static final Attempt ATTEMPT = new Attempt(
            "ESMTP",
            "ip-1->mx.example.org@smtp_client",
            "pool-1",
            "ip-1",
            Optional.of(address("10.0.0.1")),
            "mx.example.org",
            Optional.of(new InetSocketAddress(address("192.0.2.25"), 25)),
            ".",
            "0c5a0cbb-8a50-45a7-9e9c-4c4a0a1a2b3c",
            Optional.of(new Attempt.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", "CN=mx.example.org")));

    private static String hex(long millis) {
        return String.format("%012x", millis);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static MessageFacts facts(Map<String, Object> meta, Headers.Field... headers) {
        return facts(meta, List.of(RECIPIENT), headers);
    }

    private static MessageFacts facts(
            Map<String, Object> meta, List<EnvelopeAddress> recipients, Headers.Field... headers) {
        return new MessageFacts(
                new MessageId(ID), SENDER, recipients, QueueName.parse("example.org"), 512, 2, meta, List.of(headers));
    }

    private static String line(LogRecord record, Consumer<LogRecordWriter.Builder> changes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            LogRecordWriter.Builder builder = LogRecordWriter.builder().nodeId(NODE);
            changes.accept(builder);
            assertThat(builder.build().write(record, out)).isEqualTo(out.size());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String line(LogRecord record) {
        return line(record, unchanged -> {});
    }

    private static String json(String json) {
        return json.replace("\n", "") + "\n";
    }

    @Test
    void writesAReception() {
        assertThat(line(new LogRecord.Reception(AT, facts(META)))).isEqualTo(json("""
                {"type":"Reception","id":"%s","sender":"sender@example.com",
                "recipient":"recip@example.org","queue":"example.org","site":"","size":512,
                "response":{"code":250,"enhanced_code":null,"content":"","command":null},
                "peer_address":{"name":"client.example","addr":"127.0.0.1"},
                "timestamp":1785812645,"event_time":"2026-08-04T03:04:05.123456789Z",
                "created":1785812645,"created_time":"2026-08-04T03:04:05.100Z","num_attempts":2,
                "bounce_classification":"Uncategorized","egress_pool":null,"egress_source":null,"source_address":null,
                "feedback_report":null,"meta":{},"headers":{},"delivery_protocol":null,"reception_protocol":"ESMTP",
                "nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173","session_id":"9bcd689e-23d9-41b7-a015-63a1382f8b57"}
                """.formatted(ID)));
    }

    @Test
    void tellsHowTheClientWasEncrypted() {
        Map<String, Object> meta = new HashMap<>(META);
        meta.put("tls_cipher", "TLS_AES_256_GCM_SHA384");
        meta.put("tls_protocol_version", "TLSv1.3");

        assertThat(line(new LogRecord.Reception(AT, facts(meta)))).endsWith(json("""
                "nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173",
                "tls_cipher":"TLS_AES_256_GCM_SHA384","tls_protocol_version":"TLSv1.3","tls_peer_subject_name":[],
                "session_id":"9bcd689e-23d9-41b7-a015-63a1382f8b57"}
                """));

        meta.put("tls_peer_subject_name", List.of("C=DE", "CN=client"));
        assertThat(line(new LogRecord.Reception(AT, facts(meta))))
                .contains("\"tls_peer_subject_name\":[\"C=DE\",\"CN=client\"],");
    }

    @Test
    void writesADelivery() {
        assertThat(line(new LogRecord.Delivery(AT, facts(META), Reply.of(250, "2.0.0", "queued as 1"), ATTEMPT)))
                .isEqualTo(json("""
                {"type":"Delivery","id":"%s","sender":"sender@example.com",
                "recipient":"recip@example.org","queue":"example.org","site":"ip-1->mx.example.org@smtp_client","size":512,
                "response":{"code":250,"enhanced_code":{"class":2,"subject":0,"detail":0},"content":"queued as 1",
                "command":"."},
                "peer_address":{"name":"mx.example.org","addr":"192.0.2.25"},
                "timestamp":1785812645,"event_time":"2026-08-04T03:04:05.123456789Z",
                "created":1785812645,"created_time":"2026-08-04T03:04:05.100Z","num_attempts":2,
                "bounce_classification":"Uncategorized","egress_pool":"pool-1","egress_source":"ip-1",
                "source_address":{"address":"10.0.0.1:0"},
                "feedback_report":null,"meta":{},"headers":{},"delivery_protocol":"ESMTP","reception_protocol":"ESMTP",
                "nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173",
                "tls_cipher":"TLS_AES_128_GCM_SHA256","tls_protocol_version":"TLSv1.3",
                "tls_peer_subject_name":["CN=mx.example.org"],
                "session_id":"0c5a0cbb-8a50-45a7-9e9c-4c4a0a1a2b3c"}
                """.formatted(ID)));
    }

    @Test
    void writesWhatNeededNoConnection() {
        assertThat(line(new LogRecord.Bounce(
                        AT, facts(Map.of()), Reply.of(552, "5.2.2", "mailbox full"), Attempt.by("Maildir"))))
                .isEqualTo(json("""
                {"type":"Bounce","id":"%s","sender":"sender@example.com",
                "recipient":"recip@example.org","queue":"example.org","site":"","size":512,
                "response":{"code":552,"enhanced_code":{"class":5,"subject":2,"detail":2},"content":"mailbox full",
                "command":null},"peer_address":null,
                "timestamp":1785812645,"event_time":"2026-08-04T03:04:05.123456789Z",
                "created":1785812645,"created_time":"2026-08-04T03:04:05.100Z","num_attempts":2,
                "bounce_classification":"Uncategorized","egress_pool":null,"egress_source":null,"source_address":null,
                "feedback_report":null,"meta":{},"headers":{},"delivery_protocol":"Maildir","reception_protocol":null,
                "nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173"}
                """.formatted(ID)));
    }

    @Test
    void writesWhatThisSystemDecided() {
        Reply reply = Reply.of(500, "5.4.7", "one\ntwo");
        String rest = json("""
                "id":"%s","sender":"sender@example.com",
                "recipient":"recip@example.org","queue":"example.org","site":"","size":512,
                "response":{"code":500,"enhanced_code":{"class":5,"subject":4,"detail":7},"content":"one two",
                "command":null},"peer_address":null,
                "timestamp":1785812645,"event_time":"2026-08-04T03:04:05.123456789Z",
                "created":1785812645,"created_time":"2026-08-04T03:04:05.100Z","num_attempts":2,
                "bounce_classification":"Uncategorized","egress_pool":null,"egress_source":null,"source_address":null,
                "feedback_report":null,"meta":{},"headers":{},"delivery_protocol":null,"reception_protocol":"ESMTP",
                "nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173"}
                """.formatted(ID));

        assertThat(line(new LogRecord.Expiration(AT, facts(META), reply)))
                .isEqualTo("{\"type\":\"Expiration\"," + rest);
        assertThat(line(new LogRecord.AdminBounce(AT, facts(META), reply)))
                .isEqualTo("{\"type\":\"AdminBounce\"," + rest);
        assertThat(line(new LogRecord.AdminRebind(AT, facts(META), reply)))
                .isEqualTo("{\"type\":\"AdminRebind\"," + rest);
        assertThat(line(new LogRecord.Delayed(AT, facts(META), reply))).isEqualTo("{\"type\":\"Delayed\"," + rest);
    }

    @Test
    void writesARejection() {
        LogRecord rejection = new LogRecord.Rejection(
                AT,
                new InetSocketAddress(address("2001:db8::7"), 25000),
                "client.example",
                Optional.of(EnvelopeAddress.NULL_SENDER),
                Optional.of(RECIPIENT),
                "RCPT",
                Reply.of(550, "5.7.1", "relaying denied"),
                SESSION,
                META);

        assertThat(line(rejection, writer -> writer.meta(List.of("tenant")))).isEqualTo(json("""
                {"type":"Rejection","id":"","sender":"","recipient":"recip@example.org","queue":"","site":"","size":0,
                "response":{"code":550,"enhanced_code":{"class":5,"subject":7,"detail":1},"content":"relaying denied",
                "command":"RCPT"},
                "peer_address":{"name":"client.example","addr":"2001:db8::7"},
                "timestamp":1785812645,"event_time":"2026-08-04T03:04:05.123456789Z",
                "created":1785812645,"created_time":"2026-08-04T03:04:05.123456789Z","num_attempts":0,
                "bounce_classification":"Uncategorized","egress_pool":null,"egress_source":null,"source_address":null,
                "feedback_report":null,"meta":{"tenant":"acme"},"headers":{},"delivery_protocol":null,
                "reception_protocol":null,"nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173",
                "session_id":"9bcd689e-23d9-41b7-a015-63a1382f8b57"}
                """));
    }

    @Test
    void aRejectionOfWhoHasSaidNothingIsEmpty() {
        LogRecord rejection = new LogRecord.Rejection(
                AT,
                new InetSocketAddress(address("192.0.2.1"), 25000),
                "",
                Optional.empty(),
                Optional.empty(),
                "",
                Reply.plain(554, "no"),
                "",
                Map.of());

        assertThat(line(rejection))
                .contains("\"sender\":\"\",\"recipient\":\"\",")
                .contains("\"enhanced_code\":null,\"content\":\"no\",\"command\":null}")
                .contains("\"peer_address\":{\"name\":\"\",\"addr\":\"192.0.2.1\"}")
                .doesNotContain("session_id");
    }

    @Test
    void writesAComplaint() {
        assertThat(line(new LogRecord.Feedback(
                        AT, facts(META), SampleReports.complaint("abuse", Map.of("recipient", "x")))))
                .isEqualTo(json("""
                {"type":"Feedback","id":"%s","sender":"sender@example.com",
                "recipient":"recip@example.org","queue":"example.org","site":"","size":512,
                "response":{"code":250,"enhanced_code":null,"content":"","command":null},
                "peer_address":{"name":"client.example","addr":"127.0.0.1"},
                "timestamp":1785812645,"event_time":"2026-08-04T03:04:05.123456789Z",
                "created":1785812645,"created_time":"2026-08-04T03:04:05.100Z","num_attempts":2,
                "bounce_classification":"Uncategorized","egress_pool":null,"egress_source":null,"source_address":null,
                "feedback_report":{"feedback_type":"abuse","user_agent":"Far/1.0","version":"1",
                "arrival_date":"2026-08-04T01:00:00Z","incidents":2,"original_envelope_id":null,
                "original_mail_from":"abuse","reporting_mta":{"mta_type":"dns","name":"abuse"},"source_ip":null,
                "authentication_results":[],"original_rcpto_to":["abuse"],"reported_domain":[],"reported_uri":[],
                "extensions":{"x-abuse":["abuse"]},"original_message":null,"supplemental_trace":{"recipient":"x"}},
                "meta":{},"headers":{},"delivery_protocol":null,"reception_protocol":"ESMTP",
                "nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173","session_id":"9bcd689e-23d9-41b7-a015-63a1382f8b57"}
                """.formatted(ID)));
    }

    @Test
    void writesABounceThatCameAsMail() {
        Map<String, Object> meta = new HashMap<>(META);
        meta.put("tls_cipher", "TLS_AES_256_GCM_SHA384");
        meta.put("tls_protocol_version", "TLSv1.3");
        LogRecord oob = SampleReports.oob(
                AT, facts(meta), "joe@far.example", Optional.of(Instant.parse("2026-08-04T01:00:00Z")));

        assertThat(line(oob, writer -> writer.meta(List.of("tenant")).classifier(words -> "<" + words + ">")))
                .isEqualTo(json("""
                {"type":"OOB","id":"%s","sender":"recip@example.org",
                "recipient":"joe@far.example","queue":"example.org","site":"","size":0,
                "response":{"code":551,"enhanced_code":{"class":5,"subject":1,"detail":1},
                "content":"5.1.1 joe@far.example","command":null},
                "peer_address":{"name":"mx.far.example","addr":"127.0.0.1"},
                "timestamp":1785805200,"event_time":"2026-08-04T01:00:00Z",
                "created":1785812645,"created_time":"2026-08-04T03:04:05.100Z","num_attempts":0,
                "bounce_classification":"<551 5.1.1 5.1.1 joe@far.example>",
                "egress_pool":null,"egress_source":null,"source_address":null,
                "feedback_report":null,"meta":{"tenant":"acme"},"headers":{},"delivery_protocol":null,
                "reception_protocol":"ESMTP","nodeid":"557f3ad4-2c8c-11ee-976e-782d7e12e173",
                "session_id":"9bcd689e-23d9-41b7-a015-63a1382f8b57"}
                """.formatted(ID)));
        assertThat(line(SampleReports.oob(AT, facts(meta), "x", Optional.empty())))
                .contains("\"timestamp\":1785812645,");
    }

    @Test
    void severalRecipientsAreAList() {
        assertThat(line(new LogRecord.Reception(AT, facts(META, List.of(RECIPIENT, EnvelopeAddress.POSTMASTER)))))
                .contains("\"recipient\":[\"recip@example.org\",\"Postmaster\"],\"queue\"");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:4321, 127.0.0.1", "[2001:db8::7]:25, 2001:db8::7", "192.0.2.1, 192.0.2.1"})
    void theClientIsToldWithoutItsPort(String from, String address) {
        assertThat(line(new LogRecord.Reception(AT, facts(Map.of("received_from", from)))))
                .contains("\"peer_address\":{\"name\":\"\",\"addr\":\"" + address + "\"}");
    }

    @Test
    void withoutAClientThereIsNoPeerAddress() {
        assertThat(line(new LogRecord.Reception(AT, facts(Map.of("reception_protocol", "HTTP")))))
                .contains("\"peer_address\":null,")
                .contains("\"reception_protocol\":\"HTTP\"")
                .doesNotContain("session_id", "tls_");
    }

    @Test
    void writesTheMetaDataThatIsChosen() {
        Map<String, Object> meta = new HashMap<>(META);
        meta.put("X_other_case", "no");
        meta.put("x_list", List.of(true, 1.5, Map.of("a", "b")));

        assertThat(line(
                        new LogRecord.Reception(AT, facts(meta)),
                        writer -> writer.meta(List.of("x_*", "tenant", "no"))))
                .contains("\"meta\":{\"tenant\":\"acme\",\"x_list\":[true,1.5,{\"a\":\"b\"}],\"x_n\":7},");
    }

    @Test
    void writesTheHeaderFieldsThatAreChosen() {
        MessageFacts facts = facts(
                META,
                new Headers.Field("SUBJECT", "hi \"there\""),
                new Headers.Field("X-A", "1"),
                new Headers.Field("To", "b"),
                new Headers.Field("x-a", "2"),
                new Headers.Field("X-B", "3"));

        assertThat(line(
                        new LogRecord.Reception(AT, facts),
                        writer -> writer.headers(List.of("Subject", "X-*", "Missing"))))
                .contains("\"headers\":{\"Subject\":\"hi \\\"there\\\"\",\"X-A\":[\"1\",\"2\"],\"X-B\":\"3\"},");
    }

    @Test
    void failuresAreClassified() {
        Reply no = Reply.of(550, "5.1.1", "no such\nuser");
        Consumer<LogRecordWriter.Builder> classifying = writer -> writer.classifier(line -> "<" + line + ">");

        assertThat(line(new LogRecord.Bounce(AT, facts(META), no, ATTEMPT), classifying))
                .contains("\"bounce_classification\":\"<550 5.1.1 no such user>\"");
        assertThat(line(
                        new LogRecord.TransientFailure(AT, facts(META), Reply.plain(450, "later"), ATTEMPT),
                        classifying))
                .contains("\"bounce_classification\":\"<450 later>\"");
        assertThat(line(new LogRecord.Delivery(AT, facts(META), Reply.OK, ATTEMPT), classifying))
                .contains("\"bounce_classification\":\"Uncategorized\"");
    }

    @Test
    void aWriterWritesOneLineAfterAnother() throws IOException {
        LogRecordWriter writer = LogRecordWriter.builder().nodeId(NODE).build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogRecord.Reception record = new LogRecord.Reception(AT, facts(META));
        writer.write(record, out);
        writer.write(record, out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(line(record) + line(record));
    }

    @Test
    void aLongLineIsWholeAndTheNextOneToo() throws IOException {
        LogRecordWriter writer =
                LogRecordWriter.builder().nodeId(NODE).meta(List.of("long")).build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogRecord record = new LogRecord.Reception(AT, facts(Map.of("long", "é".repeat(1 << 19))));
        writer.write(record, out);
        writer.write(record, out);

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).hasSizeGreaterThan(1 << 19).endsWith("\"}"));
    }

    @Test
    void afterAFailureOfTheStreamTheNextLineIsWhole() throws IOException {
        LogRecordWriter writer = LogRecordWriter.builder().nodeId(NODE).build();
        LogRecord record = new LogRecord.Reception(AT, facts(META));
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left on device");
            }
        };
        assertThatThrownBy(() -> writer.write(record, full)).isInstanceOf(IOException.class);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(record, out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(line(record));
    }
}
