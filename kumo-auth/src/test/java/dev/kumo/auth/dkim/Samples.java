package dev.kumo.auth.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.tls.KeySource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Keys and mail; texts are octets, one for each character. */
final class Samples {

    /** RFC 8463 appendix A.1: the secret of Ed25519, in the frame of RFC 8410. */
    static final String ED25519 = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """;

    /** RFC 8463 appendix A.1: RSA of 1024 bits, PKCS#1. */
    static final String RSA = """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi
            Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM
            KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
            AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm
            6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe
            zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy
            6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc
            uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy
            WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd
            WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a
            licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst
            o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe
            uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL
            -----END RSA PRIVATE KEY-----
            """;

    static final Instant NOW = Instant.ofEpochSecond(1_528_637_909);

    private Samples() {}

    static KeySource key(String pem) {
        return KeySource.bytes(pem.getBytes(ISO_8859_1));
    }

    static DkimOptions.Builder options() {
        return DkimOptions.builder().domain("example.com").selector("s1").key(key(ED25519));
    }

    static DkimSigner signer(DkimOptions.Builder options) throws IOException {
        return DkimSigner.builder(options.build())
                .time(InstantSource.fixed(NOW))
                .build();
    }

    static Message message(String text) {
        return message(text.getBytes(ISO_8859_1));
    }

    static Message message(byte[] bytes) {
        return message(Content.of(bytes));
    }

    static Message message(Content content) {
        return new Message(
                MessageId.next(NOW, new SplittableRandom(1)),
                new Envelope(
                        EnvelopeAddress.parse("a@example.com"), List.of(EnvelopeAddress.parse("b@example.org")), false),
                new Meta(),
                content);
    }

    static String text(Message message) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            message.writeTo(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString(ISO_8859_1);
    }

    /** What a receiver says to mail that these have signed. */
    static NaiveVerifier receiver(DkimSigner... signers) {
        Map<String, String> dns = new HashMap<>();
        for (DkimSigner signer : signers) {
            dns.put(signer.recordName(), signer.record());
        }
        return new NaiveVerifier(dns);
    }

    /** A new private key in PKCS#8. */
    static String newKey(String algorithm, int bits) {
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance(algorithm);
            pairs.initialize(bits);
            return pem("PRIVATE KEY", pairs.generateKeyPair().getPrivate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
