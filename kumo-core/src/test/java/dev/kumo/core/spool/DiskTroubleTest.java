package dev.kumo.core.spool;

import static dev.kumo.core.TestMail.id;
import static dev.kumo.core.TestMail.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.TestMail.Log;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that fail, and files that are not what was written. */
class DiskTroubleTest {

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final Log damage = new Log(Damage.class);
    private final Log commits = new Log(GroupCommit.class);
    private final Log recovery = new Log(Recovery.class);

    private DiskSpool spool;

    DiskTroubleTest() throws IOException {
        open();
    }

    @AfterEach
    void closeLogs() {
        List.of(damage, commits, recovery).forEach(Log::close);
    }

    private void open() throws IOException {
        spool = DiskSpool.openWithoutThreads(SpoolModel.settings(true, 1 << 16), disk, 99);
    }

    private void reopen() throws IOException {
        spool.close();
        open();
    }

    private CompletableFuture<Void> begin(Message... messages) {
        return spool.store(List.of(messages)).toCompletableFuture();
    }

    private void store(Message... messages) {
        CompletableFuture<Void> stored = begin(messages);
        spool.turn();
        stored.join();
    }

    private List<MessageId> ids() {
        try (Stream<Spool.Stored> stored = spool.enumerate()) {
            return stored.map(Spool.Stored::id).toList();
        }
    }

    private byte[] read(int number) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        spool.load(id(number)).orElseThrow().writeTo(out);
        return out.toByteArray();
    }

    /** The first segment. */
    private Path file() {
        return disk.files().stream()
                .filter(file -> file.toString().endsWith(".log"))
                .findFirst()
                .orElseThrow();
    }

    private static int indexOf(byte[] haystack, String needle) {
        byte[] bytes = needle.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at <= haystack.length - bytes.length; at++) {
            if (Arrays.equals(haystack, at, at + bytes.length, bytes, 0, bytes.length)) {
                return at;
            }
        }
        throw new AssertionError(needle + " is not there");
    }

    private static Content content(String text) {
        return Content.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void saysThatItTakesNothingUntilItDoesAgain() {
        assertThat(spool.trouble()).isEmpty();
        disk.failForces(true);
        begin(message(1));
        spool.turn();
        begin(message(2));
        spool.turn();
        assertThat(spool.trouble()).contains("the spool is not accepting writes");

        disk.failForces(false);
        spool.turn();
        assertThat(spool.trouble()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsInFlightFailsAndTheNextSegmentGoesOn(boolean write) throws IOException {
        store(message(1));
        disk.failWrites(write);
        disk.failForces(!write);
        CompletableFuture<Void> failed = begin(message(2));
        spool.turn();
        disk.failWrites(false);
        disk.failForces(false);

        assertThat(failed).isCompletedExceptionally();
        assertThatThrownBy(failed::join)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("cannot write to the spool at '/spool': the disk");
        assertThat(ids()).containsExactly(id(1));
        assertThat(read(1)).isNotEmpty();
        spool.turn();
        store(message(3));
        store(message(2));
        assertThat(ids()).containsExactly(id(1), id(3), id(2));
        reopen();
        assertThat(ids()).containsExactly(id(1), id(3), id(2));
    }

    @Test
    void takesNothingInUntilASegmentCanBeBegun() throws IOException {
        store(message(1));
        disk.failForces(true);
        begin(message(2));
        spool.turn();

        assertThat(begin(message(3))).isCompletedExceptionally();
        assertThat(read(1)).isNotEmpty();
        assertThat(commits.lines()).anyMatch(line -> line.contains("still cannot write to the spool at '/spool'"));
        disk.failForces(false);
        spool.turn();
        store(message(3));
        assertThat(ids()).containsExactly(id(1), id(3));
    }

    @Test
    void aRemovalThatFailedIsMadeUpFor() throws IOException {
        store(message(1), message(2));
        disk.failForces(true);
        CompletableFuture<Void> removed = spool.remove(id(1)).toCompletableFuture();
        spool.turn();
        disk.failForces(false);
        spool.turn();

        assertThat(removed).isCompletedExceptionally();
        assertThat(ids()).containsExactly(id(2));
        reopen();
        assertThat(ids()).containsExactly(id(2));
    }

    @Test
    void aFullDiskIsASpoolThatIsFull() {
        disk.failWrites(true);
        disk.setUsableSpace(1000);
        CompletableFuture<Void> failed = begin(message(1));
        spool.turn();

        assertThatThrownBy(failed::join).hasCauseInstanceOf(SpoolFullException.class);
    }

    @Test
    void aTornEndIsCut() throws IOException {
        store(message(1));
        store(message(2), message(3));
        byte[] whole = disk.bytes(file());
        for (int length = whole.length - 1; length > whole.length - 300; length--) {
            SimulatedDisk torn = new SimulatedDisk(length);
            torn.put(file(), Arrays.copyOf(whole, length));
            try (DiskSpool after = DiskSpool.openWithoutThreads(SpoolModel.settings(true, 1 << 16), torn, 1)) {
                assertThat(after.enumerate())
                        .as("%d bytes", length)
                        .extracting(Spool.Stored::id)
                        .containsExactly(id(1));
            }
        }

        assertThat(recovery.lines()).hasSize(299).allMatch(line -> line.matches("cut \\d+ bytes off .*"));
        assertThat(damage.lines()).isEmpty();
    }

    /** The process ends without a word, and the disk keeps what it was given. */
    private SimulatedDisk killed() {
        SimulatedDisk after = new SimulatedDisk(2);
        disk.files().forEach(file -> after.put(file, disk.bytes(file)));
        return after;
    }

    @ParameterizedTest
    @ValueSource(ints = {20, RecordHeader.SIZE + 3})
    void whatFollowsADamagedTransactionOfTheLastCommitIsKept(int where) throws IOException {
        store(message(1), message(2));
        begin(message(3, content("third content")), message(4));
        spool.remove(id(2));
        begin(message(5, content("fifth content")), message(6));
        spool.turn();
        int at = indexOf(disk.bytes(file()), "third content") - RecordHeader.SIZE;
        SimulatedDisk after = killed();
        after.damage(file(), at + where);

        for (int start = 0; start < 3; start++) {
            try (DiskSpool again = DiskSpool.openWithoutThreads(SpoolModel.settings(true, 1 << 16), after, 1)) {
                assertThat(again.enumerate()).extracting(Spool.Stored::id).containsExactly(id(1), id(5), id(6));
                assertThat(again.load(id(5)).orElseThrow().content().open()).hasContent("fifth content");
            }
        }
        assertThat(damage.lines())
                .singleElement()
                .asString()
                .matches("left out \\d+ bytes of /spool/0000000001-.*\\.log at offset " + at + ", .*");
        assertThat(after.files())
                .filteredOn(file -> file.toString().contains("damaged"))
                .singleElement()
                .satisfies(file -> assertThat(after.bytes(file)).asString().contains("d content"));
    }

    @Test
    void aDamagedHeaderOfARecordCostsThatRecordAlone() throws IOException {
        store(message(1, content("first content")));
        store(message(2, content("second content")));
        store(message(3, content("third content")));
        int at = indexOf(disk.bytes(file()), "second content") - RecordHeader.SIZE;
        spool.close();
        disk.damage(file(), at + 20);
        open();

        assertThat(ids()).containsExactly(id(1), id(3));
        assertThat(spool.load(id(2))).isEmpty();
        assertThat(read(3)).asString().contains("third content");
        assertThat(damage.lines()).anyMatch(line -> line.contains("a bad piece in 0000000001-"));
        assertThat(damage.lines()).anyMatch(line -> line.contains("the content of message " + id(2) + " is missing"));
        assertThat(disk.files())
                .filteredOn(file -> file.toString().contains("damaged"))
                .hasSize(2)
                .anySatisfy(file -> assertThat(disk.bytes(file)).asString().contains("second content"));
        reopen();
        assertThat(ids()).containsExactly(id(1), id(3));
    }

    @Test
    void damagedContentIsNeverTakenForWhole() throws IOException {
        Content large = Content.of(new byte[300_000]);
        store(message(1, large));
        store(message(2));
        disk.damage(file(), 200_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatIOException()
                .isThrownBy(() -> spool.load(id(1)).orElseThrow().writeTo(out))
                .withMessageContaining("the spool is damaged: 0000000001-");
        assertThat(out.size()).isLessThan(300_000);
        assertThatIOException().isThrownBy(() -> {
            try (var in = spool.load(id(1)).orElseThrow().open()) {
                in.readAllBytes();
            }
        });
    }

    @Test
    void aDamagedEnvelopeIsSetAside() throws IOException {
        store(message(1), message(2), message(3));
        byte[] bytes = disk.bytes(file());
        int first = indexOf(bytes, "sender@example.com");
        int second = first + 1 + indexOf(Arrays.copyOfRange(bytes, first + 1, bytes.length), "sender@example.com");
        disk.damage(file(), second);

        assertThat(ids()).containsExactly(id(1), id(3));
        assertThatIOException().isThrownBy(() -> spool.load(id(2))).withMessageContaining("the spool is damaged");
        assertThat(damage.lines()).anyMatch(line -> line.contains("message " + id(2)));
        reopen();
        assertThat(ids()).containsExactly(id(1), id(3));
    }

    @Test
    void aDamagedHeaderOfASegmentCostsNothing() throws IOException {
        store(message(1), message(2));
        spool.close();
        disk.damage(file(), 30);
        open();

        assertThat(ids()).containsExactly(id(1), id(2));
    }

    @Test
    void recordsOfAnotherSaltAreNoRecords() throws IOException {
        SimulatedDisk other = new SimulatedDisk(2);
        try (DiskSpool forging = DiskSpool.openWithoutThreads(SpoolModel.settings(true, 1 << 16), other, 12345)) {
            forging.store(List.of(message(7, content("forged"))));
            forging.turn();
        }
        byte[] segment = other.bytes(other.files().get(0));
        byte[] forged = Arrays.copyOfRange(segment, SegmentHeader.SIZE, segment.length);
        store(message(1));
        store(message(2, Content.of(forged)));
        store(message(3));
        int at = indexOf(disk.bytes(file()), "forged") - 2 * RecordHeader.SIZE;
        spool.close();
        disk.damage(file(), at + 20);
        open();

        assertThat(ids()).containsExactly(id(1), id(3));
    }

    @Test
    void doesNotReadWhatANewerReleaseWrote() {
        store(message(1));
        spool.close();
        byte[] bytes = disk.bytes(file());
        ByteBuffer header = ByteBuffer.wrap(bytes);
        header.putInt(8, 2);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, SegmentHeader.SIZE - 4);
        header.putInt(SegmentHeader.SIZE - 4, (int) crc.getValue());
        disk.put(file(), bytes);

        assertThatIOException()
                .isThrownBy(this::open)
                .withMessageContaining("0000000001-")
                .withMessageContaining("version 2")
                .withMessageContaining("newer");
    }

    @Test
    void doesNotReadRecordsOfANewerRelease() {
        store(message(1));
        byte[] record = new RecordHeader(9, RecordHeader.ALONE, 0, 64, 0, 0, 0, 0, 0).bytes(99);
        spool.close();
        byte[] bytes = disk.bytes(file());
        byte[] longer = Arrays.copyOf(bytes, bytes.length + record.length);
        System.arraycopy(record, 0, longer, bytes.length, record.length);
        disk.put(file(), longer);

        assertThatIOException()
                .isThrownBy(this::open)
                .withMessageContaining("type 9")
                .withMessageContaining("newer");
    }

    @Test
    void aFileOfAnotherNameIsAnError() {
        store(message(1));
        spool.close();
        Path renamed = file().resolveSibling("0000000007-0000000007-0-0000000000000063.log");
        disk.put(renamed, disk.bytes(file()));

        assertThatIOException().isThrownBy(this::open).withMessageContaining("name it '0000000001-");
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        disk.put(SpoolModel.PATH.resolve("notes.txt"), new byte[] {1});
        store(message(1));
        reopen();

        assertThat(disk.files()).contains(SpoolModel.PATH.resolve("notes.txt"));
        assertThat(ids()).containsExactly(id(1));
    }

    @Test
    void aFailureToGiveBackRoomIsTriedAgain() throws IOException {
        store(message(1, Content.of(new byte[100_000])), message(2));
        store(message(3));
        spool.remove(id(1));
        spool.turn();
        long before = disk.totalSize();
        try (Log upkeep = new Log(Upkeep.class)) {
            disk.failCreates(true);
            spool.upkeep().giveBack();
            disk.failCreates(false);

            assertThat(upkeep.lines()).hasSize(1);
        }
        assertThat(ids()).containsExactly(id(2), id(3));
        spool.upkeep().giveBack();
        assertThat(disk.totalSize()).isLessThan(before / 2);
        assertThat(ids()).containsExactly(id(2), id(3));
        assertThat(read(2)).isNotEmpty();
    }

    @Test
    void aSegmentStaysAsLongAsSomethingInItCannotBeMoved() throws IOException {
        store(message(1, Content.of(new byte[50_000])), message(2, content("second content")), message(3));
        store(message(4, Content.of(new byte[100_000])));
        int at = indexOf(disk.bytes(file()), "second content") - RecordHeader.SIZE;
        Path segment = file();
        disk.damage(segment, at + 20);
        spool.remove(id(1));
        spool.turn();
        spool.upkeep().giveBack();
        spool.upkeep().giveBack();

        assertThat(disk.files()).contains(segment);
        assertThat(damage.lines()).hasSize(1).allMatch(line -> line.contains("a bad piece in 0000000001-"));
        assertThat(disk.files())
                .filteredOn(file -> file.toString().contains("damaged"))
                .singleElement()
                .satisfies(file -> assertThat(disk.bytes(file)).asString().contains("second content"));
        disk.damage(segment, at + 20); // turns the bit back
        assertThat(read(2)).asString().contains("second content");
        disk.damage(segment, at + 20);
        spool.remove(id(2));
        spool.remove(id(3));
        spool.turn();
        spool.upkeep().giveBack();
        assertThat(disk.files()).doesNotContain(segment);
        assertThat(ids()).containsExactly(id(4));
    }

    @Test
    void doesNotStartWithoutWhatTheDiskDoesNotGiveBack() throws IOException {
        store(message(1));
        spool.close();
        disk.failReads(file(), 100);

        assertThatIOException()
                .isThrownBy(this::open)
                .withMessageMatching(
                        "cannot read '/spool/0000000001-.*[.]log' at offset [0-9]+: .*Input/output error[.].*"
                                + "sound disk.*move it out of the spool.*");
        disk.delete(file());
        open();
        assertThat(ids()).isEmpty();
    }

    @Test
    void aMessageThatTheDiskDoesNotGiveBackNamesItsFile() {
        store(message(1));
        disk.failReads(file(), 100);

        assertThatIOException()
                .isThrownBy(() -> spool.load(id(1)))
                .withMessageMatching("cannot read '/spool/0000000001-.*[.]log' at offset [0-9]+: Input/output error");
    }

    @Test
    void aMessageWhoseContentIsDamagedIsNotGivenAgain() throws IOException {
        store(message(1, content("first content")), message(2));
        disk.damage(file(), indexOf(disk.bytes(file()), "first content"));
        assertThatIOException().isThrownBy(() -> read(1));

        assertThatThrownBy(() -> spool.load(id(1)))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("the content of message " + id(1) + " is damaged");
        assertThat(read(2)).isNotEmpty();
        assertThat(disk.files())
                .filteredOn(file -> file.toString().contains("damaged"))
                .anySatisfy(file -> assertThat(disk.bytes(file)).asString().contains("irst content"))
                .anySatisfy(file -> assertThat(disk.bytes(file)).asString().contains("sender@example.com"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void whatIsForcedForACopyIsNeverToldAsFailed(int forces) throws IOException {
        store(message(1, Content.of(new byte[60_000])), message(2));
        store(message(3, Content.of(new byte[100_000])));
        spool.remove(id(1));
        spool.turn();
        CompletableFuture<Void> stored = begin(message(4));
        disk.failForcesAfter(forces);
        spool.upkeep().giveBack();
        spool.turn();
        disk.failForcesAfter(Integer.MAX_VALUE);
        spool.turn(); // begins another segment, which says how much of this one counts
        SimulatedDisk after = killed();

        try (DiskSpool again = DiskSpool.openWithoutThreads(SpoolModel.settings(true, 1 << 16), after, 1);
                Stream<Spool.Stored> all = again.enumerate()) {
            assertThat(stored).isDone();
            assertThat(all.anyMatch(each -> each.id().equals(id(4)))).isEqualTo(!stored.isCompletedExceptionally());
        }
    }
}
