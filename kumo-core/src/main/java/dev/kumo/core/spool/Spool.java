package dev.kumo.core.spool;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps messages from their reception until they have left.
 *
 * <p>Any number of threads may use a spool at once. A message in it is only read.
 */
public interface Spool {

    /**
     * Keeps messages, all of them or none.
     *
     * @param messages in order of arrival; nothing happens if there are none
     * @throws SpoolFullException if there is no room for all of them; none is kept
     * @throws IOException if the store fails; none is kept
     * @throws IllegalArgumentException if an id is in the spool already or occurs twice; none is kept
     */
    void store(List<Message> messages) throws IOException;

    /**
     * Finds a message.
     *
     * @param id its name
     * @return the message, unless it is not in the spool
     * @throws IOException if the store fails
     */
    Optional<Message> load(MessageId id) throws IOException;

    /**
     * Forgets a message. Does nothing if it is not in the spool.
     *
     * @param id its name
     * @throws IOException if the store fails; the message may come back after a restart
     */
    void remove(MessageId id) throws IOException;

    /**
     * Names what is in the spool.
     *
     * @return the ids in order of arrival; messages stored or removed meanwhile may show or not. The caller closes it
     * @throws IOException if the store fails
     */
    Stream<MessageId> enumerate() throws IOException;

    /**
     * Where content is written while it arrives.
     *
     * @return a new draft, in memory unless overridden; a store that fails says so when bytes are added
     */
    default Draft draft() {
        return Draft.inMemory();
    }

    /**
     * Whether a call may block, on a disk for example, so that it has to be made on a thread that can wait.
     *
     * @return true unless overridden
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * A spool in memory that holds up to a quarter of the memory the JVM may use.
     *
     * @return empty; see {@link #inMemory(long)}
     */
    static Spool inMemory() {
        return inMemory(Math.max(1, Runtime.getRuntime().maxMemory() / 4));
    }

    /**
     * A spool in memory. Its messages end with the process. It never blocks.
     *
     * <p>Content that several messages share is counted once, and each message as 1 KiB beside its header fields and
     * content. Drafts are not counted: what the listeners take in at once bounds those.
     *
     * @param maxBytes how much it holds, in bytes; at least 1
     * @return empty
     * @throws IllegalArgumentException if {@code maxBytes} is less than 1
     */
    static Spool inMemory(long maxBytes) {
        return new MemorySpool(maxBytes);
    }
}
