package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A listener of a gateway, asked with curl as its users do. */
final class Curl {

    private static final String JSON = "Content-Type: application/json";

    private final Program curl = Program.named("curl", "curl");
    private final Path folder;
    private final String origin;

    Curl(Path folder, String origin) {
        this.folder = folder;
        this.origin = origin;
    }

    static Curl of(Path folder, GatewayProcess gateway) throws Exception {
        return new Curl(folder, "http://127.0.0.1:" + gateway.httpPort());
    }

    /**
     * What came back.
     *
     * @param protocol such as {@code HTTP/2}
     * @param head the fields of the header, each on its line
     */
    record Answer(int status, String protocol, String head, String body) {

        JsonNode json() {
            assertThat(status).as(body).isEqualTo(200);
            return JsonMapper.shared().readTree(body);
        }
    }

    /** Asks with more arguments of curl. */
    Answer ask(String path, String... arguments) throws IOException, InterruptedException {
        Path head = folder.resolve("answer.head");
        Path body = folder.resolve("answer.body");
        Files.deleteIfExists(body); // an empty body leaves the one of the last answer
        List<String> all = new ArrayList<>(List.of(
                "-sS", "-D", head.toString(), "-o", body.toString(), "-w", "%{http_code} HTTP/%{http_version}"));
        all.addAll(List.of(arguments));
        all.add(origin + path);
        String[] told = curl.run(Path.of("/dev/null"), all).strip().split(" ", 2);
        return new Answer(
                Integer.parseInt(told[0]),
                told[1],
                Files.readString(head, UTF_8),
                Files.exists(body) ? Files.readString(body, UTF_8) : "");
    }

    /** Sends JSON. */
    Answer send(String method, String path, String json, String... arguments) throws IOException, InterruptedException {
        Path body = Files.writeString(folder.resolve("request.json"), json, UTF_8);
        List<String> all = new ArrayList<>(List.of("-X", method, "-H", JSON, "--data-binary", "@" + body));
        all.addAll(List.of(arguments));
        return ask(path, all.toArray(String[]::new));
    }

    /** Injects. */
    Answer inject(String json, String... arguments) throws IOException, InterruptedException {
        return send("POST", "/api/inject/v1", json, arguments);
    }

    /** Injects for one recipient, and requires that it is taken. */
    void injectFor(String recipient, String content) throws IOException, InterruptedException {
        JsonNode result = inject("{\"envelope_sender\": \"shop@example.com\", \"recipients\": [{\"email\": \""
                        + recipient + "\"}], \"content\": " + content + "}")
                .json();
        assertThat(result.path("success_count").asInt()).as("%s", result).isEqualTo(1);
    }
}
