package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
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

    @Test
    void readsWhyALargeBodyInChunksIsRefused(@TempDir Path folder) throws Exception {
        Path large = Files.write(folder.resolve("large"), new byte[5_000_000]);
        try (Served served = new Served(unchanged -> {})) {
            assertThat(curl(
                            served,
                            "/echo",
                            "--http1.1",
                            "-H",
                            "Expect:",
                            "-H",
                            "Transfer-Encoding: chunked",
                            "--data-binary",
                            "@" + large))
                    .contains("request_body_limit, which is 2097152 bytes")
                    .contains(" 413 ");
        }
    }

    @Test
    void waitsToBeToldToGoOn(@TempDir Path folder) throws Exception {
        Path large = Files.write(folder.resolve("large"), "x".repeat(2_000_000).getBytes(StandardCharsets.US_ASCII));
        try (Served served = new Served(unchanged -> {})) {
            for (String version : new String[] {"--http1.1", "--http2-prior-knowledge"}) {
                assertThat(curl(
                                served,
                                "/echo",
                                version,
                                "-H",
                                "Expect: 100-continue",
                                "--expect100-timeout",
                                "20",
                                "-o",
                                folder.resolve("echo").toString(),
                                "--data-binary",
                                "@" + large))
                        .startsWith(" 200 ");
                assertThat(folder.resolve("echo")).hasSameBinaryContentAs(large);
            }
        }
    }

    /** Over TLS, as curl 7.88 uses no connection twice where it knows HTTP/2 beforehand (its issue 10634). */
    @Test
    void keepsTheConnection() throws Exception {
        try (Served served = new Served(builder -> builder.useTls(true).hostname("localhost"))) {
            for (String version : new String[] {"--http1.1", "--http2"}) {
                String url = served.url("/hello").replace("localhost", "127.0.0.1");
                assertThat(curl(served, "/hello", "-k", version, "-w", " %{num_connects}\n", url))
                        .isEqualTo("hello 1\nhello 0\n");
            }
        }
    }

    @Test
    void getsWhatIsCompressedWhole() throws Exception {
        String text = "all work and no play ".repeat(1000);
        try (Served served = new Served(
                builder -> builder.route(Method.GET, "/long", Access.OPEN, request -> Response.text(200, text)))) {
            for (String version : new String[] {"--http1.1", "--http2-prior-knowledge"}) {
                for (String coding : new String[] {"gzip", "deflate"}) {
                    String heard = curl(
                            served,
                            "/long",
                            version,
                            "--compressed",
                            "-H",
                            "Accept-Encoding: " + coding,
                            "-w",
                            " %header{content-encoding} %{size_download}");
                    assertThat(heard).startsWith(text + " " + coding);
                    assertThat(Integer.parseInt(heard.substring(heard.lastIndexOf(' ') + 1)))
                            .isLessThan(1000);
                }
            }
        }
    }

    @Test
    void sendsWhatIsCompressed(@TempDir Path folder) throws Exception {
        String text = "all work and no play ".repeat(1000);
        Path gzip = folder.resolve("gzip");
        Path deflate = folder.resolve("deflate");
        try (OutputStream first = new GZIPOutputStream(Files.newOutputStream(gzip));
                OutputStream second = new DeflaterOutputStream(Files.newOutputStream(deflate))) {
            first.write(text.getBytes(StandardCharsets.US_ASCII));
            second.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        try (Served served = new Served(unchanged -> {})) {
            for (Path file : List.of(gzip, deflate)) {
                assertThat(curl(
                                served,
                                "/echo",
                                "-H",
                                "Content-Encoding: " + file.getFileName(),
                                "--data-binary",
                                "@" + file))
                        .isEqualTo(text + " 200 1.1");
            }
        }
    }

    @Test
    void injects() throws Exception {
        try (Served served = new Served(unchanged -> {})) {
            assertThat(curl(
                            served,
                            "/api/inject/v1",
                            "-H",
                            "Content-Type: application/json",
                            "-d",
                            "{\"envelope_sender\":\"s@b.example\",\"recipients\":[{\"email\":\"a@b.example\"}],"
                                    + "\"content\":{\"text_body\":\"Hello\"}}"))
                    .isEqualTo("{\"success_count\":1,\"fail_count\":0,\"failed_recipients\":[],\"errors\":[]} 200 1.1");
            assertThat(served.inbox.messages).hasSize(1);
        }
    }

    @Test
    void isToldHowToShowWhoItIs() throws Exception {
        try (Served served = new Served(builder -> builder.trustedHosts()
                .useTls(true)
                .hostname("localhost")
                .policy(HttpPolicy.basic(Map.of("shop", "secret")))
                .policy(HttpPolicy.bearer(Map.of("robot", "token")))
                .route(
                        Method.GET,
                        "/who",
                        Access.AUTHENTICATED,
                        request -> Response.text(200, request.caller().user().orElse("nobody"))))) {
            for (String version : new String[] {"--http1.1", "--http2"}) {
                assertThat(curl(served, "/who", "-k", version, "-i"))
                        .containsIgnoringCase("WWW-Authenticate: Basic realm=\"kumo\", charset=\"UTF-8\"")
                        .containsIgnoringCase("WWW-Authenticate: Bearer realm=\"kumo\"")
                        .contains("it needs credentials")
                        .contains(" 401 ");
                assertThat(curl(served, "/who", "-k", version, "--anyauth", "-u", "shop:secret"))
                        .startsWith("shop 200");
                assertThat(curl(served, "/who", "-k", version, "-u", "shop:wrong"))
                        .contains("not accepted");
                assertThat(curl(served, "/who", "-k", version, "--oauth2-bearer", "token"))
                        .startsWith("robot 200");
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
