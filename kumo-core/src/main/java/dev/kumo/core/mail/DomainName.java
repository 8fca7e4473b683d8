package dev.kumo.core.mail;

import java.net.IDN;
import java.util.Locale;

/** Domain names in the one form in which they are compared. */
public final class DomainName {

    private DomainName() {}

    /**
     * The one form of a name: A-labels (IDNA), lower case.
     *
     * @param name a domain name
     * @return its normal form
     * @throws IllegalArgumentException if it is not a domain name
     */
    public static String normalize(String name) {
        return IDN.toASCII(name).toLowerCase(Locale.ROOT);
    }
}
