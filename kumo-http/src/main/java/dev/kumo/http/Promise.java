package dev.kumo.http;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.net.IpLiteral;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the meta data of a chore say of the injection of which it is a part. Of the caller's credentials there is no more than whose they
 * were.
 *
 * @param request the injection, apart from all others
 * @param listener which took it
 * @param caller who injects
 * @param places where the recipients of the chore stand among those of the request, in their order at first
 */
record Promise(String request, String listener, Caller caller, List<Integer> places) {

    private static final String NAME = "injection";

    void writeTo(Meta meta) {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("request", request);
        table.put("listener", listener);
        put(table, "client", caller.client());
        put(table, "server", caller.server());
        table.put("trusted", caller.trusted());
        caller.user().ifPresent(user -> table.put("user", user));
        table.put("recipients", places);
        meta.put(NAME, table);
    }

    private static void put(Map<String, Object> table, String name, InetSocketAddress address) {
        table.put(name, IpLiteral.format(address.getAddress()));
        table.put(name + "_port", address.getPort());
    }

    /**
     * Reads what was written.
     *
     * @throws IllegalArgumentException if that is something else
     */
    static Promise of(Message chore) {
        Object value = chore.meta().get(NAME).orElse(null);
        if (!(value instanceof Map<?, ?> table)
                || !(table.get("recipients") instanceof List<?> places)
                || !places.stream().allMatch(Number.class::isInstance)) {
            throw new IllegalArgumentException("the meta data '" + NAME + "' is not what it was");
        }
        return new Promise(
                text(table, "request"),
                text(table, "listener"),
                new Caller(
                        address(table, "client"),
                        address(table, "server"),
                        Boolean.TRUE.equals(table.get("trusted")),
                        Optional.ofNullable(table.get("user")).map(Object::toString)),
                places.stream().map(place -> ((Number) place).intValue()).toList());
    }

    /** Whether a chore comes from a listener. */
    static boolean isOf(String listener, Message chore) {
        return listenerOf(chore).equals(Optional.of(listener));
    }

    /** The listener from which a chore comes. */
    static Optional<String> listenerOf(Message chore) {
        return listenerOf(chore.meta().get(NAME).orElse(null));
    }

    /** The listener from which a chore comes of which such meta data are told. */
    static Optional<String> listenerOf(Map<String, Object> meta) {
        return listenerOf(meta.get(NAME));
    }

    private static Optional<String> listenerOf(@Nullable Object value) {
        return value instanceof Map<?, ?> table && table.get("listener") instanceof String listener
                ? Optional.of(listener)
                : Optional.empty();
    }

    private static String text(Map<?, ?> table, String name) {
        @Nullable Object value = table.get(name);
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the meta data '" + NAME + "' have no " + name);
    }

    private static InetSocketAddress address(Map<?, ?> table, String name) {
        int port = table.get(name + "_port") instanceof Number number ? number.intValue() : 0;
        return new InetSocketAddress(IpLiteral.parse(text(table, name)), port);
    }
}
