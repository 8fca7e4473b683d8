package dev.kumo.smtp.server;

import dev.kumo.core.mail.Meta;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.smtp.ClientName;
import dev.kumo.tls.TlsSession;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the client of a session: where it comes from and what it said of itself.
 *
 * <p>It belongs to the session: read it in a policy's method, not after that has returned.
 */
public final class Peer {

    private final InetSocketAddress client;
    private final InetSocketAddress local;
    private final String hostname;
    private final RandomGenerator random;
    private @Nullable String session;
    private @Nullable ClientName name;
    private boolean extended;
    private @Nullable TlsSession tls;
    private @Nullable PlainCredentials credentials;
    private @Nullable Meta meta;
    private @Nullable Meta beforeItSpoke;
    private @Nullable Tracer tracer;

    Peer(InetSocketAddress client, InetSocketAddress local, String hostname, RandomGenerator random) {
        this.client = unmapped(client);
        this.local = unmapped(local);
        this.hostname = hostname;
        this.random = random;
    }

    /**
     * Where the client connects from.
     *
     * @return its address and port
     */
    public InetSocketAddress client() {
        return client;
    }

    /**
     * Where the client connected to.
     *
     * @return the local address and port of the connection
     */
    public InetSocketAddress local() {
        return local;
    }

    /**
     * What the client calls itself, RFC 5321 section 4.1.1.1.
     *
     * @return the argument of the last EHLO or HELO that was taken
     */
    public Optional<ClientName> name() {
        return Optional.ofNullable(name);
    }

    /**
     * Whether the client said EHLO.
     *
     * @return false after HELO, and before either
     */
    public boolean extended() {
        return extended;
    }

    /**
     * What TLS has agreed on, and whom it has verified the client to be.
     *
     * @return empty while the connection is in clear
     */
    public Optional<TlsSession> tls() {
        return Optional.ofNullable(tls);
    }

    /**
     * Whom the client acts as, once it has shown by AUTH that it may.
     *
     * @return the authorization identity (RFC 4616); empty while it is anybody
     */
    public Optional<String> identity() {
        return Optional.ofNullable(credentials).map(PlainCredentials::authorization);
    }

    /**
     * Tells this connection from all others, in meta data and logs.
     *
     * @return a UUID (RFC 9562 section 5.4), the same until the connection ends
     */
    public String session() {
        String result = session;
        if (result == null) { // only now: most of many idle connections never need a name
            long high = random.nextLong() & ~0xf000L | 0x4000;
            long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
            result = new UUID(high, low).toString();
            session = result;
        }
        return result;
    }

    /**
     * Meta data of the session. Every message received from now on begins with a copy of it.
     *
     * @return to read and to change; {@code received_from}, {@code received_via}, {@code hostname},
     *     {@code reception_protocol}, {@code session_id}, {@code ehlo_domain} and, under TLS, {@code tls_protocol_version},
     *     {@code tls_cipher} and, of a verified client, {@code tls_peer_subject_name} are set, and after AUTH
     *     {@code authn_id} and {@code authz_id}. After STARTTLS it is
     *     again what it was before the client's first command (RFC 3207 section 4.2)
     */
    public Meta meta() {
        Meta result = meta;
        if (result == null) {
            result = new Meta()
                    .put("reception_protocol", "ESMTP")
                    .put("received_from", text(client))
                    .put("received_via", text(local))
                    .put("hostname", hostname)
                    .put("session_id", session());
            meta = result;
            if (name != null) {
                result.put("ehlo_domain", name.text());
            }
            if (tls != null) {
                addTls(result, tls);
            }
            if (credentials != null) {
                addIdentity(result, credentials);
            }
        }
        return result;
    }

    /** Who tells what happens in the session, once there is one. */
    @Nullable Tracer tracer() {
        return tracer;
    }

    void tracedBy(Tracer told) {
        tracer = told;
    }

    /** From now on the client speaks, in clear perhaps. */
    void greeted() {
        if (meta != null && tls == null) {
            beforeItSpoke = meta.copy();
        }
    }

    /** RFC 3207 section 4.2: what the client said in clear is forgotten, and what policies made of it. */
    void secured(TlsSession session) {
        tls = session;
        credentials = null;
        name = null;
        extended = false;
        meta = beforeItSpoke;
        beforeItSpoke = null;
        if (meta != null) {
            addTls(meta, session);
        }
    }

    private static void addTls(Meta meta, TlsSession session) {
        meta.put("tls_protocol_version", session.protocol()).put("tls_cipher", session.cipher());
        if (!session.peerSubjectName().isEmpty()) {
            meta.put("tls_peer_subject_name", session.peerSubjectName());
        }
    }

    void authenticated(PlainCredentials shown) {
        // The password is not needed again.
        credentials = new PlainCredentials(shown.authorization(), shown.authentication(), "");
        if (meta != null) {
            addIdentity(meta, shown);
        }
    }

    private static void addIdentity(Meta meta, PlainCredentials shown) {
        meta.put("authn_id", shown.authentication()).put("authz_id", shown.authorization());
    }

    void introduced(ClientName introduced, boolean withEhlo) {
        name = introduced;
        extended = withEhlo;
        if (meta != null) {
            meta.put("ehlo_domain", introduced.text());
        }
    }

    private static String text(InetSocketAddress address) {
        String host = IpLiteral.format(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** A socket for both IP versions shows the client {@code 192.0.2.1} as {@code ::ffff:192.0.2.1}. */
    private static InetSocketAddress unmapped(InetSocketAddress address) {
        if (address.getAddress() instanceof Inet6Address v6) {
            InetAddress plain = IpLiteral.parse(IpLiteral.format(v6));
            if (plain instanceof Inet4Address) {
                return new InetSocketAddress(plain, address.getPort());
            }
        }
        return address;
    }

    /** The client's address and port. */
    @Override
    public String toString() {
        return text(client);
    }
}
