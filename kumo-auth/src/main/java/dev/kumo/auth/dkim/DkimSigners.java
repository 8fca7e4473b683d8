package dev.kumo.auth.dkim;

import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Signers of several domains, of which those sign a mail that are of its author's domain, the one in {@code From}: such a signature is aligned as
 * DMARC wants it (RFC 7489 section 3.1.1). Two of one domain, with keys of RSA and of Ed25519, both sign.
 *
 * <p>Ask them only for mail of those who may send as these domains.
 */
public final class DkimSigners {

    private final List<DkimSigner> signers;

    private DkimSigners(List<DkimSigner> signers) {
        this.signers = signers;
    }

    /**
     * Puts signers together.
     *
     * @param signers of whatever domains; they sign in this order
     * @return all of them
     */
    public static DkimSigners of(Collection<DkimSigner> signers) {
        return new DkimSigners(List.copyOf(signers));
    }

    /**
     * Signs a message for its author's domain, as {@link DkimSigner#signOrRefuse} does. A message that does not tell whose it is, is refused,
     * rather than sent unsigned: one without exactly one field {@code From}, or with a header of more than 1 MiB or 10,000 fields.
     *
     * @param message all of it, with the fields put on top; it stays as it is if there is no signer of the domain, or none at all
     * @return to proceed, or a refusal with {@code 554 5.6.0}
     * @throws java.io.UncheckedIOException if the store that holds the content fails
     */
    public Verdict signOrRefuse(Message message) {
        if (signers.isEmpty()) {
            return Verdict.proceed();
        }
        Set<String> domains;
        try {
            domains = Author.domains(from(message.headers()));
        } catch (UnsignableException e) {
            return Verdict.reject(e.reply());
        }
        for (DkimSigner signer : signers) {
            if (domains.contains(signer.options().domain())) {
                Verdict verdict = signer.signOrRefuse(message);
                if (!verdict.equals(Verdict.proceed())) {
                    return verdict;
                }
            }
        }
        return Verdict.proceed();
    }

    private static String from(Headers headers) {
        if (headers.isTruncated()) {
            throw new UnsignableException("its header is too large to be read to its end");
        }
        List<String> values = headers.all("From");
        UnsignableException.unlessOneFrom(values.size());
        return values.get(0);
    }

    /** The names of their records. */
    @Override
    public String toString() {
        return "DkimSigners " + signers.stream().map(DkimSigner::recordName).toList();
    }
}
