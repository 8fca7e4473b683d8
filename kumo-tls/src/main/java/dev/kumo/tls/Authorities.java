package dev.kumo.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Whose clients may connect. Read once for as long as the source stays the same; which of them are valid changes with time. */
final class Authorities {

    /** Clients are not asked. */
    static final Authorities NONE = new Authorities(new byte[0], List.of(), List.of());

    private final byte[] source;
    private final List<X509Certificate> all;
    private final List<X509Certificate> valid;

    private Authorities(byte[] source, List<X509Certificate> all, List<X509Certificate> valid) {
        this.source = source;
        this.all = all;
        this.valid = valid;
    }

    /**
     * Those of the source that are valid now. An expired one vouches for nobody, which neither engine would see: both take
     * an anchor of trust as given (RFC 5280 section 6.1.1).
     *
     * @param before what was in use until now; it is returned again if nothing has changed
     * @throws TlsException if there are none in what is new; those that were in use and have expired vouch for nobody, and nobody is let in
     */
    static Authorities of(byte[] pem, String describe, Authorities before, Instant now) throws TlsException {
        List<X509Certificate> all = Arrays.equals(pem, before.source) && !before.all.isEmpty()
                ? before.all
                : Pem.certificates(pem, describe);
        List<X509Certificate> valid = all.stream()
                .filter(authority -> !now.isBefore(authority.getNotBefore().toInstant())
                        && !now.isAfter(authority.getNotAfter().toInstant()))
                .toList();
        if (valid.isEmpty() && !before.all.isEmpty() && before.all.equals(all)) {
            return before.valid.isEmpty() ? before : new Authorities(pem.clone(), all, valid);
        }
        if (valid.isEmpty()) {
            throw new TlsException(
                    "the certificate of the authority " + all.get(0).getSubjectX500Principal() + " of "
                            + describe + " is not valid now, but from "
                            + all.get(0).getNotBefore().toInstant() + " to "
                            + all.get(0).getNotAfter().toInstant() + "; put in the present one");
        }
        return valid.equals(before.valid) ? before : new Authorities(pem.clone(), all, valid);
    }

    boolean areAsked() {
        return !all.isEmpty();
    }

    List<X509Certificate> valid() {
        return valid;
    }
}
