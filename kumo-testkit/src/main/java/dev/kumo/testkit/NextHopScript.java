package dev.kumo.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines of a script of {@link ScriptedNextHop}. */
record NextHopScript(List<Step> steps) {

    /** What is done. */
    enum Act {
        SAY,
        HEAR,
        CONTENT,
        CHUNK,
        CLOSED,
        TLS,
        TLS_FAILS,
        DROP,
        STALL
    }

    /** One line. */
    record Step(int line, Act act, String text) {}

    static NextHopScript parse(String script) {
        List<Step> steps = new ArrayList<>();
        int number = 0;
        for (String line : script.lines().toList()) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            boolean client = text.startsWith("C:");
            if (!client && !text.startsWith("S:")) {
                throw new IllegalArgumentException(
                        "line " + number + " of the script begins with none of C: S: and #: '" + line + "'");
            }
            String rest = text.substring(2).strip();
            steps.add(new Step(number, act(client, rest, number), Escapes.undo(rest)));
        }
        return new NextHopScript(List.copyOf(steps));
    }

    private static Act act(boolean client, String rest, int number) {
        if (!rest.startsWith("(")) {
            return client ? Act.HEAR : Act.SAY;
        }
        String word = rest.substring(1, Math.max(1, rest.length() - 1))
                .replace(' ', '_')
                .toUpperCase(Locale.ROOT);
        List<Act> allowed = client
                ? List.of(Act.CONTENT, Act.CHUNK, Act.CLOSED)
                : List.of(Act.TLS, Act.TLS_FAILS, Act.DROP, Act.STALL);
        return allowed.stream()
                .filter(act -> act.name().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("line " + number + " of the script: " + rest
                        + " is none of " + allowed.toString().toLowerCase(Locale.ROOT)));
    }
}
