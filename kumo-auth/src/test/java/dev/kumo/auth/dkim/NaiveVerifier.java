package dev.kumo.auth.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** A receiver who checks signatures word for word as RFC 6376 section 6 has it, slowly, with whole texts. */
record NaiveVerifier(Map<String, String> dns) {

    /** What a receiver has: header fields with their folds, and the body; lines ended by CRLF. */
    record Received(List<String> fields, String body) {

        static Received of(String message) {
            String sent = message.replaceAll("\r\n|\r|\n", "\r\n");
            sent = sent.isEmpty() || sent.endsWith("\r\n") ? sent : sent + "\r\n";
            int end = sent.startsWith("\r\n") ? 0 : sent.indexOf("\r\n\r\n") + 2;
            String header = end == 1 ? sent : sent.substring(0, end);
            String body = end == 1 ? "" : sent.substring(end + 2);
            List<String> fields = new ArrayList<>();
            for (String field : header.split("(?<=\r\n)(?![ \t])", -1)) {
                if (!field.isEmpty()) {
                    fields.add(field);
                }
            }
            return new Received(fields, body);
        }

        List<String> named(String name) {
            return fields.stream()
                    .filter(field -> name(field).equalsIgnoreCase(name))
                    .toList();
        }
    }

    static String name(String field) {
        return field.substring(0, field.indexOf(':')).replaceAll("[ \t]+$", "");
    }

    static String simpleBody(String body) {
        return body.replaceAll("(\r\n)*$", "") + "\r\n";
    }

    static String relaxedBody(String body) {
        String lines = Arrays.stream(body.split("\r\n", -1))
                .map(line -> line.replaceAll("[ \t]+", " ").replaceAll(" $", ""))
                .collect(Collectors.joining("\r\n"))
                .replaceAll("(\r\n)*$", "");
        return lines.isEmpty() ? "" : lines + "\r\n";
    }

    static String relaxedField(String field) {
        String value = field.substring(field.indexOf(':') + 1)
                .replace("\r\n", "")
                .replaceAll("[ \t]+", " ")
                .replaceAll("^ | $", "");
        return name(field).toLowerCase(java.util.Locale.ROOT) + ":" + value + (field.endsWith("\r\n") ? "\r\n" : "");
    }

    static Map<String, String> tags(String value) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String tag : value.replaceAll(";\\s*$", "").split(";", -1)) {
            int at = tag.indexOf('=');
            String before =
                    tags.put(tag.substring(0, at).strip(), tag.substring(at + 1).strip());
            if (before != null) {
                throw new IllegalArgumentException("a tag comes twice");
            }
        }
        return tags;
    }

    /** What is wrong with each signature of a message, topmost first; "pass" if nothing is. */
    List<String> verify(String message) {
        Received received = Received.of(message);
        return received.named("DKIM-Signature").stream()
                .map(signature -> {
                    try {
                        return verify(signature, received);
                    } catch (GeneralSecurityException | RuntimeException e) {
                        return e.toString();
                    }
                })
                .toList();
    }

    private String verify(String signature, Received received) throws GeneralSecurityException {
        Map<String, String> tags = tags(signature.substring(signature.indexOf(':') + 1));
        String[] form = tags.getOrDefault("c", "simple/simple").split("/", -1);
        String body = form[1].equals("relaxed") ? relaxedBody(received.body()) : simpleBody(received.body());
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes(ISO_8859_1));
        if (!Base64.getEncoder().encodeToString(hash).equals(tags.get("bh").replaceAll("\\s", ""))) {
            return "the body was changed";
        }
        StringBuilder data = new StringBuilder();
        Map<String, Integer> used = new HashMap<>();
        for (String name : tags.get("h").split("\\s*:\\s*", -1)) {
            List<String> fields = received.named(name);
            int nth = used.merge(name.toLowerCase(java.util.Locale.ROOT), 1, Integer::sum);
            if (nth <= fields.size()) {
                String field = fields.get(fields.size() - nth);
                data.append(form[0].equals("relaxed") ? relaxedField(field) : field);
            }
        }
        String bare = signature.replaceFirst("([;\\s]b\\s*=)[^;]*", "$1");
        bare = bare.endsWith("\r\n") ? bare.substring(0, bare.length() - 2) : bare;
        data.append(form[0].equals("relaxed") ? relaxedField(bare) : bare);
        Map<String, String> record = tags(dns.get(tags.get("s") + "._domainkey." + tags.get("d")));
        byte[] key = Base64.getDecoder().decode(record.get("p"));
        byte[] signed = Base64.getMimeDecoder().decode(tags.get("b").getBytes(US_ASCII));
        boolean good = tags.get("a").equals("rsa-sha256")
                ? rsa(key, data.toString().getBytes(ISO_8859_1), signed)
                : ed25519(key, data.toString().getBytes(ISO_8859_1), signed);
        return good ? "pass" : "the header was changed, or the key is another";
    }

    private static boolean rsa(byte[] key, byte[] data, byte[] signed) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key)));
        verifier.update(data);
        return verifier.verify(signed);
    }

    private static boolean ed25519(byte[] key, byte[] data, byte[] signed) throws GeneralSecurityException {
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(key));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(data);
        verifier.update(hash, 0, hash.length);
        return verifier.verifySignature(signed);
    }
}
