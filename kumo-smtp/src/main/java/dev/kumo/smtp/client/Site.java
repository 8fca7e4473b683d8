package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.EgressTls;
import dev.kumo.core.delivery.UnroutableException;
import java.util.List;

/** Hosts that take the mail of one domain or more. */
interface Site {

    /** What limits are held by. */
    String name();

    /**
     * The hosts as they are now, and how strictly TLS is to be used with them.
     *
     * @throws UnroutableException if there are none, or mail must not go there
     */
    Plan plan(EgressSource source, EgressPathOptions path) throws UnroutableException;

    /**
     * What to try.
     *
     * @param candidates at least one, in the order in which to try them
     * @param tls for all of them
     */
    record Plan(List<Candidate> candidates, EgressTls tls) {}
}
