package dev.kumo.core.log;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.policy.ReportDisposition;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Something in the dialogue of a session, as it is told to whoever listens to a {@link SessionTrace}.
 *
 * @param at when it happened
 * @param client whose session it is
 * @param meta the meta data of the session at that time, sorted by name
 * @param what what happened
 */
public record SessionEvent(Instant at, InetSocketAddress client, Map<String, Object> meta, What what) {

    /**
     * Copies the meta data.
     *
     * @param at when it happened
     * @param client whose session it is
     * @param meta the meta data of the session
     * @param what what happened
     */
    public SessionEvent {
        meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    }

    /** What can happen in a session. */
    public sealed interface What {}

    /** The client has connected. */
    public record Connected() implements What {}

    /** The connection is gone, whoever closed it. */
    public record Closed() implements What {}

    /**
     * The client has said something. Credentials are left out by whoever tells it, and so is what may be some.
     *
     * @param text a line without its end, or a piece of content as it came; a stranger's words
     */
    public record Read(String text) implements What {}

    /**
     * The client was told something.
     *
     * @param text a whole reply with its line ends
     */
    public record Write(String text) implements What {}

    /**
     * Something worth knowing that is neither said nor heard.
     *
     * @param level how bad it is
     * @param message what it is
     */
    public record Diagnostic(System.Logger.Level level, String message) implements What {}

    /**
     * A policy was asked.
     *
     * @param name the documented name of the event, such as {@code smtp_server_ehlo}
     * @param result what it answered, unless it refused or failed
     * @param error the refusal, or that it failed
     */
    public record Callback(String name, Optional<String> result, Optional<String> error) implements What {}

    /**
     * It is decided what becomes of a message, for one recipient.
     *
     * @param id its name
     * @param sender the reverse-path
     * @param recipient the forward-path
     * @param queue the scheduled queue
     * @param meta the meta data of the message, sorted by name
     * @param relay whether the rules let mail of this client to this recipient through
     * @param logArf what they say of a complaint
     * @param logOob what they say of a bounce
     * @param wasArfOrOob whether the message is a report that is logged
     * @param willEnqueue whether it is taken as mail
     */
    public record MessageDisposition(
            MessageId id,
            EnvelopeAddress sender,
            EnvelopeAddress recipient,
            QueueName queue,
            Map<String, Object> meta,
            boolean relay,
            ReportDisposition logArf,
            ReportDisposition logOob,
            boolean wasArfOrOob,
            boolean willEnqueue)
            implements What {

        /**
         * Copies the meta data.
         *
         * @param id its name
         * @param sender the reverse-path
         * @param recipient the forward-path
         * @param queue the scheduled queue
         * @param meta the meta data of the message
         * @param relay whether the rules let it through
         * @param logArf what they say of a complaint
         * @param logOob what they say of a bounce
         * @param wasArfOrOob whether it is a report that is logged
         * @param willEnqueue whether it is taken as mail
         */
        public MessageDisposition {
            meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
        }
    }
}
