package dev.kumo.smtp.client;

import dev.kumo.core.delivery.IpLookupStrategy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the DNS said about the addresses of a host: by family, in the order in which to try them. */
record HostAddresses(MxRecord record, List<List<InetAddress>> families, boolean failed, Duration ttl) {

    static CompletableFuture<HostAddresses> of(MxRecord record, CachingDns dns, IpLookupStrategy strategy) {
        return switch (strategy) {
            case IPV4_ONLY -> one(record, dns, DnsType.A);
            case IPV6_ONLY -> one(record, dns, DnsType.AAAA);
            case IPV4_AND_IPV6 -> both(record, dns, DnsType.A, DnsType.AAAA);
            case IPV6_AND_IPV4 -> both(record, dns, DnsType.AAAA, DnsType.A);
            case IPV4_THEN_IPV6 -> either(record, dns, DnsType.A, DnsType.AAAA);
            case IPV6_THEN_IPV4 -> either(record, dns, DnsType.AAAA, DnsType.A);
        };
    }

    private static CompletableFuture<HostAddresses> one(MxRecord record, CachingDns dns, DnsType<InetAddress> type) {
        return dns.lookup(record.host(), type)
                .thenApply(answer -> new HostAddresses(
                        record, List.of(answer.records()), answer instanceof DnsAnswer.Failed, answer.ttl()));
    }

    private static CompletableFuture<HostAddresses> both(
            MxRecord record, CachingDns dns, DnsType<InetAddress> first, DnsType<InetAddress> second) {
        return one(record, dns, first).thenCombine(one(record, dns, second), HostAddresses::and);
    }

    private static CompletableFuture<HostAddresses> either(
            MxRecord record, CachingDns dns, DnsType<InetAddress> first, DnsType<InetAddress> second) {
        return one(record, dns, first)
                .thenCompose(found -> found.isEmpty()
                        ? one(record, dns, second).thenApply(found::and)
                        : CompletableFuture.completedFuture(found));
    }

    private HostAddresses and(HostAddresses other) {
        return new HostAddresses(
                record,
                List.of(families.get(0), other.families.get(0)),
                failed || other.failed,
                ttl.compareTo(other.ttl) < 0 ? ttl : other.ttl);
    }

    private boolean isEmpty() {
        return families.get(0).isEmpty();
    }
}
