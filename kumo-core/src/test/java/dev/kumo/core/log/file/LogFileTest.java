package dev.kumo.core.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import dev.kumo.core.TestMail;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.sink.Losses;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    @TempDir
    Path folder;

    private static LogRecord record(int number) {
        return new LogRecord.Reception(TestMail.NOW, MessageFacts.of(TestMail.message(number)));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.endsWith(".nodeid")).sorted().toList();
        }
    }

    private String text() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files()) {
            try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
                text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    @Test
    void whatWasToldIsInTheFileOnceItIsClosed() throws IOException {
        try (LogFile log = LogFile.open(LogFileOptions.builder().logDir(folder).build())) {
            IntStream.range(0, 5000).mapToObj(LogFileTest::record).forEach(log::record);
        }

        List<String> lines = text().lines().toList();
        assertThat(lines).hasSize(5000);
        for (int i = 0; i < lines.size(); i += 100) {
            assertThat(lines.get(i)).contains(TestMail.id(i).text());
        }
    }

    @Test
    void severalThreadsMayTell() throws Exception {
        LogFile log = LogFile.open(LogFileOptions.builder().logDir(folder).build());
        List<Thread> tellers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tellers.add(new Thread(
                    () -> IntStream.range(0, 1000).mapToObj(LogFileTest::record).forEach(log::record)));
        }
        tellers.forEach(Thread::start);
        for (Thread teller : tellers) {
            teller.join();
        }
        log.close();

        assertThat(text().lines()).hasSize(4000);
        assertThat(log.lost()).isZero();
    }

    @Test
    void closesTwiceAndHearsNothingAfterwards() throws IOException {
        LogFile log = LogFile.open(LogFileOptions.builder().logDir(folder).build());
        log.close();
        log.record(record(1));
        log.close();

        assertThat(files()).isEmpty();
    }

    @Test
    void countsWhatItLoses() throws IOException {
        try (TestMail.Log losses = new TestMail.Log(Losses.class)) {
            LogFile log = LogFile.open(LogFileOptions.builder()
                    .logDir(folder)
                    .minFreeSpace(Long.MAX_VALUE / 10)
                    .build());
            log.record(record(1));
            log.record(record(2));
            log.close();

            assertThat(log.lost()).isEqualTo(2);
            assertThat(losses.lines()).hasSize(1).first().asString().startsWith("the log in " + folder + ": ");
        }
    }

    @Test
    void makesItsFoldersAndKeepsTheIdOfTheNode() throws IOException {
        Path deep = folder.resolve("a/b");
        Path other = folder.resolve("c");
        LogFileOptions options = LogFileOptions.builder()
                .logDir(deep)
                .perRecord("OOB", in -> in.logDir(other))
                .headers(List.of("Subject"))
                .build();
        try (LogFile log = LogFile.open(options)) {
            assertThat(log.wantedHeaders()).hasToString("[Subject]");
        }

        assertThat(other).isDirectory();
        if (System.getenv("KUMO_NODE_ID") == null) {
            assertThat(deep.resolve(".nodeid")).exists();
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "");

        assertThatThrownBy(() ->
                        LogFile.open(LogFileOptions.builder().logDir(taken).build()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot make the folder " + taken + " for the log: ");
    }

    @Test
    void aLevelThatZstandardDoesNotKnowIsRefused() {
        assertThatThrownBy(() -> LogFile.open(LogFileOptions.builder()
                        .logDir(folder)
                        .compressionLevel(23)
                        .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("compression_level is -")
                .hasMessageEndingWith(" to 22, not 23");
    }

    @Test
    void withoutTheLibraryZstandardIsAnErrorAndPlainTextIsNot() throws Exception {
        URL[] others = Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .filter(entry -> !entry.contains("zstd-jni"))
                .map(entry -> {
                    try {
                        return Path.of(entry).toUri().toURL();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .toArray(URL[]::new);
        try (URLClassLoader without = new URLClassLoader(others, ClassLoader.getPlatformClassLoader())) {
            Class<?> probe = without.loadClass(OpenALog.class.getName());

            assertThatThrownBy(() ->
                            probe.getMethod("open", Path.class, boolean.class).invoke(null, folder, true))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("compression \"zstd\" needs the library com.github.luben:zstd-jni");
            probe.getMethod("open", Path.class, boolean.class).invoke(null, folder, false);
        }
    }

    /** Runs where Zstandard cannot be found. */
    public static final class OpenALog {

        private OpenALog() {}

        public static void open(Path folder, boolean compressed) throws IOException {
            LogFileOptions.Builder options = LogFileOptions.builder().logDir(folder);
            LogFile.open((compressed ? options : options.compression(LogFileOptions.Compression.NONE)).build())
                    .close();
        }
    }
}
