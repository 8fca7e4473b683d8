package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.EgressTls;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Reconnect;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a site: a session with one of its hosts and, where that breaks, with another as {@code reconnect_strategy}
 * has it.
 */
final class SmtpLink implements Route.Connection {

    private static final int LONGEST_LIST = 400;

    private final Dialer dialer;
    private final List<Candidate> candidates;
    private final EgressSource source;
    private final EgressPathOptions path;
    private Dialer.Manner manner;
    /** Then no further host is tried: many hosts that are slow on purpose would hold a connection for hours. */
    private static final Duration LONGEST_SEARCH = Duration.ofMinutes(5);

    private int at;
    private boolean triedAgain;
    private boolean ended;
    private @Nullable ClientSession session;
    private long lastUse = System.nanoTime();

    SmtpLink(Dialer dialer, Site.Plan plan, EgressSource source, EgressPathOptions path, boolean lmtp) {
        this.dialer = dialer;
        this.candidates = plan.candidates();
        this.source = source;
        this.path = path;
        this.manner = new Dialer.Manner(plan.tls(), lmtp, true);
    }

    /**
     * Goes from host to host until one lets us in.
     *
     * @throws UnroutableException if none does, with what each of them said
     */
    ClientSession connect() throws UnroutableException {
        StringBuilder failures = new StringBuilder();
        long began = System.nanoTime();
        for (; at < candidates.size() && System.nanoTime() - began < LONGEST_SEARCH.toNanos(); at++) {
            Candidate candidate = candidates.get(at);
            try {
                ClientSession open = dialer.open(candidate, source, path, manner);
                session = open;
                return open;
            } catch (BrokenLinkException e) {
                if (failures.length() < LONGEST_LIST) {
                    failures.append(failures.isEmpty() ? "" : "; ")
                            .append(candidate)
                            .append(": ")
                            .append(e.reply());
                }
            }
        }
        ended = true;
        String text = failures.isEmpty() ? "there is no further host" : "no host lets us in: " + failures;
        Attempt attempt = Attempt.by(manner.lmtp() ? "LMTP" : "ESMTP");
        throw new UnroutableException(new Outcome.Deferred(Reply.of(451, "4.4.1", ServerReply.fit(text)), attempt));
    }

    @Override
    public List<Outcome> deliver(List<Message> batch) {
        List<Outcome> outcomes = batch.stream().map(this::deliver).toList();
        lastUse = System.nanoTime();
        return outcomes;
    }

    private Outcome deliver(Message message) {
        return new Shipment(this, message).run();
    }

    /** The session that stands, if nothing has been said in it unasked, or else the next one. */
    ClientSession session() throws UnroutableException {
        ClientSession open = session;
        if (open != null && open.isUsable() && (open.isFresh() || open.isAlive())) {
            return open;
        }
        if (open != null) {
            if (!open.isUsable()) {
                open.quit(); // it has had its number of messages, or is in doubt: nobody is to blame
            }
            open.close();
            session = null;
        }
        return connect();
    }

    /** After a session that was idle has gone: the same host, as if it were the first time. */
    void reopen() {
        drop();
    }

    /** After a host that offers CHUNKING and does not know BDAT. */
    void reopenWithoutChunking() {
        manner = new Dialer.Manner(manner.tls(), manner.lmtp(), false);
        drop();
    }

    boolean chunks() {
        return manner.chunking();
    }

    /** After a break within a transaction. */
    void broken() {
        drop();
        if (path.reconnectStrategy() == Reconnect.RECONNECT_SAME_HOST && !triedAgain) {
            triedAgain = true;
        } else if (path.reconnectStrategy() == Reconnect.CONNECT_NEXT_HOST) {
            at++;
        } else {
            ended = true;
        }
    }

    /** Whether a message whose connection broke is to be tried at the next host at once. */
    boolean triesNextHost() {
        return path.tryNextHostOnTransportError() && at + 1 < candidates.size();
    }

    void nextHost() {
        drop();
        at++;
    }

    /** From now on only TLS with a verified host will do, where TLS is used at all; false if that was so before. */
    boolean insists() {
        if (manner.verifies() || manner.tls() == EgressTls.DISABLED) {
            return false;
        }
        manner = new Dialer.Manner(EgressTls.REQUIRED, manner.lmtp(), manner.chunking());
        leave();
        return true;
    }

    /** Goes on to the next host, as this one will not do; false if there is none. */
    boolean passOver() {
        if (at + 1 >= candidates.size()) {
            return false;
        }
        leave();
        at++;
        return true;
    }

    private void leave() {
        Optional.ofNullable(session).ifPresent(ClientSession::quit);
        session = null;
    }

    private void drop() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    boolean isEnded() {
        return ended || at >= candidates.size();
    }

    @Override
    public boolean isUsable() {
        ClientSession open = session;
        return !isEnded() && (open == null || open.isUsable());
    }

    /** Whether a session stands that is fit for another message. */
    boolean isOpen() {
        return session != null && session.isUsable();
    }

    Duration idleFor() {
        return Duration.ofNanos(System.nanoTime() - lastUse);
    }

    @Override
    public void close() {
        ended = true;
        leave();
    }
}
