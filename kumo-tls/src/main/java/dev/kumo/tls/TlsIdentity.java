package dev.kumo.tls;

import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a server shows to be itself: a chain of certificates, and the key of the first of them, which it keeps to itself. */
public final class TlsIdentity {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final String source;

    private TlsIdentity(List<X509Certificate> chain, PrivateKey key, String source) {
        this.chain = List.copyOf(chain);
        this.key = key;
        this.source = source;
    }

    /**
     * Checks that it can be used now.
     *
     * @param certificates in any order
     * @throws TlsException if the key is of none of them, or the one it is of is out of date
     */
    static TlsIdentity of(
            List<X509Certificate> certificates, PrivateKey key, String certificateSource, String keySource, Instant now)
            throws TlsException {
        List<X509Certificate> chain = Chain.ordered(certificates, key, certificateSource, keySource, now);
        X509Certificate leaf = chain.get(0);
        Instant from = leaf.getNotBefore().toInstant();
        Instant until = leaf.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            throw new TlsException("the certificate of " + certificateSource + " for " + leaf.getSubjectX500Principal()
                    + " expired at " + until + "; renew it");
        }
        if (now.isBefore(from)) {
            throw new TlsException("the certificate of " + certificateSource + " for " + leaf.getSubjectX500Principal()
                    + " is not valid before " + from + ", and now it is " + now + "; check the clock");
        }
        return new TlsIdentity(chain, key, certificateSource);
    }

    /**
     * The certificates that clients are sent.
     *
     * @return the leaf first, each followed by its issuer; immutable
     */
    public List<X509Certificate> chain() {
        return chain;
    }

    /**
     * The certificate of the server itself.
     *
     * @return the first of the {@link #chain}
     */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /**
     * Whom the leaf is for, by its subject alternative names (RFC 5280 section 4.2.1.6).
     *
     * @return DNS names, perhaps with a {@code *.}, and IP addresses, in the certificate's order; immutable
     */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = leaf().getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
                        names.add((String) name.get(1));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of(); // clients that verify will say so; those that do not need no names
        }
        return List.copyOf(names);
    }

    /**
     * The number that the issuer gave the leaf; a new certificate has a new one.
     *
     * @return positive
     */
    public BigInteger serial() {
        return leaf().getSerialNumber();
    }

    /**
     * Until when the leaf is valid.
     *
     * @return the last second
     */
    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    PrivateKey key() {
        return key;
    }

    /** Whose certificate, which one, until when, and where it comes from. */
    @Override
    public String toString() {
        return leaf().getSubjectX500Principal() + ", serial " + serial().toString(16) + ", valid until " + notAfter()
                + ", from " + source;
    }
}
