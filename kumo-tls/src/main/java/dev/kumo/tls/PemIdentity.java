package dev.kumo.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An identity of a chain and a key, both PEM. */
final class PemIdentity extends IdentitySource {

    private final KeySource certificate;
    private final KeySource privateKey;
    private final @Nullable Supplier<char[]> password;

    PemIdentity(KeySource certificate, KeySource privateKey, @Nullable Supplier<char[]> password) {
        this.certificate = certificate;
        this.privateKey = privateKey;
        this.password = password;
    }

    @Override
    List<KeySource> sources() {
        return certificate == privateKey ? List.of(certificate) : List.of(certificate, privateKey);
    }

    @Override
    TlsIdentity load(Reader reader, Instant now) throws TlsException {
        List<X509Certificate> chain = Pem.certificates(reader.read(certificate), certificate.describe());
        PrivateKey key = Pem.privateKey(reader.read(privateKey), privateKey.describe(), password);
        return TlsIdentity.of(chain, key, certificate.describe(), privateKey.describe(), now);
    }

    @Override
    public String toString() {
        return certificate + " with the key of " + privateKey;
    }
}
