package dev.kumo.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the messages of an injection say. All of it but the attachments may hold templates. */
public sealed interface InjectContent {

    /**
     * A whole message, RFC 5322, as text.
     *
     * @param message header, an empty line, and the body; lines may end with LF. What ASCII cannot carry is encoded;
     *     {@code Date}, {@code Message-ID} and {@code From} are added where they are missing
     */
    record Whole(String message) implements InjectContent {}

    /**
     * Parts, of which a message is made.
     *
     * @param textBody {@code text_body}: as plain text
     * @param htmlBody {@code html_body}: as HTML; what templates put in is escaped
     * @param ampHtmlBody {@code amp_html_body}: as AMP HTML; what templates put in is escaped
     * @param attachments {@code attachments}: files
     * @param headers {@code headers}: header fields by name, whose values may hold templates
     * @param from {@code from}: replaces {@code From} of the headers. Without either, the sender of the envelope
     * @param subject {@code subject}: replaces {@code Subject} of the headers
     * @param replyTo {@code reply_to}: replaces {@code Reply-To} of the headers
     */
    record Built(
            Optional<String> textBody,
            Optional<String> htmlBody,
            Optional<String> ampHtmlBody,
            List<Attachment> attachments,
            Map<String, String> headers,
            Optional<InjectRequest.Mailbox> from,
            Optional<String> subject,
            Optional<InjectRequest.Mailbox> replyTo)
            implements InjectContent {

        /**
         * Copies list and map.
         *
         * @param textBody as plain text
         * @param htmlBody as HTML
         * @param ampHtmlBody as AMP HTML
         * @param attachments files
         * @param headers header fields by name
         * @param from replaces {@code From}
         * @param subject replaces {@code Subject}
         * @param replyTo replaces {@code Reply-To}
         */
        public Built {
            attachments = List.copyOf(attachments);
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }
    }

    /** A file that goes with a message. */
    final class Attachment {

        private final byte[] data;
        private final String contentType;
        private final Optional<String> contentId;
        private final Optional<String> fileName;

        private Attachment(byte[] data, String contentType, Optional<String> contentId, Optional<String> fileName) {
            this.data = data;
            this.contentType = contentType;
            this.contentId = contentId;
            this.fileName = fileName;
        }

        /**
         * A file.
         *
         * @param contentType such as {@code application/pdf}
         * @param data its bytes; not copied
         * @return without a name
         */
        public static Attachment of(String contentType, byte[] data) {
            return new Attachment(data, contentType, Optional.empty(), Optional.empty());
        }

        /**
         * The same with a name.
         *
         * @param name what it is to be called when it is saved
         * @return a changed copy
         */
        public Attachment named(String name) {
            return new Attachment(data, contentType, contentId, Optional.of(name));
        }

        /**
         * The same to be shown within the HTML, which refers to it as {@code cid:} and the id (RFC 2392).
         *
         * @param id unique in the message, without {@code <>}
         * @return a changed copy
         */
        public Attachment inline(String id) {
            return new Attachment(data, contentType, Optional.of(id), fileName);
        }

        byte[] data() {
            return data;
        }

        String contentType() {
            return contentType;
        }

        Optional<String> contentId() {
            return contentId;
        }

        Optional<String> fileName() {
            return fileName;
        }
    }

    /**
     * A whole message as text.
     *
     * @param message see {@link Whole}
     * @return the content
     */
    static InjectContent whole(String message) {
        return new Whole(message);
    }

    /**
     * A message of parts.
     *
     * @return a builder without any
     */
    static Builder builder() {
        return new Builder();
    }

    /** Puts {@link Built} content together. */
    final class Builder {

        private @Nullable String textBody;
        private @Nullable String htmlBody;
        private @Nullable String ampHtmlBody;
        private final List<Attachment> attachments = new ArrayList<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private InjectRequest.@Nullable Mailbox from;
        private @Nullable String subject;
        private InjectRequest.@Nullable Mailbox replyTo;

        private Builder() {}

        /**
         * Sets {@code text_body}.
         *
         * @param template plain text
         * @return this
         */
        public Builder textBody(String template) {
            textBody = template;
            return this;
        }

        /**
         * Sets {@code html_body}.
         *
         * @param template HTML
         * @return this
         */
        public Builder htmlBody(String template) {
            htmlBody = template;
            return this;
        }

        /**
         * Sets {@code amp_html_body}.
         *
         * @param template AMP HTML
         * @return this
         */
        public Builder ampHtmlBody(String template) {
            ampHtmlBody = template;
            return this;
        }

        /**
         * Adds to {@code attachments}.
         *
         * @param attachment a file
         * @return this
         */
        public Builder attachment(Attachment attachment) {
            attachments.add(attachment);
            return this;
        }

        /**
         * Adds to {@code headers}.
         *
         * @param name the name of a field
         * @param template its value, on one line
         * @return this
         */
        public Builder header(String name, String template) {
            headers.put(name, template);
            return this;
        }

        /**
         * Sets {@code from}.
         *
         * @param mailbox who the message is from
         * @return this
         */
        public Builder from(InjectRequest.Mailbox mailbox) {
            from = mailbox;
            return this;
        }

        /**
         * Sets {@code subject}.
         *
         * @param template one line
         * @return this
         */
        public Builder subject(String template) {
            subject = template;
            return this;
        }

        /**
         * Sets {@code reply_to}.
         *
         * @param mailbox where answers go
         * @return this
         */
        public Builder replyTo(InjectRequest.Mailbox mailbox) {
            replyTo = mailbox;
            return this;
        }

        /**
         * The content as set.
         *
         * @return immutable
         */
        public Built build() {
            return new Built(
                    Optional.ofNullable(textBody),
                    Optional.ofNullable(htmlBody),
                    Optional.ofNullable(ampHtmlBody),
                    attachments,
                    headers,
                    Optional.ofNullable(from),
                    Optional.ofNullable(subject),
                    Optional.ofNullable(replyTo));
        }
    }
}
