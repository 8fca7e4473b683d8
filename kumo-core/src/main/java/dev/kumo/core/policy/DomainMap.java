package dev.kumo.core.policy;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import dev.kumo.core.text.Quoted;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values by domain, where one entry may stand for many domains.
 *
 * <p>A key is one of
 *
 * <ul>
 *   <li>a domain name, {@code example.com}, which stands for itself;
 *   <li>{@code *.example.com}, which stands for every name below {@code example.com}, at any depth, but never for
 *       {@code example.com};
 *   <li>an address literal, {@code [192.0.2.1]}, which stands for itself;
 *   <li>{@code *}, which stands for everything, the empty domain of the null sender included.
 * </ul>
 *
 * <p>The most specific entry wins, and it wins whole: the exact one, else the wildcard of the nearest ancestor, else
 * {@code *}. Names are compared without regard to case, and by their A-labels (RFC 5890 section 2.3.2.1).
 *
 * <p>A map never changes and may be used by any number of threads.
 *
 * @param <V> what an entry holds
 */
public final class DomainMap<V> {

    private static final String EVERYTHING = "*";
    private static final String BELOW = "*.";

    private final Map<String, V> entries;
    private final Map<String, V> exact = new HashMap<>();
    private final Map<String, V> below = new HashMap<>();
    private final @Nullable V everything;

    private DomainMap(Map<String, V> entries) {
        this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        this.everything = entries.get(EVERYTHING);
        entries.forEach((key, value) -> {
            if (key.startsWith(BELOW)) {
                below.put(key.substring(BELOW.length()), value);
            } else if (!key.equals(EVERYTHING)) {
                exact.put(key, value);
            }
        });
    }

    /**
     * Starts an empty map.
     *
     * @param <V> what an entry holds
     * @return the builder
     */
    public static <V> Builder<V> builder() {
        return new Builder<>();
    }

    /**
     * Reads a whole table.
     *
     * @param <V> what an entry holds
     * @param entries values by key
     * @return the map, in the order of the table
     * @throws IllegalArgumentException if a key is none of the four kinds, or two keys are the same domain
     */
    public static <V> DomainMap<V> of(Map<String, ? extends V> entries) {
        Builder<V> builder = builder();
        entries.forEach(builder::put);
        return builder.build();
    }

    /**
     * The value of the most specific entry that stands for a domain.
     *
     * @param domain in any spelling; whatever is no domain name, such as the empty one of the null sender, is found
     *     only under {@code *}
     * @return the value, unless no entry stands for the domain
     */
    public Optional<V> find(String domain) {
        String name = canonical(domain);
        V found = name == null ? null : exact.get(name);
        if (found == null && name != null && !below.isEmpty()) {
            found = nearestBelow(name);
        }
        return Optional.ofNullable(found == null ? everything : found);
    }

    private @Nullable V nearestBelow(String name) {
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            V found = below.get(name.substring(dot + 1));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /**
     * Whether there is no entry at all.
     *
     * @return true if {@link #find} never finds anything
     */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Every entry.
     *
     * @return values by normalised key, in the order in which they were put; it cannot be changed
     */
    public Map<String, V> entries() {
        return entries;
    }

    /** The form in which names are compared, or null for what is no domain. */
    private static @Nullable String canonical(String domain) {
        if (domain.isEmpty()) {
            return null;
        }
        try {
            return domain.startsWith("[") ? AddressLiteral.parse(domain).toString() : DomainName.normalize(domain);
        } catch (IllegalArgumentException notADomain) {
            return null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DomainMap<?> that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }

    /**
     * Collects entries.
     *
     * @param <V> what an entry holds
     */
    public static final class Builder<V> {

        private final Map<String, V> entries = new LinkedHashMap<>();
        private final Map<String, String> spellings = new HashMap<>();

        private Builder() {}

        /**
         * Adds an entry.
         *
         * @param key a domain name, {@code *.} and a domain name, an address literal, or {@code *}
         * @param value what the entry holds
         * @return this
         * @throws IllegalArgumentException if the key is none of these, or is the same domain as an earlier one
         */
        public Builder<V> put(String key, V value) {
            String normal = normal(key);
            String earlier = spellings.putIfAbsent(normal, key);
            if (earlier != null) {
                throw new IllegalArgumentException("domain keys " + Quoted.of(earlier) + " and " + Quoted.of(key)
                        + " are the same domain; keep one of them");
            }
            entries.put(normal, value);
            return this;
        }

        /**
         * Ends the map.
         *
         * @return what was put so far
         */
        public DomainMap<V> build() {
            return new DomainMap<>(entries);
        }

        private static String normal(String key) {
            if (key.equals(EVERYTHING)) {
                return key;
            }
            boolean wildcard = key.startsWith(BELOW);
            String name = wildcard ? key.substring(BELOW.length()) : key;
            String canonical = canonical(name);
            if (canonical == null || name.endsWith(".") || wildcard && name.startsWith("[")) {
                throw new IllegalArgumentException("domain key " + Quoted.of(key) + " " + mend(key, name));
            }
            return wildcard ? BELOW + canonical : canonical;
        }

        private static String mend(String key, String name) {
            int star = name.lastIndexOf('*');
            if (key.isEmpty()) {
                return "is empty; write a domain name, '*.' and a domain name, or '*' for every domain";
            } else if (star >= 0) {
                String tail = name.substring(star + 1).replaceFirst("^\\.+", "");
                return "has a '*' that is not its whole first label; write "
                        + Quoted.of(tail.isEmpty() ? "*" : BELOW + tail);
            } else if (name.indexOf('@') >= 0) {
                return "is a mailbox; write its domain " + Quoted.of(name.substring(name.lastIndexOf('@') + 1));
            } else if (name.startsWith("[")) {
                return name.equals(key)
                        ? "is no address literal; write it as in [192.0.2.1] or [IPv6:2001:db8::1]"
                        : "is below an address literal, where nothing is; write " + Quoted.of(name);
            } else if (name.equals(key) && name.startsWith(".")) {
                return "starts with a dot; write " + Quoted.of("*" + name) + " for what is below it";
            } else if (name.startsWith(".") || name.contains("..")) {
                return "has an empty label; remove a dot";
            } else if (name.endsWith(".")) {
                return "ends with a dot; leave it out";
            } else {
                return "is no domain name; write it as in example.com, *.example.com or [192.0.2.1]";
            }
        }
    }
}
