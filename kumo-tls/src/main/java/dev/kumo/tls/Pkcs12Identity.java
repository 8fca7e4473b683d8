package dev.kumo.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/** An identity in a PKCS#12 store, RFC 7292. */
final class Pkcs12Identity extends IdentitySource {

    private final KeySource store;
    private final Supplier<char[]> password;

    Pkcs12Identity(KeySource store, Supplier<char[]> password) {
        this.store = store;
        this.password = password;
    }

    @Override
    List<KeySource> sources() {
        return List.of(store);
    }

    @Override
    TlsIdentity load(Reader reader, Instant now) throws TlsException {
        byte[] content = reader.read(store);
        char[] secret = password.get();
        try {
            KeyStore entries = KeyStore.getInstance("PKCS12");
            entries.load(new ByteArrayInputStream(content), secret);
            String alias = onlyKey(entries);
            PrivateKeyInfo key =
                    PrivateKeyInfo.getInstance(entries.getKey(alias, secret).getEncoded());
            PrivateKey usable = PrivateKeys.of(key, store.describe());
            return TlsIdentity.of(chain(entries, alias), usable, store.describe(), store.describe(), now);
        } catch (TlsException e) {
            throw e;
        } catch (IOException e) {
            throw e.getCause() instanceof UnrecoverableKeyException
                    ? new TlsException(store.describe() + " cannot be opened: the password is wrong")
                    : new TlsException(store.describe() + " is not a PKCS#12 store, or is damaged; for PEM set"
                            + " tls_certificate and tls_private_key");
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new TlsException(store.describe() + " holds what cannot be used: it is damaged, or encrypted in a way"
                    + " that Java does not know");
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    private String onlyKey(KeyStore entries) throws GeneralSecurityException, TlsException {
        List<String> keys = new ArrayList<>();
        for (String alias : Collections.list(entries.aliases())) {
            if (entries.isKeyEntry(alias)) {
                keys.add(alias);
            }
        }
        if (keys.size() != 1) {
            throw new TlsException(store.describe()
                    + (keys.isEmpty() ? " holds no private key" : " holds several keys " + keys + "; leave one in it"));
        }
        return keys.get(0);
    }

    private List<X509Certificate> chain(KeyStore entries, String alias) throws GeneralSecurityException, TlsException {
        List<X509Certificate> chain = new ArrayList<>();
        Certificate[] certificates = entries.getCertificateChain(alias);
        for (Certificate certificate : certificates == null ? new Certificate[0] : certificates) {
            chain.add((X509Certificate) certificate);
        }
        if (chain.isEmpty()) {
            throw new TlsException(store.describe() + " holds no certificate for its key");
        }
        return chain;
    }

    @Override
    public String toString() {
        return store.toString();
    }
}
