package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A program of this machine that a test runs.
 *
 * @param file what to execute
 */
record Program(Path file) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A program that may be missing: then the test is aborted, or fails if {@code CI=true}. */
    static Program named(String name, String aptPackage) {
        // Not all of these are on the PATH of everybody; smtp-source for one is in sbin.
        Stream<String> folders = Stream.concat(
                Stream.of("/usr/bin", "/usr/sbin"),
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
        Path found = folders.filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        if (found == null) {
            String missing = name + " is missing; apt-get install " + aptPackage;
            if ("true".equals(System.getenv("CI"))) {
                fail(missing);
            }
            Assumptions.abort(missing);
        }
        return new Program(found);
    }

    /**
     * How a program ended.
     *
     * @param code zero for success
     * @param output what it wrote to standard output and standard error
     */
    record Ended(int code, String output) {}

    /**
     * Runs it to its end and requires that it succeeds.
     *
     * @param input its standard input; an empty file for none
     * @return what it wrote to standard output and standard error
     */
    String run(Path input, List<String> arguments) throws IOException, InterruptedException {
        Ended ended = execute(input, arguments);
        assertThat(ended.code())
                .as("%s %s wrote: %s", file, arguments, ended.output())
                .isZero();
        return ended.output();
    }

    /**
     * Runs it to its end, whatever that is.
     *
     * @param input its standard input; an empty file for none
     */
    Ended execute(Path input, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile("program", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectErrorStream(true)
                    .start();
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String written = new String(Files.readAllBytes(output), UTF_8);
            assertThat(ended)
                    .as("%s ended in time; it wrote: %s", command, written)
                    .isTrue();
            return new Ended(process.exitValue(), written);
        } finally {
            Files.delete(output);
        }
    }
}
