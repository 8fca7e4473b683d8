package dev.kumo.lua;

import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.policy.DomainMap;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code kumo.cidr.make_map} and {@code kumo.domain_map.new}: values by address and by domain. */
final class Lookups {

    private static final long BYTES_OF_ENTRY = 200;

    static final List<LuaType> TYPES = List.of(
            new LuaType(
                    "cidr_map",
                    Addresses.class,
                    true,
                    map -> ((Addresses) map).size(),
                    Map.of("__index", Lookups::byAddress)),
            new LuaType(
                    "domain_map",
                    DomainMap.class,
                    true,
                    map -> ((DomainMap<?>) map)
                            .entries().entrySet().stream()
                                    .mapToLong(entry -> BYTES_OF_ENTRY
                                            + MetaData.size(entry.getKey())
                                            + MetaData.size(entry.getValue()))
                                    .sum(),
                    Map.of("__index", Lookups::byDomain)));

    private Lookups() {}

    static void addTo(Map<String, LuaFunction> functions) {
        functions.put(
                "kumo.cidr.make_map", arguments -> new Addresses(arguments.isNil(1) ? Map.of() : arguments.table(1)));
        functions.put(
                "kumo.domain_map.new", arguments -> DomainMap.of(arguments.isNil(1) ? Map.of() : arguments.table(1)));
    }

    private static @Nullable Object byAddress(Arguments arguments) {
        return arguments.object(1, Addresses.class).find(address(arguments.text(2)));
    }

    /** An IP address, maybe with a port behind it. */
    static InetAddress address(String text) {
        int port = text.startsWith("[") ? text.indexOf(']') : text.indexOf('.') > 0 ? text.indexOf(':') : -1;
        return IpLiteral.parse(port < 0 ? text : text.substring(text.startsWith("[") ? 1 : 0, port));
    }

    private static @Nullable Object byDomain(Arguments arguments) {
        DomainMap<?> map = arguments.object(1, DomainMap.class);
        return map.find(arguments.text(2)).orElse(null);
    }

    /** Values by CIDR block; the longest prefix wins. */
    static final class Addresses {

        /** By the number of bits that do not count, the fewest first; then by the bits that do. */
        private final TreeMap<Integer, Map<BigInteger, Object>> v4 = new TreeMap<>();

        private final TreeMap<Integer, Map<BigInteger, Object>> v6 = new TreeMap<>();

        Addresses(Map<String, ?> table) {
            table.forEach((block, value) -> {
                CidrSet.of(block); // refuses what is none, with the mend
                int slash = block.indexOf('/');
                byte[] address = IpLiteral.parse(slash < 0 ? block : block.substring(0, slash))
                        .getAddress();
                int bits = address.length * 8;
                int free = slash < 0 ? 0 : bits - Integer.parseInt(block.substring(slash + 1));
                (bits == 32 ? v4 : v6)
                        .computeIfAbsent(free, unused -> new HashMap<>())
                        .put(new BigInteger(1, address).shiftRight(free), value);
            });
        }

        /** In bytes, roughly. */
        long size() {
            return Stream.of(v4, v6)
                    .flatMap(blocks -> blocks.values().stream())
                    .flatMap(values -> values.values().stream())
                    .mapToLong(value -> BYTES_OF_ENTRY + MetaData.size(value))
                    .sum();
        }

        @Nullable Object find(InetAddress address) {
            byte[] bytes = address.getAddress();
            BigInteger number = new BigInteger(1, bytes);
            for (Map.Entry<Integer, Map<BigInteger, Object>> blocks : (bytes.length == 4 ? v4 : v6).entrySet()) {
                Object value = blocks.getValue().get(number.shiftRight(blocks.getKey()));
                if (value != null) {
                    return value;
                }
            }
            return null;
        }
    }
}
