package dev.kumo.http;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.http.answer.Printable;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.mime.AddressText;
import dev.kumo.http.mime.Entity;
import dev.kumo.http.mime.HeaderWriter;
import dev.kumo.http.template.Template;
import dev.kumo.http.template.TemplateEngine;
import dev.kumo.http.template.TemplateException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mail made of parts: text in its forms, with what it shows, with what is attached (RFC 2046 section 5.1, RFC 2387). */
final class BuiltMail implements Mail {

    private static final int LONGEST_NAME = 126;

    /** Fields that tell of the parts, and so are written here. */
    private static final Set<String> OURS =
            Set.of("content-type", "content-transfer-encoding", "content-disposition", "content-id");

    private static final List<String> FIRST = List.of("from", "to", "cc", "reply-to", "subject", "date", "message-id");

    private record Field(String name, Template value) {}

    private record Text(String subtype, Template text) {}

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final List<Text> texts = new ArrayList<>();
    private final List<Entity> inline = new ArrayList<>();
    private final List<Entity> attached = new ArrayList<>();
    private final TemplateEngine engine;

    /**
     * Reads the content.
     *
     * @throws RefusedException 422 if it is wrong for every recipient
     */
    BuiltMail(InjectContent.Built content, TemplateEngine engine) {
        this.engine = engine;
        text("plain", "content.text_body", content.textBody().orElse(null), false);
        text("x-amp-html", "content.amp_html_body", content.ampHtmlBody().orElse(null), true);
        text("html", "content.html_body", content.htmlBody().orElse(null), true);
        if (content.textBody().isEmpty() && content.htmlBody().isEmpty()) {
            throw new RefusedException(422, "content needs text_body or html_body, or both");
        }
        content.headers().forEach(this::header);
        content.from().ifPresent(from -> mailbox("From", "content.from", from));
        content.replyTo().ifPresent(to -> mailbox("Reply-To", "content.reply_to", to));
        content.subject()
                .ifPresent(subject ->
                        put("Subject", template("content.subject", oneLine("content.subject", subject), false)));
        for (int i = 0; i < content.attachments().size(); i++) {
            InjectContent.Attachment attachment = content.attachments().get(i);
            try {
                (attachment.contentId().isPresent() ? inline : attached)
                        .add(Entity.file(
                                attachment.contentType(),
                                attachment.data(),
                                attachment.fileName(),
                                attachment.contentId()));
            } catch (IllegalArgumentException e) {
                throw new RefusedException(422, "content.attachments[" + i + "]: " + e.getMessage());
            }
        }
    }

    private void text(String subtype, String place, @Nullable String source, boolean html) {
        if (source != null) {
            texts.add(new Text(subtype, template(place, source, html)));
        }
    }

    private void header(String name, String value) {
        String place = "content.headers['" + Printable.of(name) + "']";
        String lower = name.toLowerCase(Locale.ROOT);
        boolean fit = !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
        if (!fit) {
            throw new RefusedException(
                    422, place + ": a name is 1 to " + LONGEST_NAME + " characters of printable ASCII without a colon");
        }
        if (lower.equals("mime-version") && value.strip().equals("1.0")) {
            return; // which is written anyway
        }
        if (OURS.contains(lower) || lower.equals("mime-version")) {
            throw new RefusedException(422, place + " is written with the parts; leave it out");
        }
        if (fields.containsKey(lower)) {
            throw new RefusedException(422, place + " is there twice, as case makes no difference");
        }
        put(name, template(place, oneLine(place, value), false));
    }

    private static String oneLine(String place, String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new RefusedException(422, place + " holds a line break; a value is one line, and is folded here");
        }
        return value;
    }

    private void mailbox(String name, String place, InjectRequest.Mailbox mailbox) {
        Template email = template(place + ".email", oneLine(place + ".email", mailbox.email()), false);
        Template display = template(
                place + ".name", oneLine(place + ".name", mailbox.name().orElse("")), false);
        put(
                name,
                (variables, budget) -> AddressText.mailbox(
                        address(email.render(variables, budget).strip()), display.render(variables, budget)));
    }

    private static String address(String email) {
        return EnvelopeAddress.parse(email).toString();
    }

    private void put(String name, Template value) {
        fields.put(name.toLowerCase(Locale.ROOT), new Field(name, value));
    }

    private Template template(String place, String source, boolean html) {
        try {
            return engine.compile(source, html);
        } catch (TemplateException e) {
            throw new RefusedException(422, place + " is no template that can be read: " + e.getMessage());
        }
    }

    @Override
    public Written write(Occasion occasion) throws TemplateException {
        HeaderWriter header = new HeaderWriter();
        Map<String, Field> all = new LinkedHashMap<>();
        FIRST.forEach(name -> {
            Field field = fields.containsKey(name) ? fields.get(name) : added(name, occasion);
            if (field != null) {
                all.put(name, field);
            }
        });
        fields.forEach(all::putIfAbsent);
        for (Field field : all.values()) {
            header.field(field.name, field.value.render(occasion.variables(), occasion.budget()));
        }
        header.raw("MIME-Version: 1.0");
        Entity body = body(occasion);
        byte[] fields = header.bytes();
        occasion.budget().requireSize((long) fields.length + body.size());
        ByteArrayOutputStream out = new ByteArrayOutputStream(fields.length + body.size());
        out.writeBytes(fields);
        body.writeTo(out);
        return new Written(out.toByteArray(), header.isUtf8());
    }

    private static @Nullable Field added(String name, Occasion occasion) {
        return switch (name) {
            case "from" -> occasion.sender().isEmpty() ? null : fixed("From", occasion.sender());
            case "to" -> fixed("To", occasion.to());
            case "date" -> fixed("Date", occasion.date());
            case "message-id" -> fixed("Message-ID", occasion.messageId());
            default -> null;
        };
    }

    private static Field fixed(String name, String value) {
        return new Field(name, (variables, budget) -> value);
    }

    private Entity body(Occasion occasion) throws TemplateException {
        List<Entity> alternatives = new ArrayList<>(texts.size());
        for (Text text : texts) {
            alternatives.add(Entity.text(text.subtype, text.text.render(occasion.variables(), occasion.budget())));
        }
        Entity text = Entity.multipart("alternative", alternatives, occasion.boundary() + "-a");
        Entity shown = Entity.multipart("related", with(text, inline), occasion.boundary() + "-r");
        return Entity.multipart("mixed", with(shown, attached), occasion.boundary() + "-m");
    }

    private static List<Entity> with(Entity first, List<Entity> others) {
        List<Entity> all = new ArrayList<>(1 + others.size());
        all.add(first);
        all.addAll(others);
        return all;
    }
}
