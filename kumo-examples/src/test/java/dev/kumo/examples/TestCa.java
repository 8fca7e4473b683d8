package dev.kumo.examples;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority that issues certificates to tests, made with the {@code openssl} of this machine.
 *
 * @param folder of what it makes
 * @param certificate its own, PEM
 */
record TestCa(Path folder, Path certificate) {

    /**
     * A certificate and its key, both PEM.
     *
     * @param certificate a path
     * @param key a path
     */
    record Issued(Path certificate, Path key) {

        BigInteger serial() throws IOException, GeneralSecurityException {
            return read(certificate).getSerialNumber();
        }
    }

    /** Makes an authority in a folder of its own, which is made, too. */
    static TestCa in(Path folder) throws IOException, InterruptedException {
        Files.createDirectory(folder);
        // Without one, openssl would take that of the machine, with whatever it says.
        Files.writeString(folder.resolve("openssl.cnf"), """
                [req]
                distinguished_name = name
                [name]
                """);
        TestCa ca = new TestCa(folder, folder.resolve("ca.pem"));
        ca.request(
                "/CN=Authority of a test",
                folder.resolve("ca.key"),
                ca.certificate,
                List.of("-x509", "-addext", "basicConstraints=critical,CA:TRUE", "-days", "30"));
        return ca;
    }

    /** For a server that is {@code localhost} and {@code 127.0.0.1}; also for a client. */
    Issued issue(String file) throws IOException, InterruptedException {
        Issued issued = issued(file);
        request(
                "/CN=" + file,
                issued.key,
                issued.certificate,
                List.of(
                        "-x509",
                        "-CA",
                        certificate.toString(),
                        "-CAkey",
                        folder.resolve("ca.key").toString(),
                        "-addext",
                        "basicConstraints=critical,CA:FALSE",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-days",
                        "30"));
        return issued;
    }

    /** One that ended yesterday. */
    Issued expired(String file) throws IOException, InterruptedException {
        Issued issued = issued(file);
        Path wish = folder.resolve(file + ".csr");
        request("/CN=" + file, issued.key, wish, List.of("-new"));
        openssl(List.of(
                "x509",
                "-req",
                "-in",
                wish.toString(),
                "-CA",
                certificate.toString(),
                "-CAkey",
                folder.resolve("ca.key").toString(),
                "-set_serial",
                "1",
                "-days",
                "-1",
                "-out",
                issued.certificate.toString()));
        return issued;
    }

    private Issued issued(String file) {
        return new Issued(folder.resolve(file + ".pem"), folder.resolve(file + ".key"));
    }

    /** What Java trusts this authority by. */
    SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("ca", read(certificate));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void request(String subject, Path key, Path certificate, List<String> more)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "req",
                "-config",
                folder.resolve("openssl.cnf").toString(),
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                subject,
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString()));
        arguments.addAll(more);
        openssl(arguments);
    }

    private void openssl(List<String> arguments) throws IOException, InterruptedException {
        Program.named("openssl", "openssl").run(folder.resolve("openssl.cnf"), arguments);
    }

    static X509Certificate read(Path certificate) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(certificate)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }
}
