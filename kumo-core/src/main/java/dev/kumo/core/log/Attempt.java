package dev.kumo.core.log;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * How a message was tried: from where, to where, and by what.
 *
 * @param protocol {@code ESMTP}, {@code LMTP}, {@code Maildir} or another word for it; empty if none was spoken
 * @param site the name of the ready queue: source, next hop and protocol; empty outside a queue
 * @param pool the egress pool; empty outside a queue
 * @param source the egress source; empty outside a queue
 * @param sourceAddress the address it was sent from, unless there was no connection
 * @param peerName the name of the host on the far side; empty if there is none
 * @param peerAddress where that host is, unless there was no connection
 * @param command what the far side answered to: a verb, or {@code .} for the end of data; empty if nothing
 * @param session tells the connections of this process apart; empty if there was none
 * @param tls how the connection was encrypted, if it was
 */
public record Attempt(
        String protocol,
        String site,
        String pool,
        String source,
        Optional<InetAddress> sourceAddress,
        String peerName,
        Optional<InetSocketAddress> peerAddress,
        String command,
        String session,
        Optional<Tls> tls) {

    /** Nothing is known. */
    public static final Attempt NONE = by("");

    /**
     * How a connection was encrypted.
     *
     * @param protocol such as {@code TLSv1.3}
     * @param cipher such as {@code TLS_AES_256_GCM_SHA384}
     * @param peerSubject the subject of the certificate that the far side showed; empty if none
     */
    public record Tls(String protocol, String cipher, String peerSubject) {}

    /**
     * An attempt that needs no connection.
     *
     * @param protocol a word for it, such as {@code Maildir}
     * @return without anything else
     */
    public static Attempt by(String protocol) {
        return new Attempt(protocol, "", "", "", Optional.empty(), "", Optional.empty(), "", "", Optional.empty());
    }

    /**
     * The same, told by the queue that made it.
     *
     * @param newSite the name of the ready queue
     * @param newPool the egress pool
     * @param newSource the egress source
     * @return a changed copy
     */
    public Attempt from(String newSite, String newPool, String newSource) {
        return new Attempt(
                protocol, newSite, newPool, newSource, sourceAddress, peerName, peerAddress, command, session, tls);
    }

    /**
     * The same for another command.
     *
     * @param answered what the far side answered to
     * @return a changed copy
     */
    public Attempt answering(String answered) {
        return new Attempt(protocol, site, pool, source, sourceAddress, peerName, peerAddress, answered, session, tls);
    }
}
