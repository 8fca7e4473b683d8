package dev.kumo.smtp.client;

import java.net.InetAddress;
import java.util.List;

/**
 * A host to connect to.
 *
 * @param name its name as it was found, in the form of {@link dev.kumo.core.mail.DomainName}: what its certificate has
 *     to be for; of a domain literal, the literal
 * @param preference of its MX record; 0 where there is none
 * @param addresses at least one, in the order in which to try them
 */
public record MxHost(String name, int preference, List<InetAddress> addresses) {

    /**
     * Copies the list.
     *
     * @param name its name
     * @param preference 0 to 65535
     * @param addresses at least one
     * @throws IllegalArgumentException if there is no address
     */
    public MxHost {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("host " + name + " has no address");
        }
    }
}
