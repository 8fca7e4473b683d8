package dev.kumo.smtp.client;

import java.time.Duration;
import java.util.List;

/**
 * What the DNS says to a question. "There is none" and "cannot tell now" are answers too, and never the same one: mail
 * is routed differently in each case.
 *
 * @param <T> what one record says
 */
public sealed interface DnsAnswer<T> {

    /**
     * The records.
     *
     * @return in the order of the answer; empty unless it is {@link Found}
     */
    List<T> records();

    /**
     * How long the answer may be kept.
     *
     * @return zero or more; zero for {@link Failed}
     */
    Duration ttl();

    /**
     * There are records.
     *
     * @param records at least one
     * @param ttl the shortest of the records and of the aliases that led to them
     * @param <T> what one record says
     */
    record Found<T>(List<T> records, Duration ttl) implements DnsAnswer<T> {

        /**
         * Copies the list.
         *
         * @param records at least one
         * @param ttl zero or more
         * @throws IllegalArgumentException if there is no record
         */
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("an answer without records is NoData or NoSuchName");
            }
        }
    }

    /**
     * The name exists, but has no records of this type.
     *
     * @param ttl how long this holds, RFC 2308 section 5
     * @param <T> what one record would say
     */
    record NoData<T>(Duration ttl) implements DnsAnswer<T> {

        @Override
        public List<T> records() {
            return List.of();
        }
    }

    /**
     * The name does not exist (NXDOMAIN).
     *
     * @param ttl how long this holds, RFC 2308 section 5
     * @param <T> what one record would say
     */
    record NoSuchName<T>(Duration ttl) implements DnsAnswer<T> {

        @Override
        public List<T> records() {
            return List.of();
        }
    }

    /**
     * Nobody could tell: no answer in time, SERVFAIL, or an answer that makes no sense.
     *
     * @param reason for a log, of one line; holds nothing that a server sent
     * @param <T> what one record would say
     */
    record Failed<T>(String reason) implements DnsAnswer<T> {

        @Override
        public List<T> records() {
            return List.of();
        }

        @Override
        public Duration ttl() {
            return Duration.ZERO;
        }
    }
}
