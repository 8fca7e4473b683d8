package dev.kumo.smtp.client;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Content by BDAT (RFC 3030), all of it in one chunk, but for the first content of a session: there the first chunk is the beginning of
 * a line, and its reply is waited for. Where CHUNKING is offered and not known, by a host behind a proxy for example, what follows
 * BDAT is taken for commands, and whole lines of content are commands of a stranger.
 */
final class Chunks extends OutputStream {

    private static final int LONGEST_FIRST = 64;

    private final ClientSession session;
    private final long size;
    private final Duration patience;
    private @Nullable OutputStream rest;

    Chunks(ClientSession session, long size, Duration patience) {
        this.session = session;
        this.size = size;
        this.patience = patience;
    }

    /** The first chunk was not taken. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient ServerReply reply;

        Refused(ServerReply reply) {
            super("the first chunk was refused");
            this.reply = reply;
        }

        ServerReply reply() {
            return reply;
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        int first = 0;
        OutputStream to = rest;
        if (to == null) {
            first = session.knowsChunks() ? 0 : probe(bytes, offset, length);
            session.say("BDAT " + (size - first) + " LAST");
            to = session.content(patience, size);
            rest = to;
        }
        if (length > first) {
            to.write(bytes, offset + first, length - first);
        }
    }

    /** Sends the first chunk; says how long it was. */
    private int probe(byte[] bytes, int offset, int length) throws IOException {
        int most = Math.min(length, LONGEST_FIRST);
        int first = 1;
        while (first < most && bytes[offset + first] != '\r') {
            first++;
        }
        session.say("BDAT " + first);
        session.content(patience, size).write(bytes, offset, first);
        ServerReply reply = session.reply("BDAT", patience);
        requireKnown(session, reply);
        if (!reply.isPositive()) {
            throw new Refused(reply);
        }
        session.chunkTaken();
        return first;
    }

    /**
     * Ends a session in which BDAT is not known, before more content is taken for commands.
     *
     * @throws BrokenLinkException.Chunking if that is what a reply says
     */
    static void requireKnown(ClientSession session, ServerReply reply) throws BrokenLinkException {
        if (reply.code() == 500 || reply.code() == 502) {
            session.close();
            throw new BrokenLinkException.Chunking(Outcomes.transientOf(reply.reply()));
        }
    }

    /** Sends what has not been sent. */
    void finish() throws IOException {
        if (rest == null) {
            session.say("BDAT 0 LAST");
        }
        session.flush(patience);
    }
}
