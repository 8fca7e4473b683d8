package dev.kumo.core;

import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The front hall: where every listener hands over its messages, and where responsibility for them changes hands. */
@FunctionalInterface
public interface Reception {

    /**
     * Takes responsibility for the messages of one transaction, for all of them or for none. If the reply is not
     * positive, some may have been delivered all the same; what the client sends again arrives twice, but nothing is
     * lost.
     *
     * @param messages one per recipient or batch of recipients, in order; at least one; not to be changed any more
     * @return completes with a positive reply only once every message is safe (RFC 5321 section 4.2.5); with a 4xx or
     *     5xx reply if the client has to keep them. A stage that fails, like an exception, counts as {@code 451 4.3.0}
     */
    CompletionStage<Reply> receive(List<Message> messages);

    /**
     * Whether {@link #receive} may block its caller, so that it has to be called on a thread that can wait.
     *
     * @return true unless overridden
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * Where a listener writes content while it arrives.
     *
     * @return a new draft; in memory unless overridden
     */
    default Draft draft() {
        return Draft.inMemory();
    }

    /**
     * Who hears what the listener does.
     *
     * @return nobody unless overridden
     */
    default MtaObserver observer() {
        return MtaObserver.NONE;
    }

    /**
     * Where the listener tells what its sessions say and hear, and where they can be listened to.
     *
     * @return one that is shared by all listeners of an {@link Mta}; unless overridden a new one, which nobody else knows
     */
    default SessionTrace trace() {
        return new SessionTrace();
    }

    /**
     * How it stands with all listeners, the one that asks included.
     *
     * @param links how many connections of each are to be named at most
     * @return in the order in which they were opened; none unless overridden
     */
    default List<ListenerState> listeners(int links) {
        return List.of();
    }

    /**
     * Why nothing is taken now, as far as that is known. Recovers by itself.
     *
     * @return a few words that strangers may read; empty unless overridden
     */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /**
     * Whether {@linkplain Message#isChore() chores} are taken, kept, and given back to the listener.
     *
     * @return false unless overridden: there are no queues in which they could wait
     */
    default boolean takesChores() {
        return false;
    }

    /**
     * A reception that hands each message to a function, which may block.
     *
     * @param handler answers for one message; the first reply that is not positive ends the transaction with it, and
     *     the client will send the messages taken before it again
     * @return the reception
     */
    static Reception of(Function<Message, Reply> handler) {
        return messages -> {
            Reply reply = Reply.OK;
            for (Message message : messages) {
                reply = handler.apply(message);
                if (!reply.isPositive()) {
                    break;
                }
            }
            return CompletableFuture.completedFuture(reply);
        };
    }
}
