package dev.kumo.core;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;

/** Messages to test with, and an ear for the log. */
public final class TestMail {

    public static final Instant NOW = Instant.parse("2026-11-22T10:15:30.123456Z");
    public static final String TEXT = "Subject: hello\r\n\r\nbody\r\n";

    private static final EnvelopeAddress SENDER = EnvelopeAddress.parse("sender@example.com");
    private static final EnvelopeAddress RECIPIENT = EnvelopeAddress.parse("recipient@example.org");

    private TestMail() {}

    /** The id with this number; a greater number is a later id. */
    public static MessageId id(int number) {
        return MessageId.next(NOW.plusMillis(number), new SplittableRandom(number));
    }

    public static Message message(int number) {
        return message(number, Content.of(TEXT.getBytes(StandardCharsets.US_ASCII)));
    }

    public static Message message(int number, Content content) {
        return message(number, SENDER, content);
    }

    public static Message message(int number, EnvelopeAddress sender, Content content) {
        return new Message(id(number), Envelope.of(sender, RECIPIENT), new Meta(), content);
    }

    public static List<Message> messages(int count) {
        return IntStream.range(0, count).mapToObj(TestMail::message).toList();
    }

    /** Hears one logger, and keeps what it hears off the console. */
    public static final class Log implements AutoCloseable {

        private final Logger logger;
        private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

        public Log(Class<?> of) {
            logger = (Logger) LoggerFactory.getLogger(of);
            logger.setAdditive(false);
            appender.start();
            logger.addAppender(appender);
        }

        public List<String> lines() {
            synchronized (appender) {
                return appender.list.stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList();
            }
        }

        /** The messages of the causes told with the lines. */
        public List<String> causes() {
            return appender.list.stream()
                    .filter(event -> event.getThrowableProxy() != null)
                    .map(event -> event.getThrowableProxy().getMessage())
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(appender);
            logger.setAdditive(true);
        }
    }
}
