package dev.kumo.http;

import dev.kumo.core.trace.TraceHeaders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An injection: one message for each recipient, made of the same content. It has the members of the body of {@code POST
 * /api/inject/v1}. What is wrong with it is found when it is injected.
 *
 * @param envelopeSender {@code envelope_sender}: an address; empty or {@code <>} for the null sender
 * @param recipients {@code recipients}: who is to have a message of its own
 * @param content {@code content}: what the messages say
 * @param substitutions {@code substitutions}: values for the templates of all recipients, as JSON has them
 * @param deferredSpool {@code deferred_spool}: whether a message need not be on disk before its first attempt has failed.
 *     Default false
 * @param deferredGeneration {@code deferred_generation}: whether messages are made after the request is safe, and the answer is
 *     given before that; see {@link Builder#deferredGeneration}. Default false
 * @param traceHeaders {@code trace_headers}: which headers are added. Default: the supplemental one alone
 * @param templateDialect {@code template_dialect}: how templates are written. Default {@code Jinja}
 */
public record InjectRequest(
        String envelopeSender,
        List<Recipient> recipients,
        InjectContent content,
        Map<String, @Nullable Object> substitutions,
        boolean deferredSpool,
        boolean deferredGeneration,
        TraceHeaders traceHeaders,
        TemplateDialect templateDialect) {

    /**
     * Copies list and map.
     *
     * @param envelopeSender an address, or empty
     * @param recipients who is to have a message
     * @param content what the messages say
     * @param substitutions values for the templates
     * @param deferredSpool whether a message need not be on disk at first
     * @param deferredGeneration whether messages are made later
     * @param traceHeaders which headers are added
     * @param templateDialect how templates are written
     */
    public InjectRequest {
        recipients = List.copyOf(recipients);
        substitutions = Substitutions.copy(substitutions);
    }

    /**
     * A mailbox of a header.
     *
     * @param email {@code email}: the address
     * @param name {@code name}: the name of whom it belongs to, in plain text
     */
    public record Mailbox(String email, Optional<String> name) {

        /**
         * A mailbox without a name.
         *
         * @param email the address
         * @return the mailbox
         */
        public static Mailbox of(String email) {
            return new Mailbox(email, Optional.empty());
        }

        /**
         * A mailbox.
         *
         * @param email the address
         * @param name the name of whom it belongs to
         * @return the mailbox
         */
        public static Mailbox of(String email, String name) {
            return new Mailbox(email, Optional.of(name));
        }
    }

    /**
     * Somebody who is to have a message.
     *
     * @param email {@code email}: the address
     * @param name {@code name}: a name for {@code To}
     * @param substitutions {@code substitutions}: values for the templates, which go before those for all
     * @param metadata {@code metadata}: what the message's meta data has as {@code extra}
     */
    public record Recipient(
            String email,
            Optional<String> name,
            Map<String, @Nullable Object> substitutions,
            Map<String, Object> metadata) {

        /**
         * Copies the maps.
         *
         * @param email the address
         * @param name a name for {@code To}
         * @param substitutions values for the templates
         * @param metadata for {@code extra}
         */
        public Recipient {
            substitutions = Substitutions.copy(substitutions);
            metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        }

        /**
         * A recipient without more than an address.
         *
         * @param email the address
         * @return the recipient
         */
        public static Recipient of(String email) {
            return new Recipient(email, Optional.empty(), Map.of(), Map.of());
        }

        /**
         * A recipient with values of its own.
         *
         * @param email the address
         * @param name a name for {@code To}
         * @param substitutions values for the templates
         * @return the recipient
         */
        public static Recipient of(String email, String name, Map<String, @Nullable Object> substitutions) {
            return new Recipient(email, Optional.of(name), substitutions, Map.of());
        }
    }

    /**
     * Starts with the defaults.
     *
     * @param envelopeSender an address; empty for the null sender
     * @param content what the messages say
     * @return a builder without recipients
     */
    public static Builder builder(String envelopeSender, InjectContent content) {
        return new Builder(envelopeSender, content);
    }

    /** Puts an {@link InjectRequest} together. */
    public static final class Builder {

        private final String envelopeSender;
        private final InjectContent content;
        private final List<Recipient> recipients = new ArrayList<>();
        private final Map<String, @Nullable Object> substitutions = new LinkedHashMap<>();
        private boolean deferredSpool;
        private boolean deferredGeneration;
        private TraceHeaders traceHeaders = defaults().build();
        private TemplateDialect templateDialect = TemplateDialect.JINJA;

        private Builder(String envelopeSender, InjectContent content) {
            this.envelopeSender = envelopeSender;
            this.content = content;
        }

        static TraceHeaders.Builder defaults() {
            return TraceHeaders.builder().receivedHeader(false);
        }

        /**
         * Adds to {@code recipients}.
         *
         * @param recipient who is to have a message
         * @return this
         */
        public Builder recipient(Recipient recipient) {
            recipients.add(recipient);
            return this;
        }

        /**
         * Adds to {@code recipients}.
         *
         * @param email an address
         * @return this
         */
        public Builder recipient(String email) {
            return recipient(Recipient.of(email));
        }

        /**
         * Adds to {@code substitutions}.
         *
         * @param name as templates have it
         * @param value as JSON has it
         * @return this
         */
        public Builder substitution(String name, @Nullable Object value) {
            substitutions.put(name, value);
            return this;
        }

        /**
         * Sets {@code deferred_spool}.
         *
         * @param deferred true to trade safety for speed
         * @return this
         */
        public Builder deferredSpool(boolean deferred) {
            deferredSpool = deferred;
            return this;
        }

        /**
         * Sets {@code deferred_generation}. The request is checked as ever, and kept in the queue {@code generator.kumomta.internal};
         * the answer says which recipients have no address, and counts no success. Recipients whose messages cannot be made,
         * or are refused by a policy for good, are told of as {@link dev.kumo.core.log.LogRecord.Bounce}. If the process dies
         * meanwhile the rest is made after its next start, and up to 50 recipients for each thread that was making
         * messages may have theirs twice. Without queues, messages are made at once.
         *
         * <p>Values of {@code substitutions} become what JSON has of them, so dates become text.
         *
         * @param deferred true for an answer that does not wait for the messages
         * @return this
         */
        public Builder deferredGeneration(boolean deferred) {
            deferredGeneration = deferred;
            return this;
        }

        /**
         * Sets {@code trace_headers}.
         *
         * @param headers changes the defaults: no {@code Received}, but the supplemental header
         * @return this
         */
        public Builder traceHeaders(Consumer<TraceHeaders.Builder> headers) {
            TraceHeaders.Builder builder = defaults();
            headers.accept(builder);
            traceHeaders = builder.build();
            return this;
        }

        /**
         * Sets {@code template_dialect}.
         *
         * @param dialect how templates are written
         * @return this
         */
        public Builder templateDialect(TemplateDialect dialect) {
            templateDialect = dialect;
            return this;
        }

        /**
         * The request as set.
         *
         * @return immutable
         */
        public InjectRequest build() {
            return new InjectRequest(
                    envelopeSender,
                    recipients,
                    content,
                    substitutions,
                    deferredSpool,
                    deferredGeneration,
                    traceHeaders,
                    templateDialect);
        }
    }
}
