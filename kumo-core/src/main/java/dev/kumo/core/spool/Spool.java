package dev.kumo.core.spool;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Keeps messages from their reception until they have left.
 *
 * <p>Any number of threads may use a spool at once. A message in it is only read.
 */
public interface Spool extends AutoCloseable {

    /**
     * Keeps messages, all of them or none, as they are now.
     *
     * @param messages in order of arrival, each not in the spool yet; nothing happens if there are none
     * @return completes once they are kept, which in a durable spool means that they survive the end of the process and of the
     *     power; fails with {@link SpoolFullException} if there is no room for all of them, or another
     *     {@link IOException} if the store fails, and then none is kept. It may complete on a thread of the spool, which is
     *     not to be held up
     * @throws IllegalArgumentException if an id is in the spool already or occurs twice; none is kept
     */
    CompletionStage<Void> store(List<Message> messages);

    /**
     * Keeps what has changed of a message: envelope, meta data, header fields put on top, and schedule, never the content. Does
     * nothing if it is not in the spool.
     *
     * @param message as it is now
     * @return completes and fails like {@link #store}
     */
    CompletionStage<Void> update(Message message);

    /**
     * Finds a message.
     *
     * @param id its name
     * @return the message, unless it is not in the spool
     * @throws DamagedException if what it holds of the message is damaged, so that to ask again will not help
     * @throws IOException if the store fails
     */
    Optional<Message> load(MessageId id) throws IOException;

    /**
     * Forgets a message. Does nothing if it is not in the spool.
     *
     * @param id its name
     * @return completes once it is forgotten for good: before that, or if it fails, it may come back after a restart
     */
    CompletionStage<Void> remove(MessageId id);

    /**
     * Names what is in the spool, as a restart has to know it.
     *
     * @return in order of arrival; messages stored or removed meanwhile may show or not. The caller closes it
     * @throws IOException if the store fails
     */
    Stream<Stored> enumerate() throws IOException;

    /**
     * What a restart has to know of a message.
     *
     * @param id its name
     * @param queue the queue in which it waits
     * @param schedule when it is due
     */
    record Stored(MessageId id, QueueName queue, Schedule schedule) {

        /**
         * Of a message as it is now.
         *
         * @param message not kept
         * @return what a restart has to know of it
         */
        public static Stored of(Message message) {
            return new Stored(message.id(), message.queue(), message.schedule());
        }
    }

    /**
     * Whether what it keeps is still there after the end of the process and of the power.
     *
     * @return false unless overridden
     */
    default boolean isDurable() {
        return false;
    }

    /**
     * Why it takes no messages now, as far as it knows without being given any.
     *
     * @return a few words that strangers may read, such as {@code storage is too full}; empty unless overridden
     */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Ends the spool, once all that was begun has ended. Does nothing the second time. */
    @Override
    default void close() {}

    /**
     * Where content is written while it arrives.
     *
     * @return a new draft, in memory unless overridden; a store that fails says so when bytes are added
     */
    default Draft draft() {
        return Draft.inMemory();
    }

    /**
     * Whether to store, change or remove a message, or to write a draft, may block, on a disk for example, so that it has to be
     * done on a thread that can wait. To load and to enumerate may block whatever this says.
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
     * content. Drafts count too until they are finished.
     *
     * @param maxBytes how much it holds, in bytes; at least 1
     * @return empty
     * @throws IllegalArgumentException if {@code maxBytes} is less than 1
     */
    static Spool inMemory(long maxBytes) {
        return new MemorySpool(maxBytes);
    }

    /**
     * A spool on disk, with the options it has by default.
     *
     * @param path its directory, which is made if it is not there
     * @return with what was in it when it ended, however it did
     * @throws IOException if another spool has it open, or it cannot be read or written; the message names it
     */
    static Spool onDisk(Path path) throws IOException {
        return onDisk(DiskSpoolOptions.builder().path(path).build());
    }

    /**
     * A spool on disk. Its messages outlive the process and, unless it was told not to flush, the power.
     *
     * <p>Only to load and to enumerate blocks. Messages of many sessions are forced to the disk together. Content that
     * several messages of one call share is there once. It takes about 72 bytes of memory for each message, and a message that
     * it loads reads its content from the disk as it is asked for; that content may be gone once the message is removed.
     *
     * <p>When the disk fails, messages are refused until it can be written again; what is in the spool can still be read.
     *
     * @param options where and how
     * @return with what was in it when it ended, however it did
     * @throws IOException if another spool has it open, it cannot be read or written, or a newer release wrote it; the message
     *     names it, and the file that the disk does not give back. No spool begins without a file that is there, as what was
     *     removed since would come back: whoever wants that moves the file out of the directory
     */
    static Spool onDisk(DiskSpoolOptions options) throws IOException {
        return DiskSpool.open(DiskSettings.of(options), new LocalDisk(), new SecureRandom().nextLong());
    }
}
