package dev.kumo.tls;

import java.time.Duration;

/**
 * How long Vault is waited for, and how often it is asked.
 *
 * @param connect the longest time for a connection
 * @param answer the longest time for a whole answer
 * @param tries how often it is asked in all, if the trouble may pass
 * @param backOff before the second try; doubled before each further one
 * @param sleeper waits
 */
record VaultPatience(Duration connect, Duration answer, int tries, Duration backOff, Sleeper sleeper) {

    static final VaultPatience DEFAULT = new VaultPatience(
            Duration.ofSeconds(3),
            Duration.ofSeconds(8),
            3,
            Duration.ofSeconds(1),
            time -> Thread.sleep(time.toMillis()));

    /** Waits. */
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }
}
