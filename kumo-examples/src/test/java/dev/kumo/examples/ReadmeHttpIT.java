package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Types what the README says about HTTP. */
@Timeout(180)
class ReadmeHttpIT {

    private static final String SUSPEND = "/api/admin/suspend/v1";

    @TempDir
    Path folder;

    @Test
    void itsCommandsDoWhatItSays() throws Exception {
        List<String> blocks = ReadmeTest.commands();
        assertThat(blocks).hasSize(2);
        Path file = Files.writeString(folder.resolve("gateway.json"), """
                {
                  "http_listeners": [{"listen": "127.0.0.1:0"}],
                  "spool": {"kind": "LocalDisk", "path": "./spool"},
                  "deliver": {"maildir": "mail"}
                }
                """);
        try (GatewayProcess gateway = GatewayProcess.start(folder, file.toString())) {
            String address = "127.0.0.1:" + gateway.httpPort();
            Curl curl = new Curl(folder, "http://" + address);
            curl.send("POST", SUSPEND, "{\"domain\": \"example.org\", \"reason\": \"to look at what waits\"}")
                    .json();

            assertThat(type(blocks.get(0), address))
                    .isEqualTo("{\"success_count\":2,\"fail_count\":0,\"failed_recipients\":[],\"errors\":[]}");
            String first = curl.ask(SUSPEND).json().get(0).path("id").asString();
            curl.send("DELETE", SUSPEND, "{\"id\": \"" + first + "\"}");
            List<String> lines = blocks.get(1).lines().toList();
            assertThat(lines).hasSize(4);
            String id = type(lines.get(0), address).replaceAll("\\{\"id\":\"(.*)\"}", "$1");
            assertThat(type(lines.get(1), address)).contains("\"queue_name\":\"example.org\"");
            assertThat(type(lines.get(2), address)).contains("\"id\":\"" + id + "\"", "full moon");
            assertThat(type(lines.get(3).replace("\"ID\"", "\"" + id + "\""), address))
                    .isEqualTo("removed " + id);
        }
    }

    /** Runs a command of the README against a gateway that is elsewhere; an answer that is an error fails. */
    private String type(String command, String address) throws IOException, InterruptedException {
        assertThat(command).contains("127.0.0.1:8000");
        Path script = Files.writeString(
                folder.resolve("command"),
                "set -e\ncurl() { command curl -sS --fail-with-body \"$@\"; }\n"
                        + command.replace("127.0.0.1:8000", address));
        return Program.named("sh", "dash")
                .run(Path.of("/dev/null"), List.of(script.toString()))
                .strip();
    }
}
