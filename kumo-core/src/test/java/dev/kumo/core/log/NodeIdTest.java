package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdTest {

    private static final String GIVEN = "557f3ad4-2c8c-11ee-976e-782d7e12e173";

    @TempDir
    Path folder;

    @Test
    void isWhatTheEnvironmentSays() throws IOException {
        Path file = folder.resolve(".nodeid");

        assertThat(NodeId.of(Map.of("KUMO_NODE_ID", GIVEN))).hasToString(GIVEN);
        assertThat(NodeId.of(Map.of("KUMO_NODE_ID", GIVEN), file)).hasToString(GIVEN);
        assertThat(file).doesNotExist();
    }

    @Test
    void isKeptInAFile() throws IOException {
        Path file = folder.resolve(".nodeid");
        Files.writeString(file, GIVEN + "\n");

        assertThat(NodeId.of(Map.of(), file)).hasToString(GIVEN);
    }

    @Test
    void isMadeOnceAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve(".nodeid");

        assertThat(NodeId.of(Map.of(), file)).isEqualTo(NodeId.of(Map.of(), file));
        assertThat(Files.readString(file).strip())
                .isEqualTo(NodeId.of(Map.of(), file).toString());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void isTheSameForAllOfAProcess() {
        assertThat(NodeId.of(Map.of())).isEqualTo(NodeId.of(Map.of()));
        assertThat(NodeId.of(Map.of()).version()).isEqualTo(4);
    }

    @Test
    void whatIsNoIdIsRefusedWithItsPlace() throws IOException {
        Path file = Files.writeString(folder.resolve(".nodeid"), "1-1-1-1-1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeId.of(Map.of("KUMO_NODE_ID", "mail7")))
                .withMessage("KUMO_NODE_ID must be a UUID such as " + GIVEN + ", not 'mail7'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeId.of(Map.of(), file))
                .withMessageStartingWith("the node id in " + file + " must be a UUID");
    }
}
