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
        try {
            this.template = engine.compile(content.message(), false);
        } catch (TemplateException e) {
            throw new RefusedException(422, "content is no template that can be read: " + e.getMessage());
        }
    }

    @Override
    public Written write(Occasion occasion) throws TemplateException {
        String text = Lines.ended(template.render(occasion.variables(), occasion.budget()));
        HeaderBlock header = HeaderBlock.read(text);
        Mended body = Mended.of(header, text.substring(header.end()), 0);
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
