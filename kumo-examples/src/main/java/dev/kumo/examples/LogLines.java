package dev.kumo.examples;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the files of a log, those in progress too, line by line: plain text, and Zstandard as far as it goes. What is no
 * record, like a header or the torn end of a file whose process died, is passed over.
 */
final class LogLines {

    private static final int ZSTANDARD = 0xfd2fb528; // RFC 8878 section 3.1.1, little endian
    private static final JsonMapper JSON = JsonMapper.shared();

    private LogLines() {}

    static void read(Path folder, Consumer<JsonNode> records) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                readLines(in, records);
            }
        }
    }

    private static void readLines(InputStream in, Consumer<JsonNode> records) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(plain(in), StandardCharsets.UTF_8));
        for (String line = next(lines); line != null; line = next(lines)) {
            if (line.startsWith("{")) {
                read(line, records);
            }
        }
    }

    private static InputStream plain(InputStream in) throws IOException {
        in.mark(4);
        int magic = Integer.reverseBytes(
                ByteBuffer.wrap(Arrays.copyOf(in.readNBytes(4), 4)).getInt());
        in.reset();
        return magic == ZSTANDARD ? new ZstdInputStream(in) : in;
    }

    private static @Nullable String next(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException torn) {
            return null;
        }
    }

    private static void read(String line, Consumer<JsonNode> records) {
        JsonNode record;
        try {
            record = JSON.readTree(line);
        } catch (JacksonException torn) {
            return;
        }
        records.accept(record);
    }
}
