package dev.kumo.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The order that clients need: the certificate of the key, then each one's issuer (RFC 5246 section 7.4.2). */
final class Chain {

    private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

    private Chain() {}

    /**
     * Puts certificates in order. A file to which renewed ones were appended holds several of one key: the one that is valid for
     * longest is taken.
     *
     * @return the certificate of the key first; those that are nobody's issuer last, as they may be somebody's cross-signed
     * @throws TlsException if none is of the key
     */
    static List<X509Certificate> ordered(
            List<X509Certificate> given, PrivateKey key, String certificateSource, String keySource, Instant now)
            throws TlsException {
        List<X509Certificate> rest = new ArrayList<>(given.stream().distinct().toList());
        X509Certificate leaf = rest.stream()
                .filter(certificate -> PrivateKeys.fit(key, certificate.getPublicKey()))
                .max(Comparator.comparing((X509Certificate certificate) -> hasBegun(certificate, now))
                        .thenComparing(X509Certificate::getNotAfter))
                .orElseThrow(() -> new TlsException("the key of " + keySource + " does not fit the certificate of "
                        + certificateSource + ", which is that of "
                        + given.get(0).getSubjectX500Principal() + "; name the two that belong together"));
        rest.removeIf(certificate -> PrivateKeys.fit(key, certificate.getPublicKey()));
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        for (Optional<X509Certificate> issuer = issuer(leaf, rest); issuer.isPresent(); ) {
            chain.add(issuer.get());
            rest.remove(issuer.get());
            issuer = issuer(issuer.get(), rest);
        }
        chain.addAll(rest);
        if (!chain.equals(given)) {
            LOG.warn(
                    "{}: the certificates are not in order, leaf first and then each one's issuer; used in that order",
                    certificateSource);
        }
        return chain;
    }

    private static boolean hasBegun(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant());
    }

    private static Optional<X509Certificate> issuer(X509Certificate of, List<X509Certificate> among) {
        return among.stream()
                .filter(other -> other.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
                .findFirst();
    }
}
