package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.RefusedException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What answers the requests of a port. The wire itself knows nothing of paths, of who may use them, and of mail. */
@FunctionalInterface
public interface Service {

    /**
     * Finds what a request is about. Does not block.
     *
     * @param client where it comes from
     * @param server where it arrived
     * @throws RefusedException if there is nothing of the kind
     */
    Task find(RequestHead head, InetSocketAddress client, InetSocketAddress server);

    /** A request whose header is read. */
    interface Task {

        /** Its method, for the log and the metrics. */
        String method();

        /** Its path, of which there are only so many. */
        String path();

        /** Whether to {@link #admit} it may block. */
        boolean mustAsk();

        /**
         * Decides whether its body is welcome.
         *
         * @throws RefusedException if the caller may not ask for this
         */
        void admit();

        /** What goes on in place of an answer; null if there is to be one. */
        default @Nullable Takeover takeover() {
            return null;
        }

        /**
         * Does what is asked for. It may block.
         *
         * @param body decompressed
         * @throws Exception if there is no answer: the client is told 500, and the log the cause
         */
        Answer answer(byte[] body) throws Exception;
    }
}
