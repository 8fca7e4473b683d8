package dev.kumo.lua;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Meta;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts values of scripts into meta data, which is kept with each session and message, in memory and in the spool. */
final class MetaData {

    /** Bytes of all the meta data of a session or message, and so of what can be added to one at once. */
    static final long MOST = 256 << 10;

    /** What Java needs for a value beside its characters. */
    private static final long BYTES_OF_VALUE = 64;

    /** Those that queues are named by. */
    private static final Set<String> NAMES = Set.of("queue", "tenant", "campaign", "routing_domain");

    private MetaData() {}

    /** {@code set_meta(name, value)}; nil removes. */
    static void set(Meta meta, Arguments arguments) {
        String name = arguments.name(2);
        Object value = arguments.value(3, MOST);
        if (value == null) {
            meta.remove(name);
        } else {
            put(meta, name, value);
        }
    }

    /**
     * Sets a value.
     *
     * @throws IllegalArgumentException if there is no room for it, it cannot name a queue, or would make a chore of mail; nothing has
     *     changed then
     */
    static void put(Meta meta, String name, Object value) {
        if (name.equals(Message.CHORE)) {
            throw new IllegalArgumentException("the meta data '" + name + "' are not for scripts; take another name");
        }
        long[] size = {size(name) + size(value)};
        meta.forEach((other, held) -> {
            if (!other.equals(name)) {
                size[0] += size(other) + size(held);
            }
        });
        if (size[0] > MOST) {
            throw new IllegalArgumentException("the meta data would have more than " + MOST + " bytes with '"
                    + Shown.of(name) + "'; keep large values elsewhere");
        }
        meta.put(name, NAMES.contains(name) ? text(name, value) : value);
    }

    private static String text(String name, Object value) {
        if (value instanceof String || value instanceof Number) {
            return value.toString();
        }
        throw new IllegalArgumentException(
                "the meta data '" + name + "' is a part of a queue's name, so it must be a text or a number");
    }

    /** How many bytes Java needs for a plain value, roughly. */
    static long size(@Nullable Object value) {
        long size = BYTES_OF_VALUE;
        if (value instanceof String text) {
            size += text.length();
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                size += size(entry.getKey()) + size(entry.getValue());
            }
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                size += size(item);
            }
        }
        return size;
    }
}
