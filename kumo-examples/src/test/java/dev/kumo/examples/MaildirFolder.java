package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Maildir as its reader sees it.
 *
 * @param root which holds {@code new} and {@code tmp}
 */
record MaildirFolder(Path root) {

    /** The messages that have come. */
    List<Path> messages() throws IOException {
        return files("new");
    }

    /** The only message that has come, and nothing half written. */
    byte[] onlyMessage() throws IOException {
        assertThat(files("tmp")).isEmpty();
        assertThat(messages()).hasSize(1);
        return Files.readAllBytes(messages().get(0));
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(name))) {
            return files.toList();
        }
    }
}
