package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/lua.md says is there, and what it says is not. */
class DocumentedNamesTest {

    private static final Pattern ROW = Pattern.compile("^\\| (`[^|]+`) \\| (yes|no) \\| (.+) \\|$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** A row: whether it is there, and how, or why not. */
    private record Row(boolean here, String text) {}

    @TempDir
    Path folder;

    private static String page() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path root = Files.isDirectory(here.resolve("docs")) ? here : here.getParent();
        return Files.readString(root.resolve("docs").resolve("lua.md"));
    }

    private static Map<String, Row> rows(String heading) throws IOException {
        String section = page().split("\n## " + heading + "\n", -1)[1].split("\n## ", -1)[0];
        Map<String, Row> rows = new LinkedHashMap<>();
        Matcher row = ROW.matcher(section);
        while (row.find()) {
            Matcher name = NAME.matcher(row.group(1));
            while (name.find()) {
                assertThat(rows.put(name.group(1), new Row(row.group(2).equals("yes"), row.group(3))))
                        .as(name.group(1))
                        .isNull();
            }
        }
        return rows;
    }

    private static Set<String> here(Map<String, Row> rows) {
        return rows.entrySet().stream()
                .filter(row -> row.getValue().here())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The test that the page shows, with the script that it shows. */
    @Test
    void theScriptOnTopPassesItsTest() throws IOException {
        String page = page();
        String script = page.split("```lua\n", -1)[1].split("```", -1)[0];
        String dialogue = page.split("\\.run\\(\"\"\"\n", -1)[1].split("\"\"\"", -1)[0];

        try (LuaPolicyFile policy = Policies.load(folder, script)) {
            SmtpDialogue.with(policy.listeners().get(0)).run(dialogue);
        }
        assertThat(dialogue.lines()).hasSizeGreaterThan(5);
    }

    @Test
    void theTableOfFunctionsHasAllThereAre() throws IOException {
        Set<String> functions = new TreeSet<>(KumoModule.OF_THE_PRELUDE);
        Policies.library().functions().keySet().stream()
                .filter(name -> name.startsWith("kumo."))
                .forEach(functions::add);

        assertThat(here(rows("Functions"))).isEqualTo(functions);
    }

    @Test
    void theTableOfEventsHasAllThereAre() throws IOException {
        assertThat(here(rows("Events"))).isEqualTo(new TreeSet<>(Events.known()));
    }

    @Test
    void theTableOfMethodsHasAllThereAre() throws IOException {
        Set<String> methods = new TreeSet<>();
        Stream.of(MessageType.TYPE, PeerType.TYPE)
                .forEach(type -> type.methods().keySet().stream()
                        .filter(method -> !method.startsWith("__"))
                        .forEach(method -> methods.add(type.name() + ":" + method)));

        assertThat(here(rows("Methods"))).isEqualTo(methods);
    }

    @Test
    void whatIsNotThereHasTheReasonOfItsError() throws IOException {
        Map<String, String> missing = new LinkedHashMap<>();
        for (String heading : List.of("Functions", "Events", "Methods")) {
            rows(heading).forEach((name, row) -> {
                if (!row.here()) {
                    missing.put(name, row.text());
                }
            });
        }

        assertThat(missing).containsExactlyInAnyOrderEntriesOf(NotHere.all());
    }

    static Stream<String> missingFunctions() {
        return NotHere.all().keySet().stream().filter(name -> name.startsWith("kumo."));
    }

    @Test
    void eachMissingFunctionIsAnErrorThatNamesItAndItsLine() throws IOException {
        List<String> lines = new ArrayList<>();
        missingFunctions().forEach(name -> lines.add("check('" + name + "', function() " + name + "() end)"));
        // The family of a function may be missing as a whole, and is named then.
        Path script = Policies.write(folder, """
                local function check(name, call)
                  local ok, trouble = pcall(call)
                  local named = trouble:match '^policy.lua:%%d+: (%%S+) is not supported here: .'
                  assert(not ok and named and (name == named or name:sub(1, #named + 1) == named .. '.'), name .. ' -> ' .. trouble)
                end
                %s
                """.formatted(String.join("\n", lines)));

        LuaPolicyFile.load(script).close();
        assertThat(lines).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @MethodSource("missingEvents")
    void aMissingEventIsAnErrorThatNamesItAndItsLine(String event) {
        assertThatThrownBy(() -> Policies.load(folder, "\nkumo.on('" + event + "', print)"))
                .hasMessage("policy.lua:2: kumo.on: the event '" + event + "' never comes here: "
                        + NotHere.all().get(event));
    }

    static Stream<String> missingEvents() {
        return NotHere.all().keySet().stream().filter(name -> name.indexOf('.') < 0 && name.indexOf(':') < 0);
    }
}
