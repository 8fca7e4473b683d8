package dev.kumo.http.endpoint;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.http.answer.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the endpoints share that show messages. */
final class Inspection {

    /** What one answer shows of contents. */
    static final long MOST_SHOWN = 16L * 1024 * 1024;

    private Inspection() {}

    static boolean wantBody(Ask ask) {
        String value = ask.query("want_body").orElse("false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new RefusedException(400, "want_body is true or false");
        };
    }

    /** A message as JSON, its content as text if that is to be shown. */
    static Map<String, Object> json(Message message, boolean withContent) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        List<String> recipients =
                message.recipients().stream().map(EnvelopeAddress::toString).toList();
        members.put("sender", message.sender().toString());
        members.put("recipient", recipients.size() == 1 ? recipients.get(0) : recipients);
        members.put("meta", message.meta().asMap());
        members.put("data", withContent ? content(message) : null);
        members.put("due", message.schedule().due().toString());
        members.put("num_attempts", message.schedule().attempts());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", message.id().text());
        json.put("message", members);
        return json;
    }

    private static String content(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
