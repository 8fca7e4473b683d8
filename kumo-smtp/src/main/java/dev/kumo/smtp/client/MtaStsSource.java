package dev.kumo.smtp.client;

import java.io.IOException;

/** Where {@link MtaSts} reads policies: by HTTPS unless a test, or a proxy of one's own, stands in. */
@FunctionalInterface
public interface MtaStsSource {

    /**
     * Fetches the policy of a domain, RFC 8461 section 3.3. May block, for a minute at most.
     *
     * @param domain in the form of {@link dev.kumo.core.mail.DomainName}; its policy is at
     *     {@code https://mta-sts.DOMAIN/.well-known/mta-sts.txt}
     * @return what is there
     * @throws IOException if it cannot be had, for whatever reason; the message goes to a log, and quotes nothing that a
     *     server sent
     * @throws InterruptedException if the thread is interrupted
     */
    String fetch(String domain) throws IOException, InterruptedException;
}
