package dev.kumo.core.delivery;

import dev.kumo.core.options.OptionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sources that share the mail of a queue by their weights. The keys of {@code make_egress_pool}.
 *
 * @param name {@code name}: tells the pools apart
 * @param entries {@code entries}: the sources, at least one with a weight above zero
 */
public record EgressPool(String name, List<Entry> entries) {

    /** The pool of {@link EgressSource#UNSPECIFIED} alone. */
    public static final EgressPool UNSPECIFIED =
            new EgressPool("unspecified", List.of(new Entry(EgressSource.UNSPECIFIED.name(), 1)));

    /**
     * Copies the entries.
     *
     * @param name tells the pools apart
     * @param entries the sources
     * @throws IllegalArgumentException if the name is empty, or no entry has a weight above zero
     */
    public EgressPool {
        notEmpty(name);
        entries = List.copyOf(entries);
        if (entries.stream().allMatch(entry -> entry.weight() == 0)) {
            throw new IllegalArgumentException(
                    "egress pool '" + name + "' needs an entry with a weight of 1 or more, or it could never send");
        }
    }

    /**
     * A source in a pool.
     *
     * @param name {@code name}: that of the source
     * @param weight {@code weight}: its share of the whole; 0 takes it out; 1
     */
    public record Entry(String name, int weight) {

        /**
         * Checks both.
         *
         * @param name that of the source
         * @param weight 0 or more
         * @throws IllegalArgumentException if the name is empty, or the weight is less than 0
         */
        public Entry {
            notEmpty(name);
            if (weight < 0) {
                throw new IllegalArgumentException("must be at least 0, not " + weight);
            }
        }

        /**
         * Starts an entry of weight 1.
         *
         * @return the builder, which needs a name
         */
        public static Builder builder() {
            return new Builder();
        }

        /** Collects options; one setter for each documented key. */
        public static final class Builder {

            private @Nullable String name;
            private int weight = 1;

            private Builder() {}

            /**
             * Key {@code name}.
             *
             * @param name that of the source
             * @return this
             */
            public Builder name(String name) {
                this.name = name;
                return this;
            }

            /**
             * Key {@code weight}.
             *
             * @param weight 0 or more; default 1
             * @return this
             */
            public Builder weight(int weight) {
                this.weight = weight;
                return this;
            }

            /**
             * Ends the entry.
             *
             * @return the entry
             * @throws IllegalArgumentException if it has no name, or its weight is less than 0
             */
            public Entry build() {
                if (name == null) {
                    throw new IllegalArgumentException("an entry needs the name of a source; set name");
                }
                return new Entry(name, weight);
            }
        }
    }

    /**
     * Starts a pool without entries.
     *
     * @return the builder, which needs a name and an entry
     */
    public static Builder builder() {
        return new Builder();
    }

    static String notEmpty(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name must not be empty");
        }
        return name;
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder {

        private @Nullable String name;
        private final List<Entry> entries = new ArrayList<>();

        private Builder() {}

        /**
         * Key {@code name}.
         *
         * @param name tells the pools apart; not empty
         * @return this
         * @throws IllegalArgumentException if it is empty
         */
        public Builder name(String name) {
            this.name = notEmpty(name);
            return this;
        }

        /**
         * Key {@code entries}, each a table of {@code name} and {@code weight}.
         *
         * @param tables added to those there are
         * @return this
         * @throws IllegalArgumentException if one has other keys, or none for the name
         */
        public Builder entries(List<Map<String, ?>> tables) {
            for (Map<String, ?> table : tables) {
                entries.add(OptionTable.apply(
                                "make_egress_pool.entries[" + (entries.size() + 1) + "]", table, Entry.builder())
                        .build());
            }
            return this;
        }

        /**
         * Adds a source.
         *
         * @param source its name
         * @param weight its share of the whole; 0 takes it out
         * @return this
         * @throws IllegalArgumentException if the name is empty, or the weight is less than 0
         */
        public Builder entry(String source, int weight) {
            entries.add(new Entry(source, weight));
            return this;
        }

        /**
         * Ends the pool.
         *
         * @return the pool
         * @throws IllegalArgumentException if it has no name, or no entry of a weight above 0
         */
        public EgressPool build() {
            if (name == null) {
                throw new IllegalArgumentException("an egress pool needs a name; set name");
            }
            return new EgressPool(name, entries);
        }
    }
}
