package dev.kumo.auth.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the RFCs print. */
class RfcExamplesTest {

    private static final String MAIL = """
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.%s Are you hungry yet?

            Joe.
            """;

    /** RFC 6376 appendix A.2, with the indentation of erratum 4926. */
    private static final String SIGNED_2011 = crlf("""
            DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
                  c=simple/simple; q=dns/txt; i=joe@football.example.com;
                  h=Received : From : To : Subject : Date : Message-ID;
                  bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                  b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
                  4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
                  KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
                  4bmp/YzhwvcubU4=;
            Received: from client1.football.example.com  [192.0.2.1]
                  by submitserver.example.com with SUBMISSION;
                  Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
            """ + MAIL.formatted(""));

    private static final String BRISBANE_2011 =
            "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7"
                    + "/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGj"
                    + "aNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB";

    /** RFC 8463 appendix A.3. */
    private static final String SIGNED_2018 = crlf("""
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            """ + MAIL.formatted(" "));

    private static final String RECORD_ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private static final String RECORD_RSA =
            "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6"
                    + "Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9Pz"
                    + "oxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    /** What our own parts make of a signed message. */
    private record Parts(HeaderBlock header, String body) {

        static Parts of(String message) {
            HeaderBlock header = new HeaderBlock();
            byte[] bytes = message.getBytes(ISO_8859_1);
            int end = header.add(bytes, 0, bytes.length);
            return new Parts(header, message.substring(end));
        }

        String hash(Canonicalization form) {
            BodyHash hash = new BodyHash(form, SigningKey.sha256());
            hash.add(body.getBytes(ISO_8859_1), 0, body.length());
            return Base64.getEncoder().encodeToString(hash.end());
        }

        byte[] data(Canonicalization form, int signature, String... names) {
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            for (String name : names) {
                List<byte[]> fields = header.fields(name);
                HeaderForm.add(form, fields.get(fields.size() - 1), data);
            }
            String field = new String(header.fields("DKIM-Signature").get(signature), ISO_8859_1);
            HeaderForm.add(
                    form,
                    field.replaceFirst("\r\n$", "")
                            .replaceFirst("(\\sb=)[^;]*", "$1")
                            .getBytes(ISO_8859_1),
                    data);
            return data.toByteArray();
        }

        byte[] signature(int nth) {
            String field = new String(header.fields("DKIM-Signature").get(nth), ISO_8859_1);
            return Base64.getMimeDecoder()
                    .decode(NaiveVerifier.tags(field.substring(field.indexOf(':') + 1))
                            .get("b"));
        }
    }

    private static boolean rsa(String key, byte[] data, byte[] signed) throws Exception {
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key))));
        verifier.update(data);
        return verifier.verify(signed);
    }

    @Test
    void theMailOf2011IsInSimpleForm() throws Exception {
        Parts parts = Parts.of(SIGNED_2011);
        byte[] data = parts.data(Canonicalization.SIMPLE, 0, "Received", "From", "To", "Subject", "Date", "Message-ID");

        assertThat(parts.hash(Canonicalization.SIMPLE)).isEqualTo("2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
        assertThat(rsa(BRISBANE_2011, data, parts.signature(0))).isTrue();
    }

    @Test
    void theMailOf2018IsInRelaxedForm() throws Exception {
        Parts parts = Parts.of(SIGNED_2018);
        String[] names = {"from", "to", "subject", "date", "message-id"};
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(
                false,
                new Ed25519PublicKeyParameters(
                        Base64.getDecoder().decode(RECORD_ED25519.substring(RECORD_ED25519.indexOf("p=") + 2))));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(parts.data(Canonicalization.RELAXED, 0, names));
        verifier.update(hash, 0, hash.length);

        assertThat(parts.hash(Canonicalization.RELAXED)).isEqualTo("2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
        assertThat(verifier.verifySignature(parts.signature(0))).isTrue();
        assertThat(rsa(
                        RECORD_RSA.substring(RECORD_RSA.indexOf("p=") + 2),
                        parts.data(Canonicalization.RELAXED, 1, names),
                        parts.signature(1)))
                .isTrue();
    }

    /** So that it can judge ours. */
    @Test
    void theReceiverOfTheseTestsTakesThem() {
        assertThat(new NaiveVerifier(Map.of("brisbane._domainkey.example.com", "v=DKIM1; p=" + BRISBANE_2011))
                        .verify(SIGNED_2011))
                .containsExactly("pass");
        NaiveVerifier receiver = new NaiveVerifier(Map.of(
                "brisbane._domainkey.football.example.com",
                RECORD_ED25519,
                "test._domainkey.football.example.com",
                RECORD_RSA));
        assertThat(receiver.verify(SIGNED_2018)).containsExactly("pass", "pass");
        assertThat(receiver.verify(SIGNED_2018.replace("dinner", "supper")))
                .allMatch(trouble -> trouble.startsWith("the header was changed"));
        assertThat(receiver.verify(SIGNED_2018.replace("hungry", "thirsty")))
                .allMatch(trouble -> trouble.equals("the body was changed"));
    }

    @Test
    void theirSecretsHaveTheirPublicKeys() throws Exception {
        DkimOptions.Builder options =
                DkimOptions.builder().domain("football.example.com").selector("brisbane");

        assertThat(Samples.signer(options.key(Samples.key(Samples.ED25519))).record())
                .isEqualTo(RECORD_ED25519);
        assertThat(Samples.signer(options.key(Samples.key(Samples.RSA))).record())
                .isEqualTo(RECORD_RSA);
    }

    /** Both algorithms are deterministic, so that the same secrets have to come to the same octets. */
    @Test
    void theirSecretsMakeTheirSignatures() throws Exception {
        Parts parts = Parts.of(SIGNED_2018);
        String[] names = {"from", "to", "subject", "date", "message-id"};
        SigningKey ed25519 = KeyReader.read(Samples.ED25519.getBytes(ISO_8859_1), "key", null);
        SigningKey rsa = KeyReader.read(Samples.RSA.getBytes(ISO_8859_1), "key", null);

        assertThat(ed25519.sign(parts.data(Canonicalization.RELAXED, 0, names))).isEqualTo(parts.signature(0));
        assertThat(rsa.sign(parts.data(Canonicalization.RELAXED, 1, names))).isEqualTo(parts.signature(1));
    }

    /** RFC 6376 section 3.4.5. */
    @Test
    void theExampleOfCanonicalForms() {
        Parts parts = Parts.of("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n");
        ByteArrayOutputStream relaxed = new ByteArrayOutputStream();
        ByteArrayOutputStream simple = new ByteArrayOutputStream();
        for (String name : List.of("a", "b")) {
            HeaderForm.add(Canonicalization.RELAXED, parts.header().fields(name).get(0), relaxed);
            HeaderForm.add(Canonicalization.SIMPLE, parts.header().fields(name).get(0), simple);
        }

        assertThat(relaxed).hasToString("a:X\r\nb:Y Z\r\n");
        assertThat(simple).hasToString("A: X\r\nB : Y\t\r\n\tZ  \r\n");
        assertThat(BodyHashTest.canonical(Canonicalization.RELAXED, parts.body()))
                .isEqualTo(" C\r\nD E\r\n");
        assertThat(BodyHashTest.canonical(Canonicalization.SIMPLE, parts.body()))
                .isEqualTo(" C \r\nD \t E\r\n");
    }

    /** RFC 6376 sections 3.4.3 and 3.4.4. */
    @ParameterizedTest
    @CsvSource({
        "SIMPLE, frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=",
        "RELAXED, 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    })
    void theHashOfAnEmptyBody(Canonicalization form, String hash) {
        assertThat(Parts.of("From: a@b\r\n\r\n").hash(form)).isEqualTo(hash);
        assertThat(Parts.of("From: a@b\r\n\r\n\r\n\r\n").hash(form)).isEqualTo(hash);
        assertThat(Parts.of("From: a@b").hash(form)).isEqualTo(hash);
    }
}
