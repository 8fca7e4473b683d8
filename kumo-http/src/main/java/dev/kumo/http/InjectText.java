package dev.kumo.http;

import dev.kumo.core.trace.TraceHeaders;
import dev.kumo.http.answer.Json;
import java.time.temporal.TemporalAccessor;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An injection as the JSON that {@link InjectJson} reads. */
final class InjectText {

    private InjectText() {}

    /**
     * Writes a request.
     *
     * @throws IllegalArgumentException if a value has no place in JSON
     */
    static byte[] of(InjectRequest request) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("envelope_sender", request.envelopeSender());
        json.put(
                "recipients",
                request.recipients().stream().map(InjectText::recipient).toList());
        json.put("content", content(request.content()));
        json.put("substitutions", plain(request.substitutions()));
        json.put("deferred_spool", request.deferredSpool());
        json.put("trace_headers", traceHeaders(request.traceHeaders()));
        json.put("template_dialect", request.templateDialect().key());
        return Json.write(json);
    }

    private static Map<String, @Nullable Object> recipient(InjectRequest.Recipient recipient) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("email", recipient.email());
        recipient.name().ifPresent(name -> json.put("name", name));
        json.put("substitutions", plain(recipient.substitutions()));
        json.put("metadata", recipient.metadata());
        return json;
    }

    private static Object content(InjectContent content) {
        if (content instanceof InjectContent.Whole whole) {
            return whole.message();
        }
        InjectContent.Built built = (InjectContent.Built) content;
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        built.textBody().ifPresent(text -> json.put("text_body", text));
        built.htmlBody().ifPresent(text -> json.put("html_body", text));
        built.ampHtmlBody().ifPresent(text -> json.put("amp_html_body", text));
        json.put(
                "attachments",
                built.attachments().stream().map(InjectText::attachment).toList());
        json.put("headers", built.headers());
        built.from().ifPresent(from -> json.put("from", mailbox(from)));
        built.subject().ifPresent(subject -> json.put("subject", subject));
        built.replyTo().ifPresent(to -> json.put("reply_to", mailbox(to)));
        return json;
    }

    private static Map<String, Object> mailbox(InjectRequest.Mailbox mailbox) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("email", mailbox.email());
        mailbox.name().ifPresent(name -> json.put("name", name));
        return json;
    }

    private static Map<String, Object> attachment(InjectContent.Attachment attachment) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("content_type", attachment.contentType());
        json.put("data", Base64.getEncoder().encodeToString(attachment.data()));
        json.put("base64", true);
        attachment.fileName().ifPresent(name -> json.put("file_name", name));
        attachment.contentId().ifPresent(id -> json.put("content_id", id));
        return json;
    }

    private static Map<String, Object> traceHeaders(TraceHeaders headers) {
        return Map.of(
                "received_header", headers.receivedHeader(),
                "supplemental_header", headers.supplementalHeader(),
                "header_name", headers.headerName(),
                "include_meta_names", headers.includeMetaNames());
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, inner) -> copy.put(String.valueOf(name), plain(inner)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(InjectText::plain).toList();
        }
        return value instanceof TemporalAccessor ? value.toString() : value;
    }
}
