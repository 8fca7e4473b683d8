package dev.kumo.smtp.client;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.SmartHost;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import dev.kumo.core.mail.Message;
import dev.kumo.core.net.HostPort;
import dev.kumo.tls.ClientTls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Delivers by SMTP (RFC 5321) or LMTP (RFC 2033): to the hosts that the DNS has for a domain, or to hosts that are named.
 *
 * <pre>{@code
 * Mta mta = Mta.builder()
 *         .delivery(SmtpDelivery.to("relay.example.net:587"))
 *         ...
 * }</pre>
 *
 * <p>With a queue, its {@link #route} is asked, and the queue decides on connections and options. Without one,
 * {@link #deliver} connects, delivers, and keeps the connection for {@code idle_timeout}, with the options given here.
 * Everything is done on the thread of the caller, which waits.
 *
 * <p><b>Hosts</b> are tried in their order until one lets us in. One address among them that is in {@code prohibited_hosts}
 * (loopback, unless changed) refuses the mail with {@code 550 5.4.4}, as it would come back to us; a smart host that is
 * itself named by its address, or as {@code localhost}, is exempt, since that is what was meant. The names of smart hosts are
 * looked up by the operating system, hosts file included.
 *
 * <p><b>EHLO</b>: the name is that of the path, else of the source, else of this delivery. A server that answers EHLO with 500
 * or 502 is greeted by HELO (RFC 5321 section 3.2); KumoMTA has no such fallback.
 *
 * <p><b>TLS</b> is as {@code enable_tls} says, or as the domain's policy (MTA-STS, RFC 8461) has it: one to be enforced requires
 * verified TLS, and one that is being tested excuses certificates where TLS is opportunistic. Where the mode allows to go on in clear after a failed handshake, that is done on
 * a new connection to the same host, since nobody can say where in half a handshake a reply would begin.
 *
 * <p><b>Extensions</b> used where offered: PIPELINING, SIZE, 8BITMIME, SMTPUTF8, CHUNKING, DSN, LIMITS, REQUIRETLS. Bare CR and
 * LF in content leave as CRLF.
 *
 * <p><b>Meta data</b> of a message that are heeded: {@code dsn_ret} ({@code FULL}, {@code HDRS}), {@code dsn_envid},
 * {@code dsn_notify} and {@code dsn_orcpt}, the parameters of RFC 3461, not yet encoded; the latter two may be tables by
 * recipient. {@code require_tls}, if {@code true}: only a host with a verified certificate that offers REQUIRETLS (RFC 8689) gets the message, else it is
 * refused with {@code 550 5.7.10} or {@code 550 5.7.30}. {@code routing_domain}: looked up in place of the
 * recipients' domains.
 *
 * <p>Any number of threads may use it at once.
 */
public final class SmtpDelivery implements Delivery, AutoCloseable {

    private final Dialer dialer;
    private final boolean lmtp;
    private final Sites sites;
    private final SmartHosts.Lookup lookup;
    private final DirectDelivery direct;
    private final @Nullable DnsResolver ownDns;

    /** Finds the site of a domain. */
    private interface Sites {
        Site of(String domain) throws UnroutableException;
    }

    private SmtpDelivery(Builder builder, boolean lmtp, boolean one, Sites sites, @Nullable DnsResolver ownDns) {
        this.dialer = new Dialer(
                builder.tls == null ? ClientTls.system() : builder.tls,
                builder.ehloName == null ? localName() : builder.ehloName,
                new Watchdog(),
                builder.random,
                new BrokenTls(builder.time));
        this.lmtp = lmtp;
        this.sites = sites;
        this.lookup = builder.lookup;
        this.direct = new DirectDelivery(
                domain -> new SmtpRoute(sites.of(domain), dialer, lmtp), one, builder.source, builder.path);
        this.ownDns = ownDns;
    }

    /**
     * Delivers to the hosts that the DNS has for each domain, with the defaults of {@link #builder}.
     *
     * @return the delivery
     */
    public static SmtpDelivery toMx() {
        return builder().toMx();
    }

    /**
     * Delivers all mail to smart hosts, with the defaults of {@link #builder}.
     *
     * @param smartHosts at least one, in the order in which to try them; port 0 is the port of the path
     * @return the delivery
     * @throws IllegalArgumentException if there is none
     */
    public static SmtpDelivery to(List<HostPort> smartHosts) {
        return builder().to(smartHosts);
    }

    /**
     * Delivers all mail to smart hosts, with the defaults of {@link #builder}.
     *
     * @param smartHosts {@code name}, {@code name:port}, {@code [ip]} or {@code [ip]:port}; at least one, in the order in
     *     which to try them
     * @return the delivery
     * @throws IllegalArgumentException if there is none, or one is no such text
     */
    public static SmtpDelivery to(String... smartHosts) {
        return builder().to(smartHosts);
    }

    /**
     * Delivers all mail to a server of LMTP, with the defaults of {@link #builder}.
     *
     * @param server where it is; not port 25 (RFC 2033 section 5)
     * @return the delivery
     */
    public static SmtpDelivery lmtp(HostPort server) {
        return builder().lmtp(server);
    }

    /**
     * Starts a delivery; one of {@link Builder#toMx}, {@link Builder#to} and {@link Builder#lmtp} ends it.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    private static String localName() {
        try {
            InetAddress local = InetAddress.getLocalHost();
            String name = local.getHostName();
            boolean literal = name.chars().noneMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z');
            return literal ? AddressLiteral.of(local).toString() : DomainName.normalize(name);
        } catch (UnknownHostException | IllegalArgumentException nameless) {
            return "localhost";
        }
    }

    @Override
    public Route route(String domain) throws UnroutableException {
        return new SmtpRoute(sites.of(domain), dialer, lmtp);
    }

    /** Hosts that the queue names are gone to by SMTP, whatever this delivery is made for. */
    @Override
    public Route route(String domain, Protocol.Smtp protocol) throws UnroutableException {
        return protocol.mxList().isEmpty()
                ? route(domain)
                : new SmtpRoute(new SmartHosts(protocol.mxList(), lookup), dialer, false);
    }

    @Override
    public List<Outcome> deliver(List<Message> batch) {
        return batch.stream().map(direct::deliver).toList();
    }

    /** Ends idle connections, and keeps none from now on. */
    @Override
    public void close() {
        direct.close();
        if (ownDns != null) {
            ownDns.close();
        }
    }

    /** What a delivery is made of. */
    public static final class Builder {

        private @Nullable DnsResolver dns;
        private @Nullable MxResolver resolver;
        private @Nullable MtaSts mtaSts;
        private @Nullable ClientTls tls;
        private @Nullable String ehloName;
        private EgressPathOptions path = EgressPathOptions.DEFAULT;
        private EgressSource source = EgressSource.UNSPECIFIED;
        private InstantSource time = InstantSource.system();
        private RandomGenerator random = new SecureRandom();
        private SmartHosts.Lookup lookup = host -> List.of(InetAddress.getAllByName(host));

        private Builder() {}

        /**
         * Where the hosts of domains, and their policies, are looked up.
         *
         * @param resolver not closed here; unless set, one that asks the name servers of the operating system
         * @return this
         */
        public Builder dns(DnsResolver resolver) {
            dns = resolver;
            return this;
        }

        /**
         * Finds the hosts of domains.
         *
         * @param resolver one on top of {@link #dns} unless set
         * @return this
         */
        public Builder resolver(MxResolver resolver) {
            this.resolver = resolver;
            return this;
        }

        /**
         * Knows the policies of domains (RFC 8461), for paths with {@code enable_mta_sts}.
         *
         * @param policies on top of {@link #dns} unless set; none where a {@link #resolver} is given and neither this nor
         *     {@link #dns} is
         * @return this
         */
        public Builder mtaSts(MtaSts policies) {
            mtaSts = policies;
            return this;
        }

        /**
         * What certificates are verified by, and whether one is shown.
         *
         * @param tls unless set, {@link ClientTls#system}
         * @return this
         */
        public Builder tls(ClientTls tls) {
            this.tls = tls;
            return this;
        }

        /**
         * What is said after EHLO, where neither path nor source have a name for it.
         *
         * @param name a domain name or an address literal; the name of this machine unless set
         * @return this
         * @throws IllegalArgumentException if it is neither
         */
        public Builder ehloName(String name) {
            ehloName = name.startsWith("[") ? AddressLiteral.parse(name).toString() : DomainName.normalize(name);
            return this;
        }

        /**
         * The options where there is no queue to give them.
         *
         * @param path {@link EgressPathOptions#DEFAULT} unless set; its limits on connections and rates are the queue's
         *     to keep, and count for nothing here
         * @return this
         */
        public Builder path(EgressPathOptions path) {
            this.path = path;
            return this;
        }

        /**
         * Where mail is sent from where there is no queue to say it.
         *
         * @param source {@link EgressSource#UNSPECIFIED} unless set
         * @return this
         */
        public Builder source(EgressSource source) {
            this.source = source;
            return this;
        }

        /**
         * The clock by which what was seen of hosts is forgotten.
         *
         * @param clock that of the system unless set
         * @return this
         */
        public Builder time(InstantSource clock) {
            time = clock;
            return this;
        }

        /**
         * Names sessions.
         *
         * @param generator one that many threads may use at once, such as {@link java.util.Random}
         * @return this
         */
        public Builder random(RandomGenerator generator) {
            random = generator;
            return this;
        }

        /** Where names of smart hosts are looked up. */
        Builder lookup(SmartHosts.Lookup lookup) {
            this.lookup = lookup;
            return this;
        }

        /**
         * Delivers to the hosts that the DNS has for each domain.
         *
         * @return the delivery
         */
        public SmtpDelivery toMx() {
            DnsResolver own = dns == null && resolver == null ? DnsResolver.system() : null;
            DnsResolver asked = dns == null ? own : dns;
            MxResolver hosts = resolver != null || asked == null
                    ? Objects.requireNonNull(resolver)
                    : MxResolver.builder(asked).time(time).random(random).build();
            MtaSts policies = mtaSts != null || asked == null
                    ? mtaSts
                    : MtaSts.builder(asked).time(time).build();
            return new SmtpDelivery(this, false, false, domain -> MxSite.of(domain, hosts, policies), own);
        }

        /**
         * Delivers all mail to smart hosts.
         *
         * @param smartHosts at least one, in the order in which to try them; port 0 is the port of the path
         * @return the delivery
         * @throws IllegalArgumentException if there is none
         */
        public SmtpDelivery to(List<HostPort> smartHosts) {
            return to(smartHosts.stream().map(SmartHost::of), false);
        }

        /**
         * Delivers all mail to smart hosts.
         *
         * @param smartHosts {@code name}, {@code name:port}, {@code [ip]} or {@code [ip]:port}; at least one, in the
         *     order in which to try them
         * @return the delivery
         * @throws IllegalArgumentException if there is none, or one is no such text
         */
        public SmtpDelivery to(String... smartHosts) {
            return to(Stream.of(smartHosts).map(SmartHost::parse), false);
        }

        /**
         * Delivers all mail to a server of LMTP.
         *
         * @param server where it is; not port 25 (RFC 2033 section 5)
         * @return the delivery
         */
        public SmtpDelivery lmtp(HostPort server) {
            return to(Stream.of(SmartHost.of(server)), true);
        }

        private SmtpDelivery to(Stream<SmartHost> hosts, boolean lmtp) {
            Site site = new SmartHosts(hosts.toList(), lookup);
            return new SmtpDelivery(this, lmtp, true, domain -> site, null);
        }
    }
}
