package dev.kumo.core.delivery;

import dev.kumo.core.mail.Message;
import java.util.List;

/**
 * The way to a site: the hosts that take the mail of one domain, or of many that share them. Limits on connections and
 * rates are held per site.
 */
public interface Route {

    /**
     * The name of the site. Routes with the same name lead to the same hosts.
     *
     * @return such as {@code (alt1|alt2)?.mx.example.com}; never empty
     */
    String site();

    /**
     * How it is reached.
     *
     * @return such as {@code smtp_client}, the last part of the name of a ready queue
     */
    String protocol();

    /**
     * Opens a connection. May block.
     *
     * @param source what it is sent from
     * @param path the options of the way from that source to this site
     * @return to be closed by the caller
     * @throws UnroutableException if no host takes a connection. Its outcome is that of the messages that it was to be opened for;
     *     if that is a refusal, of all that wait for the way. After more failures in a row than
     *     {@code consecutive_connection_failures_before_delay} all that wait are deferred
     */
    Connection connect(EgressSource source, EgressPathOptions path) throws UnroutableException;

    /**
     * How many messages a connection is given at once at most. What is given at once comes again together after a crash.
     *
     * @return 1 unless overridden
     */
    default int mostAtOnce() {
        return 1;
    }

    /** A connection for one batch after another, used by one thread at a time. */
    interface Connection extends AutoCloseable {

        /**
         * Tries to deliver messages, and returns when the outcome of each is certain. May block.
         *
         * @param batch at least one message, not to be kept
         * @return one outcome for each message, in the same order
         */
        List<Outcome> deliver(List<Message> batch);

        /**
         * Whether it can be used for another batch.
         *
         * @return false once it has broken or the far side has closed it
         */
        boolean isUsable();

        /** Ends the connection, politely where that is quick. Never throws. */
        @Override
        void close();
    }

    /**
     * The way to a delivery that knows no sites: one for all domains, and no connection.
     *
     * @param delivery what takes the mail
     * @return its only route
     */
    static Route to(Delivery delivery) {
        return to(delivery, "delivery", "custom");
    }

    /**
     * The way to a delivery that knows no sites, by a name of its own.
     *
     * @param delivery what takes the mail
     * @param site the name of the site; not empty
     * @param protocol how it is reached
     * @return its route
     */
    static Route to(Delivery delivery, String site, String protocol) {
        return new Route() {
            @Override
            public String site() {
                return site;
            }

            @Override
            public String protocol() {
                return protocol;
            }

            @Override
            public int mostAtOnce() {
                return 100; // a store on a disk syncs once for all of them
            }

            @Override
            public Connection connect(EgressSource source, EgressPathOptions path) {
                return new Connection() {
                    @Override
                    public List<Outcome> deliver(List<Message> batch) {
                        return delivery.deliver(batch);
                    }

                    @Override
                    public boolean isUsable() {
                        return true;
                    }

                    @Override
                    public void close() {}
                };
            }
        };
    }
}
