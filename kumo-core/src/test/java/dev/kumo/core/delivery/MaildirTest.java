package dev.kumo.core.delivery;

import static dev.kumo.core.TestMail.NOW;
import static dev.kumo.core.TestMail.TEXT;
import static dev.kumo.core.TestMail.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumo.core.TestMail;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaildirTest {

    @TempDir
    Path directory;

    private final TestMail.Log log = new TestMail.Log(Maildir.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private Path root() {
        return directory.resolve("deep").resolve("mail");
    }

    private Maildir open() throws IOException {
        return open("mx.example.com");
    }

    private Maildir open(String host) throws IOException {
        return Maildir.open(root(), InstantSource.fixed(NOW), host);
    }

    private List<Path> in(String name) throws IOException {
        try (Stream<Path> files = Files.list(root().resolve(name))) {
            return files.toList();
        }
    }

    private Path onlyMail() throws IOException {
        assertThat(in("new")).hasSize(1);
        return in("new").get(0);
    }

    private static String permissions(Path path) throws IOException {
        assumeTrue(path.getFileSystem().supportedFileAttributeViews().contains("posix"));
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Content that writes some of itself and then fails. */
    private record Broken(Throwable cause) implements Content {

        @Override
        public long size() {
            return 100_000;
        }

        @Override
        public InputStream open() throws IOException {
            throw new IOException("not to be opened");
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(new byte[50_000]);
            if (cause instanceof IOException e) {
                throw e;
            }
            if (cause instanceof Error e) {
                throw e;
            }
            throw (RuntimeException) cause;
        }
    }

    @Test
    void aMailIsReturnPathAndMessageByteForByte() throws Exception {
        Message message = message(1);
        message.prependHeader("Received", "from here");

        assertThat(open().deliver(List.of(message)))
                .containsExactly(new Outcome.Delivered(Reply.of(250, "2.0.0", "delivered"), Attempt.by("Maildir")));
        assertThat(onlyMail())
                .hasBinaryContent(("Return-Path: <sender@example.com>\r\nReceived: from here\r\n" + TEXT)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theNullSenderIsAnEmptyReturnPath() throws Exception {
        open().deliver(List.of(message(1, EnvelopeAddress.NULL_SENDER, Content.of(new byte[0]))));

        assertThat(onlyMail()).hasBinaryContent("Return-Path: <>\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aLargeMailArrivesWhole() throws Exception {
        byte[] bytes = new byte[1_000_003];
        new Random(7).nextBytes(bytes);

        open().deliver(List.of(message(1, EnvelopeAddress.NULL_SENDER, Content.of(bytes))));

        byte[] file = Files.readAllBytes(onlyMail());
        assertThat(file).hasSize("Return-Path: <>\r\n".length() + bytes.length).endsWith(bytes);
    }

    @Test
    void deliveringDoesNotChangeTheMessage() throws Exception {
        Message message = message(1);
        open().deliver(List.of(message));

        assertThat(message.size()).isEqualTo(TEXT.length());
    }

    @Test
    void makesItsDirectoriesForTheOwnerAlone() throws Exception {
        open();

        for (Path each : List.of(root(), root().resolve("tmp"), root().resolve("new"), root().resolve("cur"))) {
            assertThat(each).isDirectory();
            assertThat(permissions(each)).as(each.toString()).isEqualTo("rwx------");
        }
    }

    @Test
    void keepsThePermissionsOfDirectoriesThatExist() throws Exception {
        Files.createDirectories(root());
        assumeTrue(root().getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwxr-x---"));
        open();

        assertThat(permissions(root())).isEqualTo("rwxr-x---");
    }

    @Test
    void othersMayReadItIfThatWasSaid() throws Exception {
        Delivery.maildir(new Protocol.Maildir(root(), OptionalInt.of(0775), OptionalInt.of(0664)))
                .deliver(List.of(message(1)));

        for (Path each : List.of(root(), root().resolve("tmp"), root().resolve("new"), root().resolve("cur"))) {
            assertThat(permissions(each)).as(each.toString()).isEqualTo("rwxrwxr-x");
        }
        assertThat(permissions(onlyMail())).isEqualTo("rw-rw-r--");
    }

    @Test
    void aMailIsForItsOwnerAlone() throws Exception {
        open().deliver(List.of(message(1)));

        assertThat(permissions(onlyMail())).isEqualTo("rw-------");
    }

    @Test
    void aNameTellsTimeProcessCountAndHost() throws Exception {
        open().deliver(List.of(message(1)));

        assertThat(onlyMail().getFileName().toString())
                .matches(NOW.getEpochSecond() + "\\.M123456P"
                        + ProcessHandle.current().pid() + "R[0-9a-f]{16}Q1\\.mx\\.example\\.com");
    }

    @Test
    void escapesWhatAFileNameCannotHold() throws Exception {
        open("a/b:c").deliver(List.of(message(1)));

        assertThat(onlyMail().getFileName().toString()).endsWith(".a\\057b\\072c");
    }

    @Test
    void leavesNothingInTmpOnceDelivered() throws Exception {
        open().deliver(TestMail.messages(3));

        assertThat(in("tmp")).isEmpty();
        assertThat(in("new")).hasSize(3);
    }

    @Test
    void twoMaildirsOnOneDirectoryNeverUseANameTwice() throws Exception {
        int each = 25;
        List<Maildir> maildirs = List.of(open(), open(), open(), open());
        ExecutorService executor = Executors.newFixedThreadPool(maildirs.size());
        try {
            List<Future<List<Outcome>>> outcomes = new ArrayList<>();
            for (Maildir maildir : maildirs) {
                outcomes.add(executor.submit(() -> maildir.deliver(TestMail.messages(each))));
            }
            for (Future<List<Outcome>> outcome : outcomes) {
                assertThat(outcome.get()).hasSize(each).allMatch(Outcome.Delivered.class::isInstance);
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(in("new")).hasSize(maildirs.size() * each);
    }

    @Test
    void threadsOnOneMaildirNeverUseANameTwice() throws Exception {
        int threads = 4;
        int each = 25;
        Maildir maildir = open();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<Outcome>>> outcomes = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                outcomes.add(executor.submit(() -> maildir.deliver(TestMail.messages(each))));
            }
            for (Future<List<Outcome>> outcome : outcomes) {
                assertThat(outcome.get()).allMatch(Outcome.Delivered.class::isInstance);
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(in("new")).hasSize(threads * each);
    }

    @Test
    void aFailingContentIsDeferredAndLeavesNothing() throws Exception {
        Message message = message(1, new Broken(new IOException("bad sector 7")));

        assertThat(open().deliver(List.of(message)))
                .containsExactly(new Outcome.Deferred(
                        Reply.of(451, "4.3.0", "local error in delivery, try again later"), Attempt.by("Maildir")));
        assertThat(in("tmp")).isEmpty();
        assertThat(in("new")).isEmpty();
    }

    @Test
    void theCauseOfAFailureIsInTheLog() throws Exception {
        Message message = message(1, new Broken(new IllegalStateException("bad sector 7")));
        List<Outcome> outcomes = open().deliver(List.of(message));

        assertThat(outcomes).singleElement().isInstanceOf(Outcome.Deferred.class);
        assertThat(log.lines()).singleElement().asString().contains(message.id().text());
        assertThat(log.causes()).containsExactly("bad sector 7");
    }

    @Test
    void evenAnErrorLeavesNothingInTmp() throws Exception {
        Maildir maildir = open();
        Message message = message(1, new Broken(new StackOverflowError()));

        assertThatThrownBy(() -> maildir.deliver(List.of(message))).isInstanceOf(StackOverflowError.class);
        assertThat(in("tmp")).isEmpty();
    }

    @Test
    void noRoomIs452() throws Exception {
        Content huge = new Content() {
            @Override
            public long size() {
                return Long.MAX_VALUE / 2;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThat(open().deliver(List.of(message(1, huge))))
                .containsExactly(new Outcome.Deferred(
                        Reply.of(452, "4.3.1", "insufficient storage, try again later"), Attempt.by("Maildir")));
    }

    @Test
    void aMoveThatFailsIsDeferredAndLeavesNothingInTmp() throws Exception {
        Maildir maildir = open();
        Files.delete(root().resolve("new"));

        assertThat(maildir.deliver(List.of(message(1)))).singleElement().isInstanceOf(Outcome.Deferred.class);
        assertThat(in("tmp")).isEmpty();
    }

    @Test
    void nothingIsDeliveredUnlessTheDirectoryIsOnDisk() throws Exception {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Maildir maildir = open();
        Content mover = new Content() {
            @Override
            public long size() {
                return 0;
            }

            @Override
            public InputStream open() throws IOException {
                Files.move(root().resolve("new"), root().resolve("elsewhere"));
                throw new IOException("bad sector 7");
            }
        };

        assertThat(maildir.deliver(List.of(message(1), message(2, mover))))
                .hasSize(2)
                .allMatch(Outcome.Deferred.class::isInstance);
        assertThat(in("elsewhere")).hasSize(1);
    }

    @Test
    void oneFailureDoesNotHarmTheRestOfTheBatch() throws Exception {
        Message broken = message(2, new Broken(new IOException("bad sector 7")));

        assertThat(open().deliver(List.of(message(1), broken, message(3))))
                .extracting(outcome -> outcome.reply().code())
                .containsExactly(250, 451, 250);
        assertThat(in("new")).hasSize(2);
    }

    @Test
    void clearsWhatIsOlderThan36HoursOutOfTmp() throws Exception {
        open();
        Path stale = Files.createFile(root().resolve("tmp").resolve("stale"));
        Path young = Files.createFile(root().resolve("tmp").resolve("young"));
        Path mail = Files.createFile(root().resolve("new").resolve("old"));
        FileTime limit = FileTime.from(NOW.minus(Duration.ofHours(36)));
        Files.setLastModifiedTime(stale, FileTime.fromMillis(limit.toMillis() - 1000));
        Files.setLastModifiedTime(young, FileTime.fromMillis(limit.toMillis() + 1000));
        Files.setLastModifiedTime(mail, FileTime.fromMillis(0));
        open();

        assertThat(in("tmp")).containsExactly(young);
        assertThat(in("new")).containsExactly(mail);
    }

    @Test
    void aFileInItsPlaceIsAnErrorThatNamesIt() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Delivery.maildir(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot use '" + file + "' as a maildir");
    }

    @Test
    void mayBlock() throws Exception {
        assertThat(Delivery.maildir(root()).mayBlock()).isTrue();
    }
}
