package dev.kumo.http;

import dev.kumo.core.mail.MessageId;
import dev.kumo.http.template.RenderBudget;
import dev.kumo.http.template.TemplateException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of an injection, read and checked, from which a message for each recipient is written. */
interface Mail {

    /**
     * What is known of one message.
     *
     * @param to the recipient as it stands in {@code To}
     * @param sender the sender of the envelope; empty for the null sender
     * @param variables for the templates
     * @param id the name of the message
     * @param hostname the name of this host
     * @param date when it is written, RFC 5322 section 3.3
     * @param boundary no line of any part is this
     * @param budget what templates may cost
     */
    record Occasion(
            String to,
            String sender,
            Map<String, @Nullable Object> variables,
            MessageId id,
            String hostname,
            String date,
            String boundary,
            RenderBudget budget) {

        /** RFC 5322 section 3.6.4. */
        String messageId() {
            return "<" + id + "@" + hostname + ">";
        }
    }

    /** A message as it goes out. */
    final class Written {
        final byte[] bytes;

        /** Whether its header holds more than ASCII, which needs SMTPUTF8. */
        final boolean utf8;

        Written(byte[] bytes, boolean utf8) {
            this.bytes = bytes;
            this.utf8 = utf8;
        }
    }

    /**
     * Writes a message.
     *
     * @throws TemplateException if a template cannot be filled
     * @throws IllegalArgumentException if what comes out is no message
     */
    Written write(Occasion occasion) throws TemplateException;
}
