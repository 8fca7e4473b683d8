package dev.kumo.core.log;

import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Hears what happens and decides nothing.
 *
 * <p>An {@link dev.kumo.core.Mta} calls its observers one event at a time, on a thread of their own and in the order
 * in which the events were told. They may take their time: no session waits for them. When more than 10,000 events
 * wait, further ones are dropped and counted, and the log says so. An exception is logged and goes no further.
 *
 * <p>An observer that is {@link AutoCloseable} is closed with its {@code Mta}, after it has heard the last event, or has
 * taken more than 5 seconds for what waited.
 */
public interface MtaObserver {

    /** Hears nothing. */
    MtaObserver NONE = new MtaObserver() {};

    /**
     * Something happened to a message, or a client was refused.
     *
     * @param record what happened
     */
    default void record(LogRecord record) {}

    /**
     * A client has connected.
     *
     * @param link the connection
     */
    default void connected(Link link) {}

    /**
     * A connection has ended, whoever closed it.
     *
     * @param link equal to the one told to {@link #connected}
     * @param at when it ended
     */
    default void disconnected(Link link, Instant at) {}

    /**
     * Which header fields of messages it wants to find in {@link MessageFacts#headers()}. Whoever tells a record reads the
     * header of the message for these, and only if there are any. An {@link dev.kumo.core.Mta} asks each observer once.
     *
     * @return none unless overridden
     */
    default Selection wantedHeaders() {
        return Selection.NONE;
    }

    /**
     * An observer that tells each record to SLF4J, in one line at level {@code INFO}: for a person, where a program is better
     * served by {@link LogRecordWriter}.
     *
     * @param logger the name of the logger, such as {@code mail}
     * @return the observer
     */
    static MtaObserver logging(String logger) {
        return new RecordLines(LoggerFactory.getLogger(logger));
    }

    /**
     * An observer of records only.
     *
     * @param records hears each record
     * @return the observer
     */
    static MtaObserver of(Consumer<? super LogRecord> records) {
        return new MtaObserver() {
            @Override
            public void record(LogRecord record) {
                records.accept(record);
            }
        };
    }
}
