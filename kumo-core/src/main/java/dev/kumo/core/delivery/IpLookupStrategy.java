package dev.kumo.core.delivery;

/** Which addresses of a host are looked up, and which are tried first: the values of {@code ip_lookup_strategy}. */
public enum IpLookupStrategy {

    /** Both, at once; addresses of IPv4 are tried first. */
    IPV4_AND_IPV6,

    /** Both, at once; addresses of IPv6 are tried first. */
    IPV6_AND_IPV4,

    /** IPv4 alone. */
    IPV4_ONLY,

    /** IPv6 alone. */
    IPV6_ONLY,

    /** IPv6; IPv4 where there is no address of IPv6, or none can be had. */
    IPV6_THEN_IPV4,

    /** IPv4; IPv6 where there is no address of IPv4, or none can be had. */
    IPV4_THEN_IPV6
}
