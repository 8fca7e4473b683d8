package dev.kumo.core.delivery;

/** Which addresses of a host are looked up: the values of {@code ip_lookup_strategy}. */
public enum IpLookup {
    /** Both kinds. */
    IPV4_AND_IPV6,
    /** A records only. */
    IPV4_ONLY,
    /** AAAA records only. */
    IPV6_ONLY,
    /** AAAA records, and A records if there are none. */
    IPV6_THEN_IPV4,
    /** A records, and AAAA records if there are none. */
    IPV4_THEN_IPV6
}
