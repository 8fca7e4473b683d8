package dev.kumo.http;

import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.trace.TraceHeaders;
import dev.kumo.http.answer.Fields;
import dev.kumo.http.answer.Printable;
import dev.kumo.http.answer.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code POST /api/inject/v1}, and what is told of it in the OpenAPI document. */
final class InjectJson {

    private InjectJson() {}

    /**
     * Reads a request.
     *
     * @throws RefusedException 422 if it has another shape
     */
    static InjectRequest read(@Nullable Object json) {
        Fields fields = Fields.of("", json);
        String sender = fields.text("envelope_sender");
        fields.need("recipients");
        List<InjectRequest.Recipient> recipients = fields.list("recipients", item -> recipient(item.fields()));
        InjectContent content = content(fields.need("content"));
        Map<String, @Nullable Object> substitutions = fields.table("substitutions");
        boolean deferredSpool = fields.flag("deferred_spool");
        boolean deferredGeneration = fields.flag("deferred_generation");
        TraceHeaders traceHeaders = traceHeaders(fields.table("trace_headers"));
        TemplateDialect dialect =
                fields.optionalText("template_dialect").map(InjectJson::dialect).orElse(TemplateDialect.JINJA);
        fields.end();
        return new InjectRequest(
                sender, recipients, content, substitutions, deferredSpool, deferredGeneration, traceHeaders, dialect);
    }

    private static InjectRequest.Recipient recipient(Fields fields) {
        String email = fields.text("email");
        Optional<String> name = fields.optionalText("name");
        Map<String, @Nullable Object> substitutions = fields.table("substitutions");
        Map<String, Object> metadata = new LinkedHashMap<>();
        fields.table("metadata").forEach((key, value) -> {
            if (value == null) {
                throw new RefusedException(
                        422, fields.place("metadata") + "['" + Printable.of(key) + "'] cannot be null; leave it out");
            }
            metadata.put(key, value);
        });
        fields.end();
        return new InjectRequest.Recipient(email, name, substitutions, metadata);
    }

    private static InjectContent content(Object json) {
        if (json instanceof String whole) {
            return InjectContent.whole(whole);
        }
        if (!(json instanceof Map)) {
            throw Fields.wrong("content", "text or an object", json);
        }
        Fields fields = Fields.of("content", json);
        InjectContent content = new InjectContent.Built(
                fields.optionalText("text_body"),
                fields.optionalText("html_body"),
                fields.optionalText("amp_html_body"),
                fields.list("attachments", InjectJson::attachment),
                fields.texts("headers"),
                mailbox(fields, "from"),
                fields.optionalText("subject"),
                mailbox(fields, "reply_to"));
        fields.end();
        return content;
    }

    private static Optional<InjectRequest.Mailbox> mailbox(Fields parent, String name) {
        Object json = parent.take(name);
        if (json == null) {
            return Optional.empty();
        }
        Fields fields = Fields.of(parent.place(name), json);
        InjectRequest.Mailbox mailbox = new InjectRequest.Mailbox(fields.text("email"), fields.optionalText("name"));
        fields.end();
        return Optional.of(mailbox);
    }

    private static InjectContent.Attachment attachment(Fields.Item item) {
        Fields fields = item.fields();
        String data = fields.text("data");
        InjectContent.Attachment attachment = InjectContent.Attachment.of(
                fields.text("content_type"),
                fields.flag("base64") ? base64(fields.place("data"), data) : data.getBytes(StandardCharsets.UTF_8));
        InjectContent.Attachment named =
                fields.optionalText("file_name").map(attachment::named).orElse(attachment);
        InjectContent.Attachment whole =
                fields.optionalText("content_id").map(named::inline).orElse(named);
        fields.end();
        return whole;
    }

    private static byte[] base64(String place, String data) {
        try {
            return Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    422, place + " is not base64 (RFC 4648 section 4, with padding and without line breaks)");
        }
    }

    private static TraceHeaders traceHeaders(Map<String, @Nullable Object> table) {
        Map<String, Object> given = new LinkedHashMap<>();
        table.forEach((key, value) -> {
            if (value != null) {
                given.put(key, value);
            }
        });
        if (given.isEmpty()) { // as almost always; to look for setters costs more than all other members together
            return InjectRequest.Builder.defaults().build();
        }
        try {
            return OptionTable.apply("trace_headers", given, InjectRequest.Builder.defaults())
                    .build();
        } catch (OptionException e) {
            throw new RefusedException(422, Printable.of(String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(422, "trace_headers." + Printable.of(String.valueOf(e.getMessage())));
        }
    }

    private static TemplateDialect dialect(String name) {
        return Arrays.stream(TemplateDialect.values())
                .filter(dialect -> dialect.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        422,
                        "template_dialect has to be one of "
                                + Arrays.stream(TemplateDialect.values())
                                        .map(TemplateDialect::key)
                                        .collect(Collectors.joining(", "))
                                + ", not " + Printable.quoted(name)));
    }

    static Map<String, Object> write(InjectResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("success_count", result.successCount());
        json.put("fail_count", result.failCount());
        json.put("failed_recipients", result.failedRecipients());
        json.put("errors", result.errors());
        return json;
    }
}
