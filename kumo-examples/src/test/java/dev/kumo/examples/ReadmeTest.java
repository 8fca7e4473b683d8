package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.lua.LuaPolicyFile;
import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the README true: its Java is that of the samples, which compile and have tests. */
class ReadmeTest {

    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\R(.*?)^```");
    private static final Pattern SHELL = Pattern.compile("(?ms)^```sh\\R(.*?)^```");
    private static final Pattern JSON = Pattern.compile("(?ms)^```json\\R(.*?)^```");

    private static final Pattern LUA = Pattern.compile("(?ms)^```lua\\R(.*?)^```");

    @TempDir
    Path folder;

    private static List<String> blocks() {
        return blocks(JAVA);
    }

    private static List<String> files() {
        return blocks(JSON);
    }

    /** What a reader is to type. */
    static List<String> commands() {
        return blocks(SHELL);
    }

    private static List<String> blocks(Pattern kind) {
        return kind.matcher(text(project().resolve("README.md")))
                .results()
                .map(MatchResult::group)
                .map(block -> kind.matcher(block).replaceFirst("$1"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void showsFilesThatAGatewayTakes(String file) throws IOException {
        // What the README leaves to the environment, a test has to say.
        String complete = file.replace(
                "\"vault_mount\"",
                "\"vault_address\": \"https://vault.example.com\", \"vault_token\": \"token\", \"vault_mount\"");

        GatewayFile read = GatewayFile.read(Files.writeString(folder.resolve("gateway.json"), complete));

        assertThat(read.listeners().size() + read.http().size()).isPositive();
    }

    @Test
    void showsAPolicyThatRuns() throws IOException {
        String policy = blocks(LUA).get(0);
        Path file = Files.writeString(folder.resolve("policy.lua"), policy);

        try (LuaPolicyFile loaded = LuaPolicyFile.load(file)) {
            SmtpDialogue.with(loaded.listeners().get(0)).run("""
                    S: 220 mx.example.com *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<a@client.example>
                    S: 250 *
                    C: RCPT TO:<nobody@example.com>
                    S: 550 5.1.1 no such user
                    C: RCPT TO:<b@example.com>
                    S: 250 *
                    C: RCPT TO:<b@elsewhere.example>
                    S: 550 5.7.1 *
                    """);
        }
        assertThat(text(project().resolve("README.md"))).contains("\njava -jar kumo-gateway.jar policy.lua\n");
    }

    @Test
    void hasTheThreeSamples() {
        assertThat(blocks()).hasSizeGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void showsWhatASampleHas(String block) throws IOException {
        try (Stream<Path> files = Files.walk(project().resolve("kumo-examples/src"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .map(ReadmeTest::text)
                            .anyMatch(source -> holds(source, block)))
                    .as("a sample in kumo-examples holds this block of the README:%n%s", block)
                    .isTrue();
        }
    }

    @Test
    void whiteSpaceAloneMakesNoDifference() {
        assertThat(holds("class A {\n    int  a;\n    int b;\n}", "int a;\nint b;\n"))
                .isTrue();
        assertThat(holds("class A {\n    int a;\n    int b;\n}", "int a;\nint c;\n"))
                .isFalse();
        assertThat(holds("class A {\n    int bb;\n}", "int b;")).isFalse();
    }

    private static boolean holds(String source, String block) {
        String words = normal(block);
        return !words.isEmpty() && normal(source).contains(words);
    }

    private static String normal(String code) {
        return code.strip().replaceAll("\\s+", " ");
    }

    /** The folder of the README; tests run in that of their module. */
    private static Path project() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("kumo-examples")) ? here : here.getParent();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
