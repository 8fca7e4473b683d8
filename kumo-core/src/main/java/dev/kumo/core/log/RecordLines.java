package dev.kumo.core.log;

import dev.kumo.core.text.Quoted;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Tells records to a logger, a line each. What strangers said is quoted. */
final class RecordLines implements MtaObserver {

    private final Logger log;

    RecordLines(Logger log) {
        this.log = log;
    }

    @Override
    public void record(LogRecord record) {
        if (log.isInfoEnabled()) {
            log.info("{}", line(LogLine.of(record)));
        }
    }

    private static String line(LogLine line) {
        StringBuilder text = new StringBuilder(200).append(line.type);
        add(text, "id", line.id);
        text.append(" from=").append(Quoted.of(line.sender));
        text.append(" to=").append(line.recipients.stream().map(Quoted::of).collect(Collectors.joining(",")));
        if (line.size > 0) {
            text.append(" size=").append(line.size);
        }
        add(text, "queue", line.queue);
        add(text, "site", line.site);
        add(text, "peer", line.peerAddress);
        add(text, "name", line.peerName);
        add(text, "command", line.command);
        text.append(" reply=").append(line.code);
        if (line.status != null) {
            text.append(' ').append(line.status);
        }
        if (!line.content.isEmpty()) {
            text.append(' ').append(Quoted.of(line.content));
        }
        add(text, "session", line.session);
        return text.toString();
    }

    private static void add(StringBuilder text, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            text.append(' ').append(name).append('=').append(Quoted.of(value));
        }
    }
}
