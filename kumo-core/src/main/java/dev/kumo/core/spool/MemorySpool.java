package dev.kumo.core.spool;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Messages in memory, up to a number of bytes. */
final class MemorySpool implements Spool {

    /** Envelope, id and meta data, roughly: without it, any number of empty messages would fit. */
    private static final int PER_MESSAGE = 1024;

    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    /** What was counted on the way in; a message that somebody changed meanwhile must not unbalance the count. */
    private record Entry(Message message, Content content, long ownBytes, long contentBytes) {

        static Entry of(Message message) {
            Content content = message.content();
            long contentBytes = content.size();
            return new Entry(message, content, PER_MESSAGE + message.size() - contentBytes, contentBytes);
        }
    }

    private final long maxBytes;
    private final Object lock = new Object();
    private final Map<MessageId, Entry> entries = new LinkedHashMap<>();
    /** How many messages hold a content: one letter to a thousand recipients is in memory once. */
    private final IdentityHashMap<Content, Integer> holders = new IdentityHashMap<>();

    private long used;
    private long drafted;

    MemorySpool(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("a spool holds at least 1 byte, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    @Override
    public CompletionStage<Void> store(List<Message> messages) {
        try {
            keep(messages);
            return DONE;
        } catch (SpoolFullException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void keep(List<Message> messages) throws SpoolFullException {
        synchronized (lock) {
            int stored = 0;
            try {
                for (Message message : messages) {
                    add(Entry.of(message));
                    stored++;
                }
            } catch (SpoolFullException | RuntimeException e) {
                messages.subList(0, stored).forEach(message -> drop(message.id()));
                throw e;
            }
        }
    }

    private void add(Entry entry) throws SpoolFullException {
        MessageId id = entry.message().id();
        if (entries.containsKey(id)) {
            throw new IllegalArgumentException("message " + id + " is in the spool already; give each its own id");
        }
        long needed = entry.ownBytes() + (holders.containsKey(entry.content()) ? 0 : entry.contentBytes());
        requireRoom(needed);
        used += needed;
        holders.merge(entry.content(), 1, Integer::sum);
        entries.put(id, entry);
    }

    private void requireRoom(long needed) throws SpoolFullException {
        if (needed > maxBytes - used - drafted) {
            throw new SpoolFullException("the spool in memory holds " + (used + drafted) + " of " + maxBytes
                    + " bytes; no room for " + needed + " more");
        }
    }

    private void drop(MessageId id) {
        Entry entry = entries.remove(id);
        if (entry != null) {
            used -= entry.ownBytes();
            if (holders.merge(entry.content(), -1, (held, less) -> held > 1 ? held + less : null) == null) {
                used -= entry.contentBytes();
            }
        }
    }

    @Override
    public Optional<Message> load(MessageId id) {
        synchronized (lock) {
            return Optional.ofNullable(entries.get(id)).map(Entry::message);
        }
    }

    /** Mostly the message itself is what is kept; one that is changed apart from it takes its place. */
    @Override
    public CompletionStage<Void> update(Message message) {
        synchronized (lock) {
            entries.computeIfPresent(
                    message.id(),
                    (id, kept) -> new Entry(message, kept.content(), kept.ownBytes(), kept.contentBytes()));
        }
        return DONE;
    }

    @Override
    public CompletionStage<Void> remove(MessageId id) {
        synchronized (lock) {
            drop(id);
        }
        return DONE;
    }

    @Override
    public Stream<Stored> enumerate() {
        synchronized (lock) {
            return entries.values().stream().map(entry -> Stored.of(entry.message())).toList().stream();
        }
    }

    @Override
    public Optional<String> trouble() {
        synchronized (lock) {
            return maxBytes - used - drafted < PER_MESSAGE ? Optional.of("storage is too full") : Optional.empty();
        }
    }

    /** Counts what is on its way in, so that the listeners of an MTA cannot together take more than the spool may. */
    @Override
    public Draft draft() {
        return new CountedDraft();
    }

    private final class CountedDraft implements Draft {

        private final Draft draft = Draft.inMemory();
        private long taken;

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            synchronized (lock) {
                requireRoom(length);
                drafted += length;
            }
            taken += length;
            draft.append(bytes);
        }

        @Override
        public Content finish() throws IOException {
            Content content = draft.finish();
            release();
            return content;
        }

        @Override
        public void discard() {
            draft.discard();
            release();
        }

        private void release() {
            synchronized (lock) {
                drafted -= taken;
            }
            taken = 0;
        }
    }

    @Override
    public boolean mayBlock() {
        return false;
    }
}
