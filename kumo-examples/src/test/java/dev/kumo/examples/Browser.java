package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chromium without a window, driven by the WebDriver protocol of the W3C. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern STARTED = Pattern.compile("started successfully on port ([0-9]+)");
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder = Files.createTempDirectory("browser");
    private final Process driver;
    private final String session;

    private Browser(Program chromium, Program chromedriver) throws IOException, InterruptedException {
        Path log = folder.resolve("driver.log");
        driver = new ProcessBuilder(chromedriver.file().toString(), "--port=0")
                .redirectOutput(log.toFile())
                .redirectErrorStream(true)
                .start();
        String url = "http://127.0.0.1:" + port(log) + "/session";
        List<String> arguments = List.of(
                "--headless=new",
                "--no-sandbox", // it refuses to run as root otherwise
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + Files.createDirectory(folder.resolve("profile")));
        Map<String, Object> capabilities = Map.of(
                "browserName",
                "chrome",
                "goog:chromeOptions",
                Map.of("binary", chromium.file().toString(), "args", arguments),
                "goog:loggingPrefs",
                Map.of("browser", "ALL", "performance", "ALL"));
        JsonNode made = call("POST", url, Map.of("capabilities", Map.of("alwaysMatch", capabilities)));
        session = url + "/" + made.get("sessionId").asString();
    }

    /** Chromium of this machine; where it is missing the test is aborted, or fails if {@code CI=true}. */
    static Browser open() throws IOException, InterruptedException {
        return new Browser(Program.named("chromium", "chromium"), Program.named("chromedriver", "chromium-driver"));
    }

    private int port(Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Matcher started = STARTED.matcher(Files.readString(log));
            if (started.find()) {
                return Integer.parseInt(started.group(1));
            }
            assertThat(driver.isAlive() && System.nanoTime() < end)
                    .as("chromedriver wrote: %s", Files.readString(log))
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private JsonNode call(String method, String url, Map<String, ?> body) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher = method.equals("POST")
                ? HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))
                : HttpRequest.BodyPublishers.noBody();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, publisher)
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, url, answer.body())
                .isEqualTo(200);
        return JSON.readTree(answer.body()).get("value");
    }

    void go(String url) throws IOException, InterruptedException {
        call("POST", session + "/url", Map.of("url", url));
    }

    /** The value of an expression of JavaScript, as text. */
    String evaluate(String expression) throws IOException, InterruptedException {
        JsonNode value = call(
                "POST",
                session + "/execute/sync",
                Map.of("script", "return String(" + expression + ")", "args", List.of()));
        return value.asString();
    }

    /** Waits until an expression is true. */
    void await(String expression) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!evaluate(expression).equals("true")) {
            assertThat(System.nanoTime())
                    .as("%s in time; the page says: %s", expression, evaluate("document.body.innerText"))
                    .isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Presses keys, one after another; those without a letter have a code of the WebDriver standard, section 17.4.2. */
    void press(String... keys) throws IOException, InterruptedException {
        List<Map<String, String>> actions = new ArrayList<>();
        for (String key : keys) {
            actions.add(Map.of("type", "keyDown", "value", key));
            actions.add(Map.of("type", "keyUp", "value", key));
        }
        call(
                "POST",
                session + "/actions",
                Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
    }

    /** What was logged since the last time, each entry as JSON: of the console, or of the network. */
    List<JsonNode> log(String type) throws IOException, InterruptedException {
        List<JsonNode> entries = new ArrayList<>();
        call("POST", session + "/se/log", Map.of("type", type)).forEach(entries::add);
        return entries;
    }

    /** The addresses of all that was asked for by pages since the last time, but for the browser's own of its first tab. */
    List<String> requested() throws IOException, InterruptedException {
        List<String> urls = new ArrayList<>();
        for (JsonNode entry : log("performance")) {
            JsonNode message = JSON.readTree(entry.get("message").asString()).get("message");
            if (message.get("method").asString().equals("Network.requestWillBeSent")) {
                String url = message.get("params").get("request").get("url").asString();
                if (!url.startsWith("chrome://")) {
                    urls.add(url);
                }
            }
        }
        return urls;
    }

    /** A size in pixels of CSS, and light or dark. */
    void look(int width, int height, boolean dark) throws IOException, InterruptedException {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    private void command(String name, Map<String, ?> parameters) throws IOException, InterruptedException {
        call("POST", session + "/goog/cdp/execute", Map.of("cmd", name, "params", parameters));
    }

    /** What is to be seen, as PNG. */
    byte[] picture() throws IOException, InterruptedException {
        return Base64.getDecoder()
                .decode(call("GET", session + "/screenshot", Map.of()).asString());
    }

    @Override
    public void close() throws IOException {
        try {
            call("DELETE", session, Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
            driver.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
