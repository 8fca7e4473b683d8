package dev.kumo.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskSpoolOptionsTest {

    private static DiskSpoolOptions apply(Map<String, ?> table) {
        return OptionTable.apply("spool", table, DiskSpoolOptions.builder()).build();
    }

    @Test
    void hasTheDocumentedKeys() {
        assertThat(OptionTable.keys(DiskSpoolOptions.Builder.class))
                .containsExactly("flush", "kind", "min_free_inodes", "min_free_space", "path");
    }

    @Test
    void flushesByDefaultAndKeepsATenthFree() {
        assertThat(apply(Map.of("path", "./spool")))
                .isEqualTo(new DiskSpoolOptions(DiskSpoolOptions.Kind.LOCAL_DISK, Path.of("./spool"), true, "10%"));
    }

    @Test
    void takesAllKeys() {
        Map<String, Object> table =
                Map.of("kind", "LocalDisk", "path", "x", "flush", false, "min_free_space", 1000, "min_free_inodes", 0);

        assertThat(apply(table).toBuilder().build())
                .isEqualTo(new DiskSpoolOptions(DiskSpoolOptions.Kind.LOCAL_DISK, Path.of("x"), false, "1000"));
    }

    @Test
    void needsAPath() {
        assertThatIllegalArgumentException().isThrownBy(() -> apply(Map.of())).withMessageContaining("'path'");
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> apply(Map.of("path", "")))
                .withMessageContaining("spool.path");
    }

    @Test
    void saysWhichKindsThereAre() {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> apply(Map.of("path", "x", "kind", "RocksDB")))
                .withMessageContaining("'LocalDisk'");
    }

    @Test
    void doesNotPretendToCheckInodes() {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> apply(Map.of("path", "x", "min_free_inodes", "10%")))
                .withMessageContaining("inodes cannot be checked");
    }

    @ParameterizedTest
    @CsvSource({"10%, 100", "0%, 0", "100 %, 1000", "0.05%, 1", "12.5%, 125", "0, 0", "77, 77"})
    void readsHowMuchIsToStayFree(String text, long expected) {
        assertThat(FreeSpace.parse(text).of(1000)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "101%", "-1", "10 GB", "1e3", "99999999999999999999"})
    void refusesOtherSpaces(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DiskSpoolOptions.builder().minFreeSpace(text))
                .withMessageContaining("'" + text + "'");
    }
}
