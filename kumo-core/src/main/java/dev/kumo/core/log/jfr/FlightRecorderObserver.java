package dev.kumo.core.log.jfr;

import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.Link;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells the JDK Flight Recorder of sessions, messages that came in, and attempts to deliver: the events
 * {@code dev.kumo.Session}, {@code dev.kumo.Reception} and {@code dev.kumo.Delivery}. While nothing records them it only looks
 * whether something does.
 *
 * <p>An event is committed when the thing is over, and has the time it took as a value. Addresses of senders and recipients
 * are not in them.
 */
public final class FlightRecorderObserver implements MtaObserver {

    /** Has no state. */
    public FlightRecorderObserver() {}

    @Override
    public void disconnected(Link link, Instant at) {
        SessionEvent event = new SessionEvent();
        if (event.isEnabled()) {
            event.client = address(link.client());
            event.server = address(link.server());
            event.lasted = Duration.between(link.since(), at).toMillis();
            event.commit();
        }
    }

    @Override
    public void record(LogRecord record) {
        if (record instanceof LogRecord.Reception reception) {
            received(reception.message());
        } else if (record instanceof LogRecord.Delivery delivery) {
            tried(delivery, delivery.message(), delivery.reply(), delivery.attempt());
        } else if (record instanceof LogRecord.TransientFailure failure) {
            tried(failure, failure.message(), failure.reply(), failure.attempt());
        } else if (record instanceof LogRecord.Bounce bounce) {
            tried(bounce, bounce.message(), bounce.reply(), bounce.attempt());
        }
    }

    private static void received(MessageFacts message) {
        ReceptionEvent event = new ReceptionEvent();
        if (event.isEnabled()) {
            event.message = message.id().text();
            event.session = String.valueOf(message.meta().getOrDefault("session_id", ""));
            event.queue = message.queue().text();
            event.size = message.size();
            event.recipients = message.recipients().size();
            event.commit();
        }
    }

    private static void tried(LogRecord record, MessageFacts message, Reply reply, Attempt attempt) {
        DeliveryEvent event = new DeliveryEvent();
        if (event.isEnabled()) {
            event.message = message.id().text();
            event.result = record.type();
            event.protocol = attempt.protocol();
            event.site = attempt.site();
            event.peer =
                    attempt.peerAddress().map(FlightRecorderObserver::address).orElse("");
            event.code = reply.code();
            event.attempts = message.attempts();
            event.age = Duration.between(message.id().created(), record.at()).toMillis();
            event.commit();
        }
    }

    private static String address(InetSocketAddress address) {
        return address.isUnresolved() ? address.getHostString() : IpLiteral.format(address.getAddress());
    }
}
