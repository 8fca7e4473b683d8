package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Hosts that were named in the configuration, to be tried in that order. */
final class SmartHosts implements Site {

    private final List<SmartHost> hosts;
    private final SmartHost.Lookup lookup;

    SmartHosts(List<SmartHost> hosts, SmartHost.Lookup lookup) {
        this.hosts = List.copyOf(hosts);
        this.lookup = lookup;
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("there is no smart host; name at least one");
        }
    }

    @Override
    public String name() {
        return hosts.stream().map(SmartHost::toString).collect(Collectors.joining(",", "mx_list:", ""));
    }

    @Override
    public Plan plan(EgressSource source, EgressPathOptions path) throws UnroutableException {
        List<Candidate> candidates = new ArrayList<>();
        boolean skipped = false;
        for (SmartHost host : hosts) {
            for (InetAddress address : addresses(host, path)) {
                if (path.prohibitedHosts().contains(address) && !host.isExplicit()) {
                    throw new UnroutableException(new Outcome.Refused(prohibited(host.host(), address)));
                }
                if (path.skipHosts().contains(address)) {
                    skipped = true;
                } else {
                    candidates.add(new Candidate(host.host(), new InetSocketAddress(address, host.port(source, path))));
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
        try {
            return host.addresses(lookup, path);
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }
}
