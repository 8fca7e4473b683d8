package dev.kumo.core.delivery;

import dev.kumo.core.mail.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Where messages go when they leave: one attempt, without a memory of earlier ones.
 *
 * <p>Any number of threads may use a delivery at once. It reads messages and changes nothing in them.
 */
@FunctionalInterface
public interface Delivery {

    /**
     * Tries to deliver messages, and returns when the outcome of each is certain.
     *
     * @param batch at least one message, not to be kept
     * @return one outcome for each message, in the same order. An exception, or a list of another length, counts as
     *     deferred for the whole batch
     */
    List<Outcome> deliver(List<Message> batch);

    /**
     * Whether {@link #deliver} may block, on a disk or a network for example, so that it has to be called on a thread
     * that can wait.
     *
     * @return true unless overridden
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * Finds the way for the mail of a domain, when messages wait in a queue. May block.
     *
     * @param domain the routing domain of the queue, or else the domain of its recipients, lower case
     * @return the way; unless overridden there is one for all domains, and it leads to {@link #deliver}
     * @throws UnroutableException if there is none; its outcome is that of the message
     */
    default Route route(String domain) throws UnroutableException {
        return Route.to(this);
    }

    /**
     * Finds the way for the mail of a queue that says how it is to be delivered. May block.
     *
     * @param domain the routing domain of the queue, or else the domain of its recipients, lower case
     * @param protocol what the queue says; with an {@code mx_list}, mail goes to these hosts
     * @return the way; unless overridden that of the domain, as there is but one way for all mail then
     * @throws UnroutableException if there is none; its outcome is that of the message
     */
    default Route route(String domain, Protocol.Smtp protocol) throws UnroutableException {
        return route(domain);
    }

    /**
     * Delivers all messages into one maildir, whoever their recipients are.
     *
     * <p>The directories {@code tmp}, {@code new} and {@code cur} are made where missing, for the owner alone, and
     * files older than 36 hours are cleared out of {@code tmp}. A message is one file in {@code new}: a
     * {@code Return-Path} field (RFC 5321 section 4.4), then the message as it is, lines ended by CRLF. It counts as
     * delivered once the file and its directory entry are on disk. If the disk fails, the message is deferred with
     * {@code 452 4.3.1} (no room) or {@code 451 4.3.0}; the cause is told to the log only.
     *
     * @param directory the maildir
     * @return the delivery
     * @throws IOException if the directories cannot be made; the message names the maildir
     */
    static Delivery maildir(Path directory) throws IOException {
        return Maildir.open(directory, InstantSource.system());
    }

    /**
     * Delivers all messages into one maildir, as {@link #maildir(Path)} does, with other permissions.
     *
     * @param options the maildir, and what others than its owner may do with it; where the file system knows no such permissions, they
     *     are not heeded
     * @return the delivery
     * @throws IOException if the directories cannot be made; the message names the maildir
     */
    static Delivery maildir(Protocol.Maildir options) throws IOException {
        return Maildir.open(options, InstantSource.system());
    }

    /**
     * Delivers nowhere: each message counts as delivered and is gone. It never blocks.
     *
     * @return the delivery
     */
    static Delivery discard() {
        return new Discard();
    }
}
