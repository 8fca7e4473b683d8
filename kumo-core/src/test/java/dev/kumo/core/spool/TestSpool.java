package dev.kumo.core.spool;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A spool on a simulated disk, whose threads are the test's. */
final class TestSpool {

    static final int KIB = 1024;
    static final int SEGMENT = 64 * KIB;

    final SimulatedDisk disk;
    DiskSpool spool;

    TestSpool() {
        this(1);
    }

    TestSpool(long seed) {
        disk = new SimulatedDisk(seed);
        open();
    }

    static DiskSettings settings(String minFreeSpace, Duration linger) {
        DiskSettings plain = SpoolModel.settings(true, SEGMENT);
        return new DiskSettings(
                plain.path(),
                plain.flush(),
                FreeSpace.parse(minFreeSpace),
                plain.segmentSize(),
                plain.mostWaiting(),
                plain.draftMemory(),
                linger,
                plain.retry(),
                plain.upkeep());
    }

    void open() {
        open(SpoolModel.settings(true, SEGMENT));
    }

    void open(DiskSettings settings) {
        try {
            spool = DiskSpool.openWithoutThreads(settings, disk, 99);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void reopen() {
        reopen(SpoolModel.settings(true, SEGMENT));
    }

    void reopen(DiskSettings settings) {
        spool.close();
        open(settings);
    }

    CompletableFuture<Void> begin(Message... messages) {
        return spool.store(List.of(messages)).toCompletableFuture();
    }

    void store(Message... messages) {
        CompletableFuture<Void> stored = begin(messages);
        spool.turn();
        stored.join();
    }

    void update(Message message) {
        CompletableFuture<Void> updated = spool.update(message).toCompletableFuture();
        spool.turn();
        updated.join();
    }

    void remove(int number) {
        CompletableFuture<Void> removed = spool.remove(TestMail.id(number)).toCompletableFuture();
        spool.turn();
        removed.join();
    }

    void giveBack() {
        spool.upkeep().giveBack();
    }

    Message load(int number) {
        try {
            return spool.load(TestMail.id(number)).orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<MessageId> ids() {
        try (Stream<Spool.Stored> stored = spool.enumerate()) {
            return stored.map(Spool.Stored::id).toList();
        }
    }

    static List<MessageId> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(TestMail::id).toList();
    }

    static Content content(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return Content.of(bytes);
    }

    byte[] read(int number) throws IOException {
        return bytes(load(number).content());
    }

    static byte[] bytes(Content content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out);
        return out.toByteArray();
    }
}
