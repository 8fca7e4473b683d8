package dev.kumo.core.log.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import dev.kumo.core.TestMail;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.sink.Losses;
import dev.kumo.core.mail.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final String FIRST = "20261122-101530";

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(TestMail.NOW);
    private final TestMail.Log log = new TestMail.Log(Losses.class);
    private final Losses losses = new Losses("the test", now::get);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private Journal journal(Consumer<LogFileOptions.Builder> changes) {
        LogFileOptions.Builder builder =
                LogFileOptions.builder().logDir(folder).compression(LogFileOptions.Compression.NONE);
        changes.accept(builder);
        LogFileOptions options = builder.build();
        Framing framing = options.compression() == LogFileOptions.Compression.NONE
                ? Framing.none()
                : ZstdFraming.open(options.compressionLevel());
        try {
            return new Journal(options, options.writer().build(), framing, now::get, losses);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static LogRecord reception(int number) {
        return new LogRecord.Reception(TestMail.NOW, MessageFacts.of(TestMail.message(number)));
    }

    private static LogRecord expiration(int number) {
        return new LogRecord.Expiration(
                TestMail.NOW, MessageFacts.of(TestMail.message(number)), Reply.of(554, "5.4.7", "too old"));
    }

    private List<String> names() throws IOException {
        return names(folder);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".nodeid"))
                    .sorted()
                    .toList();
        }
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name));
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Test
    void aFileIsMadeWithTheFirstRecordAndNamedAfterItsTime() throws IOException {
        Journal journal = journal(options -> {});
        journal.tick();
        assertThat(names()).isEmpty();

        journal.write(reception(1));
        assertThat(names()).containsExactly(FIRST);
    }

    @Test
    void aLineIsWrittenAfterASecond() throws IOException {
        Journal journal = journal(options -> {});
        journal.write(reception(1));
        pass(Duration.ofMillis(999));
        journal.write(reception(2));
        journal.tick();
        assertThat(lines(FIRST)).isEmpty();

        pass(Duration.ofMillis(1));
        journal.tick();
        assertThat(lines(FIRST))
                .hasSize(2)
                .first()
                .asString()
                .contains(TestMail.id(1).text());
    }

    @Test
    void manyLinesAreWrittenAtOnce() throws IOException {
        Journal journal = journal(options -> {});
        int count = 0;
        while (Files.notExists(folder.resolve(FIRST)) || Files.size(folder.resolve(FIRST)) == 0) {
            journal.write(reception(count++));
        }

        assertThat(Files.size(folder.resolve(FIRST))).isBetween((long) Journal.PIECE, Journal.PIECE + 2_000L);
        assertThat(lines(FIRST)).hasSize(count);
    }

    @Test
    void aSegmentEndsBySizeAndTheNextHasANameOfItsOwn() throws IOException {
        Journal journal = journal(options -> options.maxFileSize(1000));
        for (int i = 0; i < 6; i++) {
            journal.write(reception(i));
        }
        journal.close();

        assertThat(names()).containsExactly(FIRST, FIRST + "-1", FIRST + "-2");
        assertThat(lines(FIRST)).hasSize(2);
        assertThat(lines(FIRST + "-2")).hasSize(2);
    }

    @Test
    void aSegmentEndsByTimeAlsoIfNothingComes() throws IOException {
        Journal journal = journal(options -> options.maxSegmentDuration(Duration.ofMinutes(1)));
        journal.write(reception(1));
        pass(Duration.ofSeconds(59));
        journal.tick();
        assertThat(writePermission(FIRST)).isTrue();

        pass(Duration.ofSeconds(1));
        journal.tick();
        assertThat(writePermission(FIRST)).isFalse();
        assertThat(lines(FIRST)).hasSize(1);

        journal.write(reception(2));
        assertThat(names()).containsExactly(FIRST, "20261122-101630");
    }

    private boolean writePermission(String name) throws IOException {
        return Files.getPosixFilePermissions(folder.resolve(name)).contains(PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void aFileThatIsThereIsNeverOverwritten() throws IOException {
        Files.writeString(folder.resolve(FIRST), "old\n");
        Journal journal = journal(options -> {});
        journal.write(reception(1));
        journal.close();

        assertThat(lines(FIRST)).containsExactly("old");
        assertThat(names()).containsExactly(FIRST, FIRST + "-1");
    }

    @Test
    void aClockThatGoesBackDelaysNothing() throws IOException {
        Journal journal = journal(options -> {});
        journal.write(reception(1));
        pass(Duration.ofHours(-1));
        journal.tick();

        assertThat(lines(FIRST)).hasSize(1);
    }

    @Test
    void kindsOfRecordsMayHaveFilesOfTheirOwnOrNone() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Journal journal = journal(options -> options.perRecord("Reception", in -> in.suffix("_in"))
                .perRecord("Delivery", in -> in.enable(false))
                .perRecord("Any", in -> in.suffix("_rest").logDir(other).segmentHeader("# rest")));
        MessageFacts facts = MessageFacts.of(TestMail.message(1));
        journal.write(new LogRecord.Delivery(TestMail.NOW, facts, Reply.OK, Attempt.NONE));
        journal.write(reception(1));
        journal.write(expiration(1));
        journal.write(new LogRecord.AdminBounce(TestMail.NOW, facts, Reply.of(550, "5.7.1", "no")));
        journal.close();

        assertThat(names()).containsExactly(FIRST + "_in", "other");
        assertThat(lines(FIRST + "_in")).hasSize(1);
        assertThat(names(other)).containsExactly(FIRST + "_rest");
        assertThat(Files.readAllLines(other.resolve(FIRST + "_rest")))
                .hasSize(3)
                .startsWith("# rest")
                .last()
                .asString()
                .startsWith("{\"type\":\"AdminBounce\"");
    }

    @Test
    void whatTheDiskDoesNotTakeIsLostAndLaterRecordsAreNot() throws IOException {
        Path gone = folder.resolve("gone");
        Journal journal = journal(options -> options.logDir(gone).nodeId("557f3ad4-2c8c-11ee-976e-782d7e12e173"));
        journal.write(reception(1));
        Files.createDirectory(gone);
        pass(Journal.PAUSE.minusMillis(1));
        journal.write(reception(2));
        assertThat(losses.total()).isEqualTo(2);
        assertThat(names(gone)).isEmpty();

        pass(Duration.ofMillis(1));
        journal.write(reception(3));
        journal.close();
        assertThat(losses.total()).isEqualTo(2);
        assertThat(names(gone)).hasSize(1);
        assertThat(log.lines()).singleElement().asString().startsWith("the test: 1 records lost since the start; ");
    }

    @Test
    void leavesTheSpaceFreeThatItIsToldTo() {
        Journal journal = journal(options -> options.minFreeSpace(Long.MAX_VALUE / 10));
        journal.write(reception(1));

        assertThat(losses.total()).isEqualTo(1);
        assertThat(log.lines())
                .singleElement()
                .asString()
                .endsWith("less than min_free_space = 922337203685477580 is free");
    }

    @Test
    void aFileInProgressIsReadableAsFarAsItIsWritten() throws IOException {
        Journal journal = journal(options -> options.compression(LogFileOptions.Compression.ZSTD));
        for (int i = 0; i < 3; i++) {
            journal.write(reception(i));
            pass(Duration.ofSeconds(1));
            journal.tick();
        }
        journal.write(reception(3));

        byte[] file = Files.readAllBytes(folder.resolve(FIRST));
        assertThat(text(file).lines()).hasSize(3);
        journal.close();
        assertThat(text(Files.readAllBytes(folder.resolve(FIRST))).lines()).hasSize(4);
    }

    @Test
    void aTornTailLosesNothingBeforeIt() throws IOException {
        Journal journal = journal(
                options -> options.compression(LogFileOptions.Compression.ZSTD).compressionLevel(1));
        for (int i = 0; i < 20; i++) {
            journal.write(reception(i));
            pass(Duration.ofSeconds(1));
            journal.tick();
        }
        journal.close();
        byte[] file = Files.readAllBytes(folder.resolve(FIRST));
        String whole = text(file);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50; i++) {
            int length = random.nextInt(file.length);
            String left = text(Arrays.copyOf(file, length));

            assertThat(whole).startsWith(left);
            // Frames of one line each: no more than the last of them is gone.
            assertThat(left.lines().count()).isGreaterThanOrEqualTo(20L * length / file.length - 1);
        }
    }

    /** What can be read of it. */
    private static String text(byte[] file) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(file))) {
            in.transferTo(text);
        } catch (IOException torn) {
            assertThat(torn.getMessage()).isNotNull();
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
