package dev.kumo.core.queue;

import dev.kumo.core.delivery.EgressPathOptions;

/** Says how mail goes from a source to a site: the event {@code get_egress_path_config}. */
@FunctionalInterface
public interface EgressPaths {

    /**
     * Finds the options. May block. Asked about once a minute for each way in use.
     *
     * @param site the name of the site
     * @param source the name of the egress source
     * @param domain the domain whose mail is to be sent
     * @return the options
     */
    EgressPathOptions options(String site, String source, String domain);
}
