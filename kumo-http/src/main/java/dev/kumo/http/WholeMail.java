package dev.kumo.http;

import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.mime.HeaderBlock;
import dev.kumo.http.mime.HeaderWriter;
import dev.kumo.http.mime.Lines;
import dev.kumo.http.mime.Mended;
import dev.kumo.http.template.Template;
import dev.kumo.http.template.TemplateEngine;
import dev.kumo.http.template.TemplateException;
import java.io.ByteArrayOutputStream;

/** Mail given as one text: filled, then mended where it could not travel as it is. */
final class WholeMail implements Mail {

    private final Template template;

    /**
     * Reads the text.
     *
     * @throws RefusedException 422 if it is wrong for every recipient
     */
    WholeMail(InjectContent.Whole content, TemplateEngine engine) {
        String message = content.message();
        if (message.indexOf(Substitutions.END) >= 0) {
            throw new RefusedException(422, "content holds U+FDD1, which is no character");
        }
        int end = endOfHeader(message);
        String marked = end < 0 ? message : message.substring(0, end) + Substitutions.END + message.substring(end);
        try {
            this.template = engine.compile(marked, false);
        } catch (TemplateException e) {
            throw new RefusedException(422, "content is no template that can be read: " + e.getMessage());
        }
    }

    /** Where the first empty line begins that lies in no tag of a template; negative if there is none. */
    private static int endOfHeader(String text) {
        int lineStart = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\r' || c == '\n') {
                if (at == lineStart) {
                    return at;
                }
                at += text.startsWith("\r\n", at) ? 1 : 0;
                lineStart = at + 1;
            } else if (c == '{' && at + 1 < text.length()) {
                char kind = text.charAt(at + 1);
                String close = kind == '{' ? "}}" : kind == '%' ? "%}" : kind == '#' ? "#}" : "";
                int end = close.isEmpty() ? -1 : text.indexOf(close, at + 2);
                at = end < 0 ? at : end + 1;
            }
        }
        return -1;
    }

    /**
     * What is put into a header adds no line to it, and so no field and no end. Where a value holds a line break, the text
     * is filled once more with a mark for each, to see where they go.
     */
    private String filled(Occasion occasion) throws TemplateException {
        if (!Substitutions.areLines(occasion.variables())) {
            String marked = template.render(Substitutions.marked(occasion.variables()), occasion.budget());
            int end = marked.indexOf(Substitutions.END);
            if (marked.substring(0, end < 0 ? marked.length() : end).indexOf(Substitutions.BREAK) >= 0) {
                throw new TemplateException(
                        "a value put into the header of content holds a line break; a field's value" + " is one line");
            }
            occasion.budget().refund(marked);
        }
        return template.render(occasion.variables(), occasion.budget());
    }

    @Override
    public Written write(Occasion occasion) throws TemplateException {
        String text = filled(occasion);
        int end = text.indexOf(Substitutions.END);
        String head = Lines.ended(end < 0 ? text : text.substring(0, end));
        HeaderBlock header = HeaderBlock.read(head);
        if (header.end() < head.length()) {
            throw new TemplateException("the header of content comes to its end before the first empty line of the"
                    + " template; what is put into it leaves no line of it empty");
        }
        String rest = end < 0 ? "" : Lines.ended(text.substring(end + 1));
        Mended body = Mended.of(header, rest.startsWith("\r\n") ? rest.substring(2) : rest, 0);
        HeaderWriter out = new HeaderWriter();
        if (header.first("from").isEmpty() && !occasion.sender().isEmpty()) {
            out.field("From", occasion.sender());
        }
        if (header.first("date").isEmpty()) {
            out.field("Date", occasion.date());
        }
        if (header.first("message-id").isEmpty()) {
            out.field("Message-ID", occasion.messageId());
        }
        body.header().writeTo(out);
        if (body.isMime() && header.first("mime-version").isEmpty()) {
            out.raw("MIME-Version: 1.0");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.bytes().length + 1024);
        bytes.writeBytes(out.bytes());
        bytes.write('\r');
        bytes.write('\n');
        bytes.writeBytes(body.bytes());
        occasion.budget().requireSize(bytes.size());
        return new Written(bytes.toByteArray(), out.isUtf8());
    }
}
