package dev.kumo.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Tells the life of messages from the log of a gateway.
 *
 * <p>{@code java -cp kumo-gateway.jar dev.kumo.examples.MailTrace LOG_DIR ADDRESS_OR_ID}: for each message of this sender or
 * recipient, or with this id or session, what happened to it and when. Exit codes: 0 if there was any, 1 if not, 2 if the
 * folder cannot be read.
 */
public final class MailTrace {

    static final String USAGE = "usage: java -cp kumo-gateway.jar dev.kumo.examples.MailTrace LOG_DIR ADDRESS_OR_ID\n";

    private final String wanted;
    private final Map<String, List<JsonNode>> lives = new LinkedHashMap<>();

    private MailTrace(String wanted) {
        this.wanted = wanted;
    }

    /**
     * Prints the lives.
     *
     * @param arguments the folder of the log, and what to look for
     */
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.print(USAGE);
            System.exit(2);
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            System.exit(trace(Path.of(arguments[0]), arguments[1], out) ? 0 : 1);
        } catch (IOException | InvalidPathException e) {
            System.err.println("cannot read the log: " + e.getMessage());
            System.exit(2);
        }
    }

    static boolean trace(Path folder, String wanted, PrintStream out) throws IOException {
        MailTrace trace = new MailTrace(wanted);
        LogLines.read(folder, trace::add);
        trace.print(out);
        return !trace.lives.isEmpty();
    }

    private void add(JsonNode record) {
        if (isWanted(record)) {
            String id = text(record, "id");
            // A refusal has no message: those of one session belong together.
            String life = id.isEmpty() ? "session " + text(record, "session_id") : "message " + id;
            lives.computeIfAbsent(life, unseen -> new ArrayList<>()).add(record);
        }
    }

    private boolean isWanted(JsonNode record) {
        return recipients(record).stream().anyMatch(wanted::equalsIgnoreCase)
                || List.of("id", "session_id", "sender").stream()
                        .anyMatch(member -> text(record, member).equalsIgnoreCase(wanted));
    }

    private static List<String> recipients(JsonNode record) {
        JsonNode recipient = record.path("recipient");
        return recipient.isArray()
                ? recipient.valueStream().map(MailTrace::text).toList()
                : List.of(text(recipient));
    }

    private void print(PrintStream out) {
        lives.forEach((life, records) -> {
            records.sort(Comparator.comparing(record -> text(record, "event_time")));
            out.println(MessageLines.escaped(life));
            records.forEach(record -> out.println("  " + line(record)));
        });
    }

    private static String line(JsonNode record) {
        JsonNode response = record.path("response");
        JsonNode status = response.path("enhanced_code");
        StringBuilder line = new StringBuilder();
        line.append(text(record, "event_time")).append(' ').append(text(record, "type"));
        line.append(" from=<").append(text(record, "sender")).append('>');
        line.append(" to=<").append(String.join(">,<", recipients(record))).append('>');
        add(line, "queue", text(record, "queue"));
        add(line, "peer", text(record.path("peer_address"), "addr"));
        add(line, "peer_name", text(record.path("peer_address"), "name"));
        add(
                line,
                "by",
                text(record, text(record, "type").equals("Reception") ? "reception_protocol" : "delivery_protocol"));
        line.append(" said=").append(response.path("code").asInt());
        if (status.isObject()) {
            line.append(' ').append(status.path("class").asInt());
            line.append('.').append(status.path("subject").asInt());
            line.append('.').append(status.path("detail").asInt());
        }
        return MessageLines.escaped(
                line.append(' ').append(text(response, "content")).toString().stripTrailing());
    }

    private static void add(StringBuilder line, String name, String value) {
        if (!value.isEmpty()) {
            line.append(' ').append(name).append('=').append(value);
        }
    }

    private static String text(JsonNode record, String member) {
        return text(record.path(member));
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.asString() : "";
    }
}
