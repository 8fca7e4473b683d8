package dev.kumo.lua;

import dev.kumo.core.net.IpLiteral;
import dev.kumo.smtp.client.DnsAnswer;
import dev.kumo.smtp.client.DnsResolver;
import dev.kumo.smtp.client.DnsType;
import dev.kumo.smtp.client.MxRecord;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code kumo.dns}: questions to the resolver that the policy file was given. The thread of the handler waits for the answer. */
final class DnsFunctions {

    /** A little more than resolvers take by themselves; no longer than the call of the script has left. */
    private static final Duration PATIENCE = DnsResolver.PATIENCE.plusSeconds(1);

    private DnsFunctions() {}

    static void addTo(Map<String, LuaFunction> functions, Dns dns) {
        functions.put("kumo.dns.lookup_addr", arguments -> addresses(dns, arguments));
        functions.put(
                "kumo.dns.lookup_txt",
                arguments -> found("lookup_txt", dns, arguments, name("lookup_txt", arguments), DnsType.TXT));
        functions.put("kumo.dns.lookup_mx", arguments -> exchangers(dns, arguments));
        functions.put("kumo.dns.rbl_lookup", arguments -> listed(dns, arguments));
        functions.put("kumo.dns.reverse_ip", arguments -> reversed(Lookups.address(arguments.text(1))));
        functions.put("kumo.dns.ptr_host", arguments -> {
            InetAddress address = Lookups.address(arguments.text(1));
            return reversed(address) + (address.getAddress().length == 4 ? ".in-addr.arpa" : ".ip6.arpa");
        });
    }

    private static String name(String function, Arguments arguments) {
        requireOneResolver(function, arguments, 2);
        return arguments.text(1);
    }

    private static void requireOneResolver(String function, Arguments arguments, int at) {
        if (!arguments.isNil(at)) {
            throw new IllegalArgumentException("kumo.dns." + function
                    + ": there is one resolver here, so it has no name; leave argument " + at + " out");
        }
    }

    private static <T> DnsAnswer<T> ask(String function, Dns dns, Arguments arguments, String name, DnsType<T> type) {
        Duration left = arguments.timeLeft();
        Duration patience = left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
        try {
            return dns.resolver()
                    .lookup(name, type)
                    .toCompletableFuture()
                    .get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(function, name, "interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw failed(function, name, "no answer", e);
        }
    }

    private static IllegalArgumentException failed(String function, String name, String why, Exception cause) {
        return new IllegalArgumentException("kumo.dns." + function + " '" + Shown.of(name) + "': " + why, cause);
    }

    /** As documented, a name that does not exist is an error, and one without such records is not. */
    private static <T> List<T> found(String function, Dns dns, Arguments arguments, String name, DnsType<T> type) {
        DnsAnswer<T> answer = ask(function, dns, arguments, name, type);
        if (answer instanceof DnsAnswer.Failed<T> failed) {
            throw new IllegalArgumentException(
                    "kumo.dns." + function + " '" + Shown.of(name) + "': " + failed.reason());
        }
        if (answer instanceof DnsAnswer.NoSuchName<T>) {
            throw new IllegalArgumentException(
                    "kumo.dns." + function + " '" + Shown.of(name) + "': there is no such name");
        }
        return answer.records();
    }

    private static List<String> addresses(Dns dns, Arguments arguments) {
        String name = name("lookup_addr", arguments);
        List<InetAddress> all = new ArrayList<>(found("lookup_addr", dns, arguments, name, DnsType.A));
        all.addAll(found("lookup_addr", dns, arguments, name, DnsType.AAAA));
        return all.stream().map(IpLiteral::format).toList();
    }

    private static Map<String, Object> exchangers(Dns dns, Arguments arguments) {
        String domain = name("lookup_mx", arguments);
        List<MxRecord> records = found("lookup_mx", dns, arguments, domain, DnsType.MX).stream()
                .sorted(Comparator.comparingInt(MxRecord::preference).thenComparing(MxRecord::host))
                .toList();
        Map<Long, List<String>> byPreference = new TreeMap<>();
        records.forEach(mx -> byPreference
                .computeIfAbsent((long) mx.preference(), unused -> new ArrayList<>())
                .add(absolute(mx.host())));
        return Map.of(
                "domain_name",
                absolute(domain),
                "hosts",
                records.isEmpty()
                        ? List.of(absolute(domain))
                        : records.stream().map(mx -> absolute(mx.host())).toList(),
                "by_pref",
                byPreference,
                "is_mx",
                !records.isEmpty());
    }

    private static String absolute(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower : lower + ".";
    }

    /** Whether a block list (RFC 5782) has an address: what it answers, and why; nothing if it has not. */
    private static LuaFunction.Several listed(Dns dns, Arguments arguments) {
        requireOneResolver("rbl_lookup", arguments, 3);
        String name = reversed(Lookups.address(arguments.text(1))) + "." + arguments.text(2);
        DnsAnswer<InetAddress> answer = ask("rbl_lookup", dns, arguments, name, DnsType.A);
        if (answer instanceof DnsAnswer.Failed<InetAddress> failed) {
            throw new IllegalArgumentException("kumo.dns.rbl_lookup '" + Shown.of(name) + "': " + failed.reason());
        }
        List<Object> results = new ArrayList<>();
        answer.records().stream().findFirst().ifPresent(address -> {
            results.add(IpLiteral.format(address));
            ask("rbl_lookup", dns, arguments, name, DnsType.TXT).records().stream()
                    .findFirst()
                    .ifPresent(results::add);
        });
        return new LuaFunction.Several(results);
    }

    private static String reversed(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder name = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            String dot = i == 0 ? "" : ".";
            if (bytes.length == 4) {
                name.append(bytes[i] & 0xff).append(dot);
            } else {
                name.append(Integer.toHexString(bytes[i] & 0xf))
                        .append('.')
                        .append(Integer.toHexString(bytes[i] >> 4 & 0xf))
                        .append(dot);
            }
        }
        return name.toString();
    }
}
