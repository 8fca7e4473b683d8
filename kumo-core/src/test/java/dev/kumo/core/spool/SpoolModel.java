package dev.kumo.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What a spool on disk is to hold, by a plain map, through whatever happens to it. Random operations go to both; after
 * each restart the spool is compared with what it may and must have.
 */
final class SpoolModel {

    static final Path PATH = Path.of("/spool");

    private static final EnvelopeAddress SENDER = EnvelopeAddress.parse("sender@example.com");
    private static final EnvelopeAddress RECIPIENT = EnvelopeAddress.parse("recipient@example.org");

    /** One call of store. */
    private record Transaction(List<MessageId> ids, CompletableFuture<Void> done) {}

    /** Refused, and the spool went on: it is not to come back whatever happens. */
    private final Set<Transaction> buried = new HashSet<>();

    private static final class Entry {
        final MessageId id;
        final long order;
        final byte[] content;
        final Transaction transaction;

        /** How many attempts it may have, the last of which is known to be kept if it stands alone. */
        final List<CompletableFuture<Void>> updates = new ArrayList<>();

        int leastAttempts;
        CompletableFuture<Void> removal;

        Entry(MessageId id, long order, byte[] content, Transaction transaction) {
            this.id = id;
            this.order = order;
            this.content = content;
            this.transaction = transaction;
        }
    }

    private final String name;
    private final SplittableRandom random;
    private final DiskSettings settings;
    private final Map<MessageId, Entry> entries = new HashMap<>();
    private final List<Transaction> transactions = new ArrayList<>();

    private SimulatedDisk disk;
    private DiskSpool spool;
    private int numbers;

    SpoolModel(String name, long seed, boolean flush) {
        this.name = name;
        this.random = new SplittableRandom(seed);
        this.settings = settings(flush, 1 << random.nextInt(10, 15));
        this.disk = new SimulatedDisk(random.nextLong());
    }

    static DiskSettings settings(boolean flush, int segmentSize) {
        return new DiskSettings(
                PATH,
                flush,
                FreeSpace.parse("0"),
                segmentSize,
                1 << 20,
                1 << 20,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofDays(1));
    }

    SimulatedDisk disk() {
        return disk;
    }

    void open() throws IOException {
        spool = DiskSpool.openWithoutThreads(settings, disk, random.nextLong());
    }

    /** Does something; nothing it does fails but for the power. */
    void step() throws IOException {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> store();
            case 4 -> storeAgain();
            case 5, 6, 7 -> update();
            case 8, 9, 10, 11 -> remove();
            case 12, 13, 14, 15, 16 -> spool.turn();
            case 17 -> spool.upkeep().giveBack();
            case 18 -> look();
            default -> {
                if (random.nextInt(4) == 0) {
                    reopen();
                }
            }
        }
    }

    /** Lets the disk fail for the next turn. */
    void failOnce() {
        switch (random.nextInt(3)) {
            case 0 -> disk.failWrites(true);
            case 1 -> disk.failForces(true);
            default -> {
                disk.failForces(true);
                disk.failCreates(true);
            }
        }
        spool.turn();
        disk.failWrites(false);
        disk.failForces(false);
        disk.failCreates(false);
        spool.turn();
        if (!disk.isOff()) {
            transactions.stream()
                    .filter(transaction -> transaction.done().isCompletedExceptionally())
                    .forEach(buried::add);
        }
    }

    private Entry any() {
        List<Entry> all = entries.values().stream()
                .filter(entry -> entry.removal == null)
                .filter(entry -> !entry.transaction.done().isCompletedExceptionally())
                .sorted(Comparator.comparing(entry -> entry.id))
                .toList();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private void store() {
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 5 : 1);
        byte[] shared = content();
        Content content = Content.of(shared);
        List<Message> messages = new ArrayList<>();
        Transaction transaction = new Transaction(new ArrayList<>(), new CompletableFuture<>());
        for (int i = 0; i < count; i++) {
            boolean own = random.nextInt(3) == 0;
            byte[] bytes = own ? content() : shared;
            int number = numbers++;
            Message message = message(number, own ? Content.of(bytes) : content);
            messages.add(message);
            transaction.ids().add(message.id());
            entries.put(message.id(), new Entry(message.id(), number, bytes, transaction));
        }
        transactions.add(transaction);
        complete(spool.store(messages).toCompletableFuture(), transaction.done());
    }

    /** Another message with a content that is in the spool. */
    private void storeAgain() throws IOException {
        Entry entry = any();
        if (entry != null && isKept(entry.transaction)) {
            int number = numbers++;
            Message message = message(number, spool.load(entry.id).orElseThrow().content());
            Transaction transaction = new Transaction(List.of(message.id()), new CompletableFuture<>());
            entries.put(message.id(), new Entry(message.id(), number, entry.content, transaction));
            transactions.add(transaction);
            complete(spool.store(List.of(message)).toCompletableFuture(), transaction.done());
        }
    }

    private static void complete(CompletableFuture<Void> from, CompletableFuture<Void> to) {
        from.whenComplete((nothing, cause) -> {
            if (cause == null) {
                to.complete(null);
            } else {
                to.completeExceptionally(cause);
            }
        });
    }

    private byte[] content() {
        byte[] bytes = new byte[random.nextInt(8) == 0 ? random.nextInt(6000) : random.nextInt(300)];
        random.nextBytes(bytes);
        if (bytes.length > 0) {
            bytes[0] = 'x'; // no continuation of the header field on top of it
        }
        return bytes;
    }

    private static Message message(int number, Content content) {
        Message message = new Message(
                TestMail.id(number), Envelope.of(SENDER, RECIPIENT), new Meta().put("x_number", number), content);
        message.prependHeader("X-Number", Integer.toString(number));
        return message;
    }

    private void update() {
        Entry entry = any();
        if (entry != null) {
            Message message = message((int) entry.order, Content.of(entry.content));
            int attempts = entry.leastAttempts + entry.updates.size() + 1;
            message.setSchedule(new Schedule(Instant.EPOCH, attempts));
            entry.updates.add(spool.update(message).toCompletableFuture());
        }
    }

    private void remove() {
        Entry entry = any();
        if (entry != null) {
            entry.removal = spool.remove(entry.id).toCompletableFuture();
        }
    }

    private void look() throws IOException {
        Entry entry = any();
        if (entry != null && isKept(entry.transaction)) {
            Message message = spool.load(entry.id).orElseThrow(() -> new AssertionError(name + ": lost " + entry.id));
            assertContent(entry, message);
        }
    }

    void reopen() throws IOException {
        spool.close();
        open();
        compare();
    }

    /** What was not acknowledged in time never will be. */
    void losePower() {
        if (spool != null) {
            spool.close();
        }
        disk = disk.afterPowerLoss();
    }

    /** The process ends, and all that it handed to the system is there. */
    void kill() {
        disk.cutPowerAfter(0);
        spool.close();
        SimulatedDisk after = new SimulatedDisk(random.nextLong());
        disk.files().forEach(file -> after.put(file, disk.bytes(file)));
        disk = after;
    }

    private static boolean isKept(Transaction transaction) {
        return transaction.done().isDone() && !transaction.done().isCompletedExceptionally();
    }

    /** Compares what is in the spool with what may and must be there, and takes that as the new beginning. */
    void compare() throws IOException {
        List<Spool.Stored> stored;
        try (Stream<Spool.Stored> stream = spool.enumerate()) {
            stored = stream.toList();
        }
        Set<MessageId> found = new HashSet<>();
        long last = -1;
        for (Spool.Stored each : stored) {
            Entry entry = entries.get(each.id());
            assertThat(entry).as("%s: %s came back", name, each.id()).isNotNull();
            assertThat(entry.order).as("%s: order of %s", name, each.id()).isGreaterThan(last);
            last = entry.order;
            found.add(each.id());
            compare(entry, each);
        }
        for (Transaction transaction : transactions) {
            compare(transaction, found);
        }
        entries.keySet().retainAll(found);
        transactions.clear();
        Transaction past = new Transaction(List.of(), CompletableFuture.completedFuture(null));
        for (Spool.Stored each : stored) {
            Entry old = entries.get(each.id());
            Entry entry = new Entry(old.id, old.order, old.content, past);
            entry.leastAttempts = each.schedule().attempts();
            entries.put(entry.id, entry);
        }
        buried.clear();
    }

    private void compare(Entry entry, Spool.Stored stored) throws IOException {
        assertThat(entry.removal != null && isDone(entry.removal))
                .as("%s: %s was removed and came back", name, entry.id)
                .isFalse();
        int least = entry.leastAttempts;
        for (int i = 0; i < entry.updates.size(); i++) {
            if (isDone(entry.updates.get(i))) {
                least = entry.leastAttempts + i + 1;
            }
        }
        assertThat(stored.schedule().attempts())
                .as("%s: attempts of %s", name, entry.id)
                .isBetween(least, entry.leastAttempts + entry.updates.size());
        Message message = spool.load(entry.id).orElseThrow();
        assertThat(Spool.Stored.of(message)).isEqualTo(stored);
        assertContent(entry, message);
    }

    private static boolean isDone(CompletableFuture<Void> stage) {
        return stage.isDone() && !stage.isCompletedExceptionally();
    }

    private void compare(Transaction transaction, Set<MessageId> found) {
        List<MessageId> notRemoved = transaction.ids().stream()
                .filter(id -> entries.get(id).removal == null)
                .toList();
        if (isKept(transaction)) {
            assertThat(found).as("%s: acknowledged", name).containsAll(notRemoved);
        } else if (buried.contains(transaction)) {
            assertThat(found).as("%s: refused", name).doesNotContainAnyElementsOf(transaction.ids());
        } else if (!found.containsAll(notRemoved)) {
            assertThat(found).as("%s: half of a transaction", name).doesNotContainAnyElementsOf(notRemoved);
        }
    }

    private void assertContent(Entry entry, Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.content().writeTo(out);
        assertThat(out.toByteArray()).as("%s: content of %s", name, entry.id).isEqualTo(entry.content);
        assertThat(message.meta().get("x_number")).as(name).contains((int) entry.order);
        assertThat(message.headers().first("X-Number")).as(name).contains(Long.toString(entry.order));
    }
}
