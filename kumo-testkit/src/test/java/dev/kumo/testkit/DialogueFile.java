package dev.kumo.testkit;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.options.OptionTable;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A dialogue with its listener and its outcome. Beside the lines of a script a file has
 *
 * <pre>{@code
 * ! from = 192.0.2.7                                  where the client is
 * ! max_recipients_per_message = 1                    a key of the listener, in a table by its path;
 * ! domains.example.com.relay_from = [10.0.0.0/24]    what stands between the first and the last dot is one name
 * ! listener = documented-domains                     the lines of documented-domains.listener
 * = from <a@client.example> to <b@example.com>        a message that was received; there is no other
 * | Subject: Hi                                       a line of its content, which has no other; escapes as after C:
 * = from <> to <b@example.com> (empty)                a message whose content has no line
 * }</pre>
 */
record DialogueFile(String name, Map<String, Object> settings, String script, List<Expected> outcome) {

    private static final String FOLDER = "/dialogues";
    private static final String SUFFIX = ".smtp";
    private static final String EMPTY = " (empty)";

    /** A message, and its content line by line unless that is left open. */
    record Expected(String envelope, List<String> content, boolean stated) {}

    static List<DialogueFile> all() {
        try (Stream<Path> files = Files.list(path(""))) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .map(DialogueFile::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DialogueFile read(Path file) {
        String name = file.getFileName().toString();
        return parse(name.substring(0, name.length() - SUFFIX.length()), text(file));
    }

    static DialogueFile parse(String name, String text) {
        Map<String, Object> settings = new LinkedHashMap<>();
        List<Expected> outcome = new ArrayList<>();
        List<String> script = new ArrayList<>();
        text.lines().forEach(line -> {
            boolean own = line.startsWith("!") || line.startsWith("=") || line.startsWith("|");
            script.add(own ? "" : line); // an empty line for each of ours, so that numbers stay
            if (line.startsWith("!")) {
                set(settings, line.substring(1));
            } else if (line.startsWith("=")) {
                String envelope = line.substring(1).strip();
                boolean empty = envelope.endsWith(EMPTY);
                outcome.add(new Expected(
                        empty ? envelope.substring(0, envelope.length() - EMPTY.length()) : envelope,
                        List.of(),
                        empty));
            } else if (line.startsWith("|")) {
                Expected last = outcome.remove(outcome.size() - 1);
                String content = Escapes.undo(line.substring(Math.min(2, line.length())));
                outcome.add(new Expected(
                        last.envelope(),
                        Stream.concat(last.content().stream(), Stream.of(content))
                                .toList(),
                        true));
            }
        });
        return new DialogueFile(name, settings, String.join("\n", script), outcome);
    }

    private static void set(Map<String, Object> settings, String line) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no = in: !" + line);
        }
        String key = line.substring(0, equals).strip();
        String value = line.substring(equals + 1).strip();
        if (key.equals("listener")) {
            text(path("/" + value + ".listener"))
                    .lines()
                    .filter(other -> other.startsWith("!"))
                    .forEach(other -> set(settings, other.substring(1)));
            return;
        }
        int first = key.indexOf('.');
        int last = key.lastIndexOf('.');
        Map<String, Object> table = first < 0 ? settings : table(settings, key.substring(0, first));
        if (first < last) {
            table = table(table, key.substring(first + 1, last));
        }
        table.put(key.substring(last + 1), value.startsWith("[") && !key.equals("listen") ? list(value) : value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> table(Map<String, Object> in, String name) {
        return (Map<String, Object>) in.computeIfAbsent(name, missing -> new LinkedHashMap<String, Object>());
    }

    private static List<String> list(String value) {
        String inside = value.substring(1, value.length() - 1).strip();
        return inside.isEmpty()
                ? List.of()
                : Arrays.stream(inside.split(",")).map(String::strip).toList();
    }

    /** Plays the script; the outcome is for the caller to look at. */
    SmtpDialogue play() {
        Map<String, Object> keys = new LinkedHashMap<>(settings);
        String from = Objects.toString(keys.remove("from"), "192.0.2.1");
        EsmtpListener.Builder builder =
                EsmtpListener.builder().hostname("mail.example.com").time(new TestClock());
        EsmtpListener listener = OptionTable.apply(name, keys, builder).build();
        try {
            return SmtpDialogue.with(listener).from(from).run(script);
        } catch (AssertionError e) {
            throw new AssertionError(name + SUFFIX + ", " + e.getMessage(), e);
        }
    }

    /** What was received, told as the file tells it: with content where the file has it. */
    List<Expected> told(List<Message> received) {
        List<Expected> told = new ArrayList<>();
        for (Message message : received) {
            boolean stated =
                    told.size() >= outcome.size() || outcome.get(told.size()).stated();
            String to =
                    message.recipients().stream().map(EnvelopeAddress::toString).collect(Collectors.joining(","));
            told.add(new Expected(
                    "from <" + message.sender() + "> to <" + to + ">", stated ? content(message) : List.of(), stated));
        }
        return told;
    }

    private static List<String> content(Message message) {
        try (var in = message.content().open()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (text.isEmpty()) {
                return List.of();
            }
            // All but the last CRLF, by which the last line ends.
            return List.of((text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text + " (no CRLF)")
                    .split("\r\n", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(DialogueFile.class.getResource(FOLDER + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
