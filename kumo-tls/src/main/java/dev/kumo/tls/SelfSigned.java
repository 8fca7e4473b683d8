package dev.kumo.tls;

import dev.kumo.core.net.IpLiteral;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.IDN;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An identity made on the spot: P-256, because such a key takes no time to make. */
final class SelfSigned extends IdentitySource {

    private static final Duration BACKDATED = Duration.ofDays(1); // clients whose clocks are slow
    private static final Duration VALID = Duration.ofDays(365);
    private static final Duration REPLACED_BEFORE_END = VALID.dividedBy(3);
    private static final int LONGEST_COMMON_NAME = 64; // RFC 5280 appendix A.1, ub-common-name

    private final String name;
    private final GeneralName alternativeName;
    private @Nullable TlsIdentity made;

    SelfSigned(String hostname) {
        Optional<InetAddress> address = address(hostname);
        name = address.map(IpLiteral::format).orElseGet(() -> hostName(hostname));
        alternativeName = address.map(ip -> new GeneralName(GeneralName.iPAddress, new DEROctetString(ip.getAddress())))
                .orElseGet(() -> new GeneralName(GeneralName.dNSName, name));
    }

    private static Optional<InetAddress> address(String hostname) {
        try {
            String literal = hostname.replaceAll("^\\[(.*)]$", "$1");
            return Optional.of(IpLiteral.parse(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String hostName(String hostname) {
        try {
            String ascii = IDN.toASCII(hostname, IDN.ALLOW_UNASSIGNED);
            if (!ascii.isEmpty() && ascii.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                return ascii;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("must be a host name or an IP address, not '" + hostname + "'");
    }

    @Override
    List<KeySource> sources() {
        return List.of();
    }

    @Override
    synchronized TlsIdentity load(Reader reader, Instant now) throws TlsException {
        if (made == null || now.isAfter(made.notAfter().minus(REPLACED_BEFORE_END))) {
            made = make(now);
        }
        return made;
    }

    private TlsIdentity make(Instant now) throws TlsException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return TlsIdentity.of(
                    List.of(certificate(pair, now.truncatedTo(ChronoUnit.SECONDS))),
                    pair.getPrivate(),
                    toString(),
                    toString(),
                    now);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new TlsException("cannot make a self-signed certificate for '" + name + "': " + e.getMessage(), e);
        }
    }

    private X509Certificate certificate(KeyPair pair, Instant now)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        boolean fits = name.length() <= LONGEST_COMMON_NAME;
        X500Name subject = fits
                ? new X500NameBuilder().addRDN(BCStyle.CN, name).build()
                : new X500NameBuilder().addRDN(BCStyle.O, "self-signed").build();
        Instant from = now.minus(BACKDATED);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        subject,
                        new BigInteger(127, new SecureRandom()).setBit(126),
                        Date.from(from),
                        Date.from(from.plus(VALID)),
                        subject,
                        pair.getPublic())
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternativeName))
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        byte[] encoded = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    @Override
    public String toString() {
        return "a self-signed certificate for '" + name + "'";
    }
}
