package dev.kumo.core.queue;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages in memory, up to a number of bytes: those whose writing to the spool is deferred, which are nowhere else, and those
 * that have just come and are in the spool as well.
 */
final class Shelf {

    /** Envelope, id, meta data and place in the queues, roughly. */
    private static final int PER_MESSAGE = 2048;

    private final long capacity;
    private final AtomicLong used = new AtomicLong();
    private final ConcurrentHashMap<MessageId, Message> unwritten = new ConcurrentHashMap<>();

    Shelf(long capacity) {
        this.capacity = capacity;
    }

    /** Takes room for a message, if there is some. */
    boolean reserve(Message message) {
        long bytes = bytes(message);
        if (used.addAndGet(bytes) > capacity) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(Message message) {
        used.addAndGet(-bytes(message));
    }

    private static long bytes(Message message) {
        return PER_MESSAGE + message.content().size();
    }

    /** Keeps a message that is nowhere else, for which room was taken. */
    void put(Message message) {
        unwritten.put(message.id(), message);
    }

    @Nullable Message unwritten(MessageId id) {
        return unwritten.get(id);
    }

    boolean isUnwritten(MessageId id) {
        return unwritten.containsKey(id);
    }

    /** Forgets a message that was {@link #put}, and frees its room. */
    void remove(MessageId id) {
        Message message = unwritten.remove(id);
        if (message != null) {
            release(message);
        }
    }

    /** All that are nowhere else. */
    List<Message> unwritten() {
        return List.copyOf(unwritten.values());
    }

    long used() {
        return used.get();
    }
}
