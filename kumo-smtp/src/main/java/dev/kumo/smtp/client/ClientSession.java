package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Reply;
import java.io.OutputStream;
import java.time.Duration;

/**
 * A session with a far side that has let us in: what it offers, and how far the dialogue is. One thread at a time uses it.
 *
 * <p>RSET comes before every transaction but the first, since how the last one ended is not always known.
 */
final class ClientSession {

    /** Bytes of content a second. Who takes fewer, a block at a time just before its time is up, would hold a connection for days. */
    private static final int SLOWEST = 4096;

    private final Wire wire;
    private final EgressPathOptions path;
    private final Capabilities offers;
    private final Attempt attempt;
    private final boolean lmtp;
    private final boolean verified;
    private final boolean chunking;
    private int transactions;
    private boolean inTransaction;
    private boolean distrusted;
    private boolean knowsChunks;

    ClientSession(
            Wire wire,
            EgressPathOptions path,
            Capabilities offers,
            Attempt attempt,
            boolean lmtp,
            boolean verified,
            boolean chunking) {
        this.wire = wire;
        this.path = path;
        this.offers = offers;
        this.attempt = attempt;
        this.lmtp = lmtp;
        this.verified = verified;
        this.chunking = chunking;
    }

    EgressPathOptions path() {
        return path;
    }

    Capabilities offers() {
        return offers;
    }

    Attempt attempt() {
        return attempt;
    }

    boolean isLmtp() {
        return lmtp;
    }

    /** Whether the far side has shown a certificate that was verified. */
    boolean isVerified() {
        return verified;
    }

    /** Whether content goes by BDAT (RFC 3030). */
    boolean chunks() {
        return chunking && offers.has("CHUNKING");
    }

    /** How many recipients a transaction may have. */
    int mostRecipients() {
        return Math.min(
                path.limits().maxRecipientsPerBatch(), offers.limit("RCPTMAX").orElse(Integer.MAX_VALUE));
    }

    boolean isFresh() {
        return transactions == 0;
    }

    boolean needsReset() {
        return transactions > 0 && path.enableRset();
    }

    void beginsTransaction() {
        transactions++;
        inTransaction = true;
    }

    void endsTransaction() {
        inTransaction = false;
    }

    /** Something was said that leaves open what comes next. */
    void distrust() {
        distrusted = true;
    }

    /** Whether another transaction may follow. */
    boolean isUsable() {
        return !distrusted
                && !wire.isClosed()
                && (path.enableRset() || !inTransaction)
                && transactions < offers.limit("MAILMAX").orElse(Integer.MAX_VALUE);
    }

    /** Looks whether the far side has gone meanwhile, or is about to: it said 421, for example. */
    boolean isAlive() {
        try {
            return !wire.hasUnsolicited();
        } catch (BrokenLinkException gone) {
            return false;
        }
    }

    void say(String line) {
        wire.say(line);
    }

    void flush(Duration patience) throws BrokenLinkException {
        wire.flush(patience);
    }

    /**
     * Where content goes.
     *
     * @param patience for each block
     * @param size of all; it may take as much longer as it takes at the slowest rate
     */
    OutputStream content(Duration patience, long size) {
        return wire.content(patience, patience.plusSeconds(size / SLOWEST));
    }

    /** Whether the far side has taken a chunk, and not only offered to. */
    boolean knowsChunks() {
        return knowsChunks;
    }

    void chunkTaken() {
        knowsChunks = true;
    }

    /** The next reply. 421 is an end, whatever it answers (RFC 5321 section 3.8). */
    ServerReply reply(String command, Duration patience) throws BrokenLinkException {
        ServerReply reply = wire.reply(command, patience);
        if (reply.code() == 421) {
            close();
            Reply said = reply.reply();
            throw new BrokenLinkException(said, command);
        }
        return reply;
    }

    void quit() {
        wire.quit();
    }

    void close() {
        wire.close();
    }
}
