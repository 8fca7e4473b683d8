package dev.kumo.core.log;

import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.report.BounceReport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What KumoMTA's line for a record says, whatever the kind of record: what a kind does not tell keeps its default. */
final class LogLine {

    final String type;
    Instant at;
    Instant created;
    String id = "";
    String sender = "";
    List<String> recipients = List.of("");
    String queue = "";
    String site = "";
    long size;

    int code = 250;

    @Nullable EnhancedStatus status;

    String content = "";

    @Nullable String command;

    boolean failure;

    String peerName = "";

    @Nullable String peerAddress;

    int attempts;

    @Nullable String pool;

    @Nullable String source;

    @Nullable InetAddress sourceAddress;

    @Nullable Map<String, @Nullable Object> feedback;

    Map<String, Object> meta = Map.of();
    List<Headers.Field> headers = List.of();

    @Nullable String deliveryProtocol;

    @Nullable Object receptionProtocol;

    @Nullable String tlsCipher;

    @Nullable String tlsProtocol;

    List<?> tlsSubject = List.of();

    @Nullable String session;

    private LogLine(LogRecord record) {
        this.type = record.type();
        this.at = record.at();
        this.created = at;
    }

    static LogLine of(LogRecord record) {
        LogLine line = new LogLine(record);
        if (record instanceof LogRecord.Reception reception) {
            line.received(reception.message());
        } else if (record instanceof LogRecord.Delivery delivery) {
            line.tried(delivery.message(), delivery.reply(), delivery.attempt());
        } else if (record instanceof LogRecord.TransientFailure transient_) {
            line.tried(transient_.message(), transient_.reply(), transient_.attempt());
            line.failure = true;
        } else if (record instanceof LogRecord.Bounce bounce) {
            line.tried(bounce.message(), bounce.reply(), bounce.attempt());
            line.failure = true;
        } else if (record instanceof LogRecord.Expiration expiration) {
            line.decided(expiration.message(), expiration.reply());
            line.failure = true;
        } else if (record instanceof LogRecord.AdminBounce bounce) {
            line.decided(bounce.message(), bounce.reply());
            line.failure = true;
        } else if (record instanceof LogRecord.AdminRebind rebind) {
            line.decided(rebind.message(), rebind.reply());
        } else if (record instanceof LogRecord.Delayed delayed) {
            line.decided(delayed.message(), delayed.reply());
        } else if (record instanceof LogRecord.Rejection rejection) {
            line.rejected(rejection);
        } else if (record instanceof LogRecord.Feedback feedback) {
            line.received(feedback.message());
            line.feedback = feedback.report().asMap();
        } else if (record instanceof LogRecord.Oob oob) {
            line.bounced(oob.message(), oob.report(), oob.recipient());
            line.failure = true;
        }
        return line;
    }

    private void message(MessageFacts message) {
        id = message.id().text();
        created = message.id().created();
        sender = message.sender().toString();
        recipients = message.recipients().size() == 1
                ? List.of(message.recipients().get(0).toString())
                : message.recipients().stream().map(EnvelopeAddress::toString).toList();
        queue = message.queue().text();
        size = message.size();
        attempts = message.attempts();
        meta = message.meta();
        headers = message.headers();
        receptionProtocol = meta.get("reception_protocol");
    }

    private void said(Reply reply) {
        code = reply.code();
        status = reply.status().orElse(null);
        content = reply.lines().size() == 1 ? reply.lines().get(0) : String.join(" ", reply.lines());
    }

    /** What a listener knew of the client stands in the meta data. */
    private void received(MessageFacts message) {
        message(message);
        String name = text("ehlo_domain");
        peerName = name == null ? "" : name;
        String from = text("received_from");
        peerAddress = from == null ? null : withoutPort(from);
        tlsCipher = text("tls_cipher");
        tlsProtocol = text("tls_protocol_version");
        tlsSubject = meta.get("tls_peer_subject_name") instanceof List<?> subject ? subject : List.of();
        session = text("session_id");
    }

    private @Nullable String text(String name) {
        return meta.get(name) instanceof String text ? text : null;
    }

    private static String withoutPort(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private void decided(MessageFacts message, Reply reply) {
        message(message);
        said(reply);
    }

    private void tried(MessageFacts message, Reply reply, Attempt attempt) {
        decided(message, reply);
        command = orNull(attempt.command());
        site = attempt.site();
        pool = orNull(attempt.pool());
        source = orNull(attempt.source());
        sourceAddress = attempt.sourceAddress().orElse(null);
        peerName = attempt.peerName();
        peerAddress = attempt.peerAddress().map(LogLine::address).orElse(null);
        deliveryProtocol = orNull(attempt.protocol());
        session = orNull(attempt.session());
        attempt.tls().ifPresent(tls -> {
            tlsCipher = tls.cipher();
            tlsProtocol = tls.protocol();
            tlsSubject = tls.peerSubject().isEmpty() ? List.of() : List.of(tls.peerSubject());
        });
    }

    /** Tells of the mail that bounced, as far as the report knows, and not of the report. */
    private void bounced(MessageFacts message, BounceReport report, BounceReport.Recipient recipient) {
        received(message);
        size = 0;
        attempts = 0;
        sender = recipients.get(0); // the report came to whoever had sent that mail
        recipients = List.of(recipient.address());
        peerName = report.reportingMta().name();
        at = recipient.lastAttempt().orElse(at);
        BounceReport.Response response = recipient.response();
        code = response.code();
        status = response.status();
        content = response.content();
        tlsCipher = null;
        tlsProtocol = null;
    }

    private void rejected(LogRecord.Rejection rejection) {
        sender = rejection.sender().map(EnvelopeAddress::toString).orElse("");
        recipients =
                List.of(rejection.recipient().map(EnvelopeAddress::toString).orElse(""));
        said(rejection.reply());
        command = orNull(rejection.verb());
        peerName = rejection.ehloName();
        peerAddress = address(rejection.client());
        meta = rejection.meta();
        session = orNull(rejection.session());
    }

    private static String address(InetSocketAddress address) {
        return address.isUnresolved() ? address.getHostString() : IpLiteral.format(address.getAddress());
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
