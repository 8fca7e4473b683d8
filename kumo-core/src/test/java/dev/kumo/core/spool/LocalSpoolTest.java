package dev.kumo.core.spool;

import static dev.kumo.core.TestMail.id;
import static dev.kumo.core.TestMail.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On the disk of this machine. */
class LocalSpoolTest {

    @TempDir
    Path directory;

    private Spool open() throws IOException {
        return Spool.onDisk(DiskSpoolOptions.builder()
                .path(directory.resolve("a/b"))
                .minFreeSpace("0")
                .build());
    }

    private static void store(Spool spool, Message message) {
        spool.store(List.of(message)).toCompletableFuture().join();
    }

    @Test
    void isForOneSpoolAtATime() throws IOException {
        try (Spool first = open()) {
            for (int i = 0; i < 2; i++) {
                assertThatIOException()
                        .isThrownBy(this::open)
                        .withMessage("the spool at '" + directory.resolve("a/b")
                                + "' is in use by another spool of this process; close that one, or give this one a path of "
                                + "its own");
            }
            store(first, message(1));
        }
        try (Spool again = open()) {
            assertThat(again.load(id(1))).isPresent();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Files.createFile(directory.resolve("a"));

        assertThatIOException()
                .isThrownBy(this::open)
                .withMessageContaining(directory.resolve("a").toString());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void isForItsUserAlone() throws IOException {
        try (Spool spool = open()) {
            store(spool, message(1));
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a/b"))))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory.resolve("a/b"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".log")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void anInterruptedReaderHurtsNobody() throws Exception {
        try (Spool spool = open()) {
            store(spool, message(1, Content.of(new byte[500_000])));
            Message loaded = spool.load(id(1)).orElseThrow();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Thread.currentThread().interrupt();
            loaded.writeTo(out);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(out.size()).isEqualTo(500_000);
            assertThat(spool.load(id(1))).isPresent();
        }
    }

    @Test
    void doesItsWorkOnItsOwnThreads() throws Exception {
        try (Spool spool = open()) {
            for (int number = 0; number < 50; number++) {
                store(spool, message(number));
                spool.remove(id(number));
            }
            assertThat(spool.mayBlock()).isFalse();
            assertThat(spool.isDurable()).isTrue();
        }
        try (Spool again = open();
                Stream<Spool.Stored> stored = again.enumerate()) {
            assertThat(stored).isEmpty();
        }
    }
}
