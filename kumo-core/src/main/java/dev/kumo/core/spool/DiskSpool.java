package dev.kumo.core.spool;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages on disk, appended to segments; {@link RecordHeader} has the format.
 *
 * <p>To store, change or remove a message only hands it to {@link GroupCommit}. To load one reads the disk. {@link Upkeep}
 * looks after free space and what is gone.
 */
final class DiskSpool implements Spool {

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpool.class);

    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private static final String FULL = "storage is too full";

    /** A segment's offsets are of 31 bits. */
    private static final long LARGEST_TRANSACTION = Integer.MAX_VALUE - (1 << 20);

    private final Path path;
    private final Index index = new Index();
    private final ReadChannels channels;
    private final RecordReader reader;
    private final Damage damage;
    private final DraftBudget drafts;
    private final CommitQueue queue;
    private final GroupCommit commits;
    private final Upkeep upkeep;
    private final Closeable lock;

    private List<Thread> threads = List.of();
    private boolean closed;

    private DiskSpool(DiskSettings settings, Disk disk, Closeable lock, long freshSalt) throws IOException {
        this.path = settings.path();
        this.lock = lock;
        this.channels = new ReadChannels(disk);
        this.damage = new Damage(disk, path);
        this.reader = new RecordReader(index, channels, damage);
        this.drafts = new DraftBudget(settings.draftMemory());
        this.queue = new CommitQueue(settings.mostWaiting());
        Recovery.Found found = Recovery.run(disk, path, index, damage);
        Appender appender =
                new Appender(disk, settings, index, found.salt().orElse(freshSalt), found.number(), found.length());
        appender.begin();
        this.commits = new GroupCommit(disk, settings, appender, queue);
        this.upkeep = new Upkeep(disk, settings, index, channels, damage, this::awaitDisk);
    }

    /** Opens a spool whose threads are the caller's: {@link #turn} and {@link #upkeep}. */
    static DiskSpool openWithoutThreads(DiskSettings settings, Disk disk, long freshSalt) throws IOException {
        disk.makeDirectory(settings.path());
        Closeable lock = disk.lock(settings.path());
        try {
            return new DiskSpool(settings, disk, lock, freshSalt);
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    static DiskSpool open(DiskSettings settings, Disk disk, long freshSalt) throws IOException {
        DiskSpool spool = openWithoutThreads(settings, disk, freshSalt);
        spool.upkeep.lookAtFreeSpace();
        spool.start();
        return spool;
    }

    private void start() {
        threads = List.of(new Thread(commits::run, "kumo-spool-commit"), new Thread(upkeep::run, "kumo-spool-upkeep"));
        for (Thread thread : threads) {
            thread.setDaemon(true);
            thread.start();
        }
        LOG.info("the spool at '{}' holds {} messages", path, index.size());
    }

    @Override
    public CompletionStage<Void> store(List<Message> messages) {
        if (messages.isEmpty()) {
            return DONE;
        }
        Optional<IOException> refusal = upkeep.shortage().or(commits::trouble);
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        try {
            return hand(prepare(messages));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Change.Store prepare(List<Message> messages) throws IOException {
        List<NewMessage> coming = new ArrayList<>(messages.size());
        List<NewContent> contents = new ArrayList<>(1);
        IdentityHashMap<Content, Integer> known = new IdentityHashMap<>(2);
        Packer bodies = new Packer();
        long length = 0;
        for (Message message : messages) {
            Content content = message.content();
            Integer number = known.get(content);
            if (number == null) {
                length += content.size();
                requireRoom(length);
                number = contents.size();
                contents.add(newContent(content));
                known.put(content, number);
            }
            int from = bodies.size();
            MessageCodec.pack(message, bodies);
            coming.add(new NewMessage(Index.Key.of(message.id()), number, from, bodies.size() - from));
        }
        requireRoom(length + bodies.size() + (long) RecordHeader.SIZE * (coming.size() + contents.size()));
        if (!index.reserve(coming, contents)) {
            throw new IOException(
                    "a content that is to be stored again is gone: its message was removed from the spool");
        }
        return new Change.Store(index, coming, contents, bodies.array());
    }

    private NewContent newContent(Content content) throws IOException {
        if (content instanceof ChunkedContent chunked) {
            return new NewContent(chunked);
        }
        if (content instanceof SpooledContent spooled && spooled.isReadBy(reader)) {
            return new NewContent(spooled);
        }
        return new NewContent(ChunkedContent.copyOf(content));
    }

    private static void requireRoom(long length) throws IOException {
        if (length > LARGEST_TRANSACTION) {
            throw new IOException("a transaction of " + length + " bytes is too large for the spool, which takes "
                    + LARGEST_TRANSACTION + " at once");
        }
    }

    private CompletionStage<Void> hand(Change change) {
        Optional<IOException> refusal = queue.offer(change);
        if (refusal.isPresent()) {
            change.giveUp();
            return CompletableFuture.failedFuture(refusal.get());
        }
        return change.done.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Void> update(Message message) {
        Index.Key key = Index.Key.of(message.id());
        if (index.target(key).isEmpty()) {
            return DONE;
        }
        Packer body = new Packer();
        MessageCodec.pack(message, body);
        synchronized (index) { // a change that is written after the removal would bring the message back
            Optional<Index.Target> target = index.target(key);
            return target.isEmpty() ? DONE : hand(new Change.Update(index, target.get(), body.array(), body.size()));
        }
    }

    @Override
    public CompletionStage<Void> remove(MessageId id) {
        Index.Key key = Index.Key.of(id);
        synchronized (index) { // whoever sees the message leave, and then waits for the disk, waits for its removal
            Optional<Index.Target> target = index.leave(key);
            return target.isEmpty() ? DONE : hand(new Change.Remove(index, target.get()));
        }
    }

    @Override
    public Optional<Message> load(MessageId id) throws IOException {
        Index.Key key = Index.Key.of(id);
        while (true) {
            Optional<Index.Place> found = index.find(key);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Index.Place place = found.get();
            try {
                Optional<ByteBuffer> body = reader.message(place);
                if (body.isPresent()) {
                    if (reader.isDamaged(place.content())) {
                        throw new DamagedException("the content of message " + id
                                + " is damaged, as was found when it was read; it is copied to " + damage);
                    }
                    Content content =
                            new SpooledContent(reader, place.contentSlot(), place.content(), place.contentSize());
                    return Optional.of(MessageCodec.unpack(id, body.get(), content));
                }
            } catch (DamagedException e) { // also of one whose content is, so that its envelope is with it
                damage.setAside(place.segment(), place.offset(), place.length(), "message " + id);
                throw e;
            }
        }
    }

    @Override
    public Stream<Stored> enumerate() {
        return StreamSupport.stream(new Listing(index, channels, damage), false);
    }

    @Override
    public Optional<String> trouble() {
        if (upkeep.shortage().isPresent()) {
            return Optional.of(FULL);
        }
        return commits.trouble()
                .map(cause -> cause instanceof SpoolFullException ? FULL : "the spool is not accepting writes");
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Draft draft() {
        return drafts.draft();
    }

    /** Commits what waits. */
    void turn() {
        commits.turn(0);
    }

    Upkeep upkeep() {
        return upkeep;
    }

    /** What is known of each message, in bytes. */
    long footprint() {
        return index.footprint();
    }

    private void awaitDisk() throws IOException {
        Change.Barrier barrier = new Change.Barrier();
        Optional<IOException> refusal = queue.offer(barrier);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        if (threads.isEmpty()) {
            turn();
        }
        try {
            barrier.done.join();
        } catch (CompletionException e) {
            throw new IOException("cannot write to the spool", e.getCause());
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        upkeep.end();
        queue.close();
        if (threads.isEmpty()) {
            commits.run();
        }
        threads.forEach(DiskSpool::awaitEnd);
        try {
            channels.close();
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot close the spool at '{}' properly", path, e);
        }
    }

    private static void awaitEnd(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // what was taken in is still to be written
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
