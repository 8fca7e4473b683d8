package dev.kumo.core.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogFileOptionsTest {

    private static LogFileOptions of(Map<String, ?> table) {
        return OptionTable.apply("local_logs", table, LogFileOptions.builder()).build();
    }

    @Test
    void hasTheDocumentedKeys() {
        assertThat(OptionTable.keys(LogFileOptions.Builder.class))
                .containsExactlyInAnyOrder(
                        "log_dir",
                        "max_file_size",
                        "max_segment_duration",
                        "compression",
                        "compression_level",
                        "back_pressure",
                        "headers",
                        "meta",
                        "min_free_space",
                        "min_free_inodes",
                        "per_record",
                        "per_records",
                        "node_id");
        assertThat(OptionTable.keys(PerRecord.Builder.class))
                .containsExactlyInAnyOrder("enable", "suffix", "segment_header", "log_dir");
    }

    @Test
    void hasDefaultsForAllButTheFolder() {
        LogFileOptions options = of(Map.of("log_dir", "/var/log/mail"));

        assertThat(options.logDir()).isEqualTo(Path.of("/var/log/mail"));
        assertThat(options.maxFileSize()).isEqualTo(1_000_000_000);
        assertThat(options.maxSegmentDuration()).isEmpty();
        assertThat(options.compression()).isEqualTo(LogFileOptions.Compression.ZSTD);
        assertThat(options.compressionLevel()).isEqualTo(1);
        assertThat(options.backPressure()).isEqualTo(32_000);
        assertThat(options.headers()).isEmpty();
        assertThat(options.meta()).isEmpty();
        assertThat(options.minFreeSpace()).isEqualTo("0");
        assertThat(options.perRecord()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Map.of()))
                .withMessage("log_dir is missing; name the folder of the log");
    }

    @Test
    void readsEachKey() {
        Map<String, Object> table = new HashMap<>();
        table.put("log_dir", "logs");
        table.put("max_file_size", 1000);
        table.put("max_segment_duration", "5 minutes");
        table.put("compression", "none");
        table.put("compression_level", 7);
        table.put("back_pressure", 10);
        table.put("headers", List.of("Subject", "X-*"));
        table.put("meta", List.of("tenant"));
        table.put("min_free_space", "10%");
        table.put("min_free_inodes", 0);
        table.put("node_id", "557f3ad4-2c8c-11ee-976e-782d7e12e173");
        table.put(
                "per_record",
                Map.of(
                        "Reception",
                        Map.of("suffix", "_in", "segment_header", "# in", "log_dir", "/in"),
                        "Any",
                        Map.of("enable", false)));
        LogFileOptions options = of(table);

        assertThat(options.logDir()).isEqualTo(Path.of("logs").toAbsolutePath());
        assertThat(options.maxFileSize()).isEqualTo(1000);
        assertThat(options.maxSegmentDuration()).contains(Duration.ofMinutes(5));
        assertThat(options.compression()).isEqualTo(LogFileOptions.Compression.NONE);
        assertThat(options.compressionLevel()).isEqualTo(7);
        assertThat(options.backPressure()).isEqualTo(10);
        assertThat(options.headers()).containsExactly("Subject", "X-*");
        assertThat(options.meta()).containsExactly("tenant");
        assertThat(options.minFreeSpace()).isEqualTo("10%");
        assertThat(options.nodeId()).isPresent();
        assertThat(options.of("Reception").suffix()).isEqualTo("_in");
        assertThat(options.of("Reception").segmentHeader()).isEqualTo("# in");
        assertThat(options.of("Reception").logDir()).contains(Path.of("/in"));
        assertThat(options.of("OOB").enable()).isFalse();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("max_file_size", 0, "local_logs.max_file_size: must be at least 1 byte, not 0"),
                arguments("max_segment_duration", "0s", "local_logs.max_segment_duration: must be at least 1 second"),
                arguments("compression", "gzip", "local_logs.compression: must be 'Zstd' or 'None', not 'gzip'"),
                arguments("back_pressure", 0, "local_logs.back_pressure: must be at least 1 record, not 0"),
                arguments("headers", List.of("a*b"), "local_logs.headers: must be names, each with a * at its end"),
                arguments("meta", List.of(""), "local_logs.meta: must be names, each with a * at its end"),
                arguments(
                        "min_free_space",
                        "ten",
                        "local_logs.min_free_space: must be a number of bytes, or a percentage"),
                arguments(
                        "min_free_space", -1, "local_logs.min_free_space: must be a number of bytes, or a percentage"),
                arguments("min_free_inodes", "10%", "local_logs.min_free_inodes: cannot be watched, as Java"),
                arguments("node_id", "mail1", "local_logs.node_id: must be a UUID such as"),
                arguments("log_dir", "", "local_logs.log_dir: must be the path of a folder, not ''"),
                arguments("log_dir", "a\0b", "local_logs.log_dir: must be the path of a folder: Nul character"),
                arguments(
                        "per_record",
                        Map.of("Recption", Map.of()),
                        "local_logs.per_record['Recption']: is no kind of record"),
                arguments(
                        "per_record",
                        Map.of("OOB", Map.of("suffix", "../x")),
                        "local_logs.per_record['OOB'].suffix: must be at most 100 letters"),
                arguments("max_filesize", 1, "local_logs: unknown key 'max_filesize' (did you mean 'max_file_size'?)"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesWhereWhatAndTheMend(String key, Object value, String error) {
        assertThatThrownBy(() -> of(Map.of(key, value)))
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith(error);
    }

    @Test
    void oneFileHasOneHeader() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Map.of(
                        "log_dir", "logs", "per_record", Map.of("Bounce", Map.of("segment_header", "# bounces")))))
                .withMessageStartingWith("per_record: files with the suffix '' cannot have two segment_headers; give ");
    }

    @Test
    void knowsEveryKindOfRecord() {
        assertThat(LogFileOptions.TYPES)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(LogRecord.class.getPermittedSubclasses())
                        .map(kind -> kind.getSimpleName().equals("Oob") ? "OOB" : kind.getSimpleName())
                        .toList());
    }
}
