package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What curl gets. */
@Timeout(60)
class CurlTest {

    @BeforeEach
    void thereIsCurl() throws Exception {
        boolean there;
        try {
            there = run("curl", "--version").contains("HTTP2");
        } catch (IOException none) {
            there = false;
        }
        // In CI it has to be there: a test that is always skipped proves nothing.
        assumeTrue(there || System.getenv("CI") != null, "curl with HTTP/2 is not on the path");
        assertThat(there).as("curl with HTTP/2").isTrue();
    }

    @Test
    void speaksEveryVersionInClear() throws Exception {
        try (Served served = new Served(unchanged -> {})) {
            assertThat(curl(served, "/hello", "--http1.0")).isEqualTo("hello 200 1.1");
            assertThat(curl(served, "/hello", "--http1.1")).isEqualTo("hello 200 1.1");
            assertThat(curl(served, "/hello", "--http2-prior-knowledge")).isEqualTo("hello 200 2");
        }
    }

    @Test
    void speaksEveryVersionOverTls() throws Exception {
        try (Served served = new Served(builder -> builder.useTls(true).hostname("localhost"))) {
            assertThat(curl(served, "/hello", "-k", "--http1.1")).isEqualTo("hello 200 1.1");
            assertThat(curl(served, "/hello", "-k", "--http2")).isEqualTo("hello 200 2");
            assertThat(curl(served, "/hello", "-k", "--no-alpn")).isEqualTo("hello 200 1.1");
        }
    }

    @Test
    void readsWhyALargeBodyIsRefused(@TempDir Path folder) throws Exception {
        Path large = Files.write(folder.resolve("large"), new byte[5_000_000]);
        try (Served served = new Served(unchanged -> {})) {
            for (String version : new String[] {"--http1.1", "--http2-prior-knowledge"}) {
                assertThat(curl(served, "/echo", version, "-H", "Expect:", "--data-binary", "@" + large))
                        .contains("request_body_limit")
                        .contains(" 413 ");
            }
        }
    }

    private static String curl(Served served, String path, String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("curl", "-sS", "--max-time", "20", "-w", " %{http_code} %{http_version}"));
        command.addAll(List.of(options));
        command.add(served.url(path).replace("localhost", "127.0.0.1"));
        return run(command.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
