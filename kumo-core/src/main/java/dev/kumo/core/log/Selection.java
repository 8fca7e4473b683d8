package dev.kumo.core.log;

import dev.kumo.core.text.Quoted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Names that somebody wants in a log: each written out, or with a trailing {@code *} for all that begin so.
 *
 * <p>The names of header fields are chosen in any case, those of meta data as they are written.
 */
public final class Selection {

    /** No name at all. */
    public static final Selection NONE = new Selection(true, List.of());

    private final boolean anyCase;
    private final TreeMap<String, String> names;
    private final List<String> prefixes;

    private Selection(boolean anyCase, Collection<String> patterns) {
        this.anyCase = anyCase;
        this.names = new TreeMap<>(anyCase ? String.CASE_INSENSITIVE_ORDER : Comparator.naturalOrder());
        List<String> beginnings = new ArrayList<>();
        for (String pattern : patterns) {
            int star = pattern.indexOf('*');
            if (pattern.isEmpty() || star >= 0 && star < pattern.length() - 1) {
                throw new IllegalArgumentException(
                        "must be names, each with a * at its end at most, not " + Quoted.of(pattern));
            }
            if (star < 0) {
                names.putIfAbsent(pattern, pattern);
            } else {
                beginnings.add(pattern.substring(0, star));
            }
        }
        this.prefixes = List.copyOf(beginnings);
    }

    /**
     * Chooses header fields.
     *
     * @param names of fields, in any case; {@code X-*} for all that begin with {@code X-}
     * @return the selection
     * @throws IllegalArgumentException if one is empty, or has a {@code *} before its end
     */
    public static Selection ofHeaders(Collection<String> names) {
        return new Selection(true, names);
    }

    /**
     * Chooses meta data.
     *
     * @param names as they are written; {@code x_*} for all that begin with {@code x_}
     * @return the selection
     * @throws IllegalArgumentException if one is empty, or has a {@code *} before its end
     */
    public static Selection ofMeta(Collection<String> names) {
        return new Selection(false, names);
    }

    /**
     * What either of two chooses.
     *
     * @param other of the same kind; where only one of the two writes a name out, or both do, it is spelled as there, or as
     *     here
     * @return a selection of this kind, unless this is empty
     */
    public Selection or(Selection other) {
        if (other.isEmpty()) {
            return this;
        }
        return isEmpty()
                ? other
                : new Selection(
                        anyCase, Stream.concat(patterns(), other.patterns()).toList());
    }

    private Stream<String> patterns() {
        return Stream.concat(names.values().stream(), prefixes.stream().map(prefix -> prefix + "*"));
    }

    /**
     * Whether nothing can be chosen.
     *
     * @return true for no names
     */
    public boolean isEmpty() {
        return names.isEmpty() && prefixes.isEmpty();
    }

    /**
     * Whether a name is chosen.
     *
     * @param name any text
     * @return its spelling in the selection if it is written out there, and its own if it begins as something there;
     *     else empty
     */
    public Optional<String> spelling(String name) {
        String written = names.get(name);
        if (written != null) {
            return Optional.of(written);
        }
        for (String prefix : prefixes) {
            if (name.regionMatches(anyCase, 0, prefix, 0, prefix.length())) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** The names, those written out first. */
    @Override
    public String toString() {
        return patterns().toList().toString();
    }
}
