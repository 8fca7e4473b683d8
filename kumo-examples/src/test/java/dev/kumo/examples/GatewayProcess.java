package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The gateway as its users run it: the jar, in a process of its own. */
final class GatewayProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:([0-9]+) .*");
    private static final Pattern HTTP = Pattern.compile("Listening on https?://127\\.0\\.0\\.1:([0-9]+); .*");

    private final Process process;
    private final Path errors;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread reader;

    private GatewayProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.reader = new Thread(this::readLines, "gateway-stdout");
        this.reader.start();
    }

    /** Starts it in a folder, in which it leaves its standard error. */
    static GatewayProcess start(Path folder, String... arguments) throws IOException {
        String jar = Objects.requireNonNull(System.getProperty("kumo.gateway.jar"), "kumo.gateway.jar is not set");
        return java(
                folder,
                Stream.concat(Stream.of("-jar", jar), Stream.of(arguments)).toArray(String[]::new));
    }

    /** Starts the Java of this test in a folder, in which it leaves its standard error. */
    static GatewayProcess java(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        command.addAll(List.of(arguments));
        Path errors = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // or Java would tell of it on standard error
        return new GatewayProcess(builder.redirectError(errors.toFile()).start(), errors);
    }

    private void readLines() {
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            out.lines().forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line of its standard output. */
    String line() throws IOException, InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(line)
                .as("a line on standard output; standard error: %s", errors())
                .isNotNull();
        return line;
    }

    /** The port in the line that says where it listens; lines about mail that waited since an earlier run may come first. */
    int port() throws IOException, InterruptedException {
        return port(LISTENING);
    }

    /** The port in the line that says where it listens for HTTP, which comes after that of SMTP. */
    int httpPort() throws IOException, InterruptedException {
        return port(HTTP);
    }

    private int port(Pattern pattern) throws IOException, InterruptedException {
        String line = ownLine();
        Matcher listening = pattern.matcher(line);
        assertThat(listening.matches()).as(line).isTrue();
        return Integer.parseInt(listening.group(1));
    }

    /** The next line of its own; those about mail are passed over. */
    private String ownLine() throws IOException, InterruptedException {
        String line = line();
        while (line.contains(" id=")) {
            line = line();
        }
        return line;
    }

    /** The next line about a mail. */
    String mailLine() throws IOException, InterruptedException {
        String line = line();
        while (!line.contains(" id=")) {
            line = line();
        }
        return line;
    }

    /** Kills it, as a crash would. */
    void kill() {
        close();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // Process.destroy would close the streams, too
    }

    /** Waits for its end. */
    int exitCode() throws IOException, InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the gateway ends; standard error: %s", errors())
                .isTrue();
        reader.join();
        return process.exitValue();
    }

    /** The lines of its standard output that nobody has read. */
    List<String> rest() {
        return List.copyOf(lines);
    }

    /** Its standard error. */
    String errors() throws IOException {
        return Files.readString(errors);
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }
}
