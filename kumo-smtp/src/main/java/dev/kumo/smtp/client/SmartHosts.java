package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.IpLookupStrategy;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.SmartHost;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hosts that were named in the configuration, to be tried in that order. */
final class SmartHosts implements Site {

    /** Looks names up where the operating system does: a name in the configuration may be one of its hosts file. */
    interface Lookup {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    private final List<SmartHost> hosts;
    private final Lookup lookup;

    SmartHosts(List<SmartHost> hosts, Lookup lookup) {
        this.hosts = List.copyOf(hosts);
        this.lookup = lookup;
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("there is no smart host; name at least one");
        }
    }

    @Override
    public String name() {
        return SiteName.bounded(
                hosts.stream().map(SmartHost::toString).collect(Collectors.joining(",", "mx_list:", "")));
    }

    @Override
    public Plan plan(EgressSource source, EgressPathOptions path) throws UnroutableException {
        List<Candidate> candidates = new ArrayList<>();
        boolean skipped = false;
        for (SmartHost host : hosts) {
            for (InetAddress address : addresses(host, path)) {
                if (path.prohibitedHosts().contains(address) && !host.isExplicit()) {
                    throw new UnroutableException(new Outcome.Refused(prohibited(host.name(), address)));
                }
                if (path.skipHosts().contains(address)) {
                    skipped = true;
                } else {
                    int port = source.remotePort().orElse(host.port().orElse(path.smtpPort()));
                    candidates.add(new Candidate(host.name(), new InetSocketAddress(address, port)));
                }
            }
        }
        if (candidates.isEmpty()) {
            String text = skipped ? "all hosts are to be skipped" : "no smart host has an address";
            throw new UnroutableException(new Outcome.Deferred(Reply.of(451, "4.4.4", text)));
        }
        return new Plan(candidates, path.enableTls());
    }

    static Reply prohibited(String host, InetAddress address) {
        return Reply.of(
                550,
                "5.4.4",
                "host " + host + " has the address " + IpLiteral.format(address) + ", to which no mail goes from here");
    }

    /** One without an address is passed over, as one is that cannot be reached. */
    private List<InetAddress> addresses(SmartHost host, EgressPathOptions path) {
        if (host.address().isPresent()) {
            return List.of(host.address().get());
        }
        try {
            return by(path.ipLookupStrategy(), lookup.addresses(host.name()));
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }

    private static List<InetAddress> by(IpLookupStrategy strategy, List<InetAddress> all) {
        List<InetAddress> v4 =
                all.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> v6 =
                all.stream().filter(address -> !v4.contains(address)).toList();
        return switch (strategy) {
            case IPV4_AND_IPV6 -> Stream.concat(v4.stream(), v6.stream()).toList();
            case IPV6_AND_IPV4 -> Stream.concat(v6.stream(), v4.stream()).toList();
            case IPV4_ONLY -> v4;
            case IPV6_ONLY -> v6;
            case IPV6_THEN_IPV4 -> v6.isEmpty() ? v4 : v6;
            case IPV4_THEN_IPV6 -> v4.isEmpty() ? v6 : v4;
        };
    }
}
