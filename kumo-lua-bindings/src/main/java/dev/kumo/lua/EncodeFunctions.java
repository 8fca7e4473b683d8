package dev.kumo.lua;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** {@code kumo.encode} and {@code kumo.digest}: bytes as text, and what stands for them. */
final class EncodeFunctions {

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String BASE32_HEX = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    /** How to write bytes, and to read them again; RFC 4648. */
    private record Encoding(UnaryOperator<byte[]> encode, UnaryOperator<byte[]> decode) {}

    private static final Map<String, Encoding> ENCODINGS = encodings();

    private static final Map<String, String> DIGESTS = Map.of(
            "sha1", "SHA-1",
            "sha224", "SHA-224",
            "sha256", "SHA-256",
            "sha384", "SHA-384",
            "sha512", "SHA-512",
            "sha512_256", "SHA-512/256",
            "sha3_256", "SHA3-256",
            "sha3_384", "SHA3-384",
            "sha3_512", "SHA3-512");

    private EncodeFunctions() {}

    private static Map<String, Encoding> encodings() {
        Map<String, Encoding> all = new LinkedHashMap<>();
        for (boolean padded : new boolean[] {true, false}) {
            String end = padded ? "" : "_nopad";
            all.put("base32" + end, base32(BASE32, padded));
            all.put("base32hex" + end, base32(BASE32_HEX, padded));
            all.put("base64" + end, base64(Base64.getEncoder(), Base64.getDecoder(), padded));
            all.put("base64url" + end, base64(Base64.getUrlEncoder(), Base64.getUrlDecoder(), padded));
        }
        all.put(
                "hex",
                new Encoding(
                        bytes -> ascii(HexFormat.of().formatHex(bytes)),
                        text -> HexFormat.of().parseHex(new String(text, StandardCharsets.ISO_8859_1))));
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Encoding base64(Base64.Encoder encoder, Base64.Decoder decoder, boolean padded) {
        Base64.Encoder own = padded ? encoder : encoder.withoutPadding();
        return new Encoding(own::encode, text -> decoder.decode(requirePadding(text, 4, padded)));
    }

    private static Encoding base32(String alphabet, boolean padded) {
        return new Encoding(
                bytes -> encodeBase32(bytes, alphabet, padded),
                text -> decodeBase32(requirePadding(text, 8, padded), alphabet));
    }

    private static byte[] requirePadding(byte[] text, int group, boolean padded) {
        boolean complete = text.length % group == 0;
        boolean ends = text.length > 0 && text[text.length - 1] == '=';
        if (padded ? !complete : ends) {
            throw new IllegalArgumentException(
                    padded
                            ? "the text is not padded to a multiple of " + group + "; there is a _nopad function for it"
                            : "the text is padded; there is a function without _nopad for it");
        }
        return text;
    }

    private static byte[] encodeBase32(byte[] bytes, String alphabet, boolean padded) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(bytes.length * 8 / 5 + 8);
        long bits = 0;
        int count = 0;
        for (byte b : bytes) {
            bits = bits << 8 | b & 0xff;
            for (count += 8; count >= 5; count -= 5) {
                text.write(alphabet.charAt((int) (bits >> count - 5 & 31)));
            }
        }
        if (count > 0) {
            text.write(alphabet.charAt((int) (bits << 5 - count & 31)));
        }
        while (padded && text.size() % 8 != 0) {
            text.write('=');
        }
        return text.toByteArray();
    }

    private static byte[] decodeBase32(byte[] text, String alphabet) {
        int end = text.length;
        while (end > 0 && text[end - 1] == '=') {
            end--;
        }
        byte[] bytes = new byte[end * 5 / 8];
        long bits = 0;
        int count = 0;
        int at = 0;
        for (int i = 0; i < end; i++) {
            int value = alphabet.indexOf(text[i]);
            if (value < 0) {
                throw new IllegalArgumentException(
                        "the text is no base32: character " + (i + 1) + " is not of its alphabet");
            }
            bits = bits << 5 | value;
            count += 5;
            if (count >= 8) {
                count -= 8;
                bytes[at++] = (byte) (bits >> count);
            }
        }
        return Arrays.copyOf(bytes, at);
    }

    static void addTo(Map<String, LuaFunction> functions) {
        ENCODINGS.forEach((name, encoding) -> {
            functions.put("kumo.encode." + name + "_encode", a -> encoding.encode.apply(a.bytes(1)));
            functions.put("kumo.encode." + name + "_decode", a -> encoding.decode.apply(a.bytes(1)));
        });
        DIGESTS.forEach((name, algorithm) -> functions.put("kumo.digest." + name, a -> digest(algorithm, a)));
        for (int bits : new int[] {1, 224, 256, 384, 512}) {
            functions.put("kumo.digest.hmac_sha" + bits, a -> hmac("HmacSHA" + bits, a));
        }
        functions.put("kumo.digest.crc32", EncodeFunctions::crc32);
    }

    private static Object crc32(Arguments arguments) {
        CRC32 crc = new CRC32();
        for (int at = 1; at <= Math.max(1, arguments.count()); at++) {
            crc.update(arguments.bytes(at));
        }
        return encoded(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** RFC 2104. The key is a text of the script: it reads no key out of a file or a vault. */
    private static Object hmac(String algorithm, Arguments arguments) {
        if (!(arguments.value(1) instanceof Map<?, ?> source)
                || source.size() != 1
                || !(source.get("key_data") instanceof String key)
                || key.isEmpty()) {
            throw new IllegalArgumentException("the key of an HMAC is a table, { key_data = 'the key' }");
        }
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
            return encoded(mac.doFinal(arguments.bytes(2)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this Java has no " + algorithm, e);
        }
    }

    private static Map<String, Object> encoded(byte[] bytes) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bytes", bytes);
        ENCODINGS.forEach((name, encoding) -> result.put(name, encoding.encode.apply(bytes)));
        return result;
    }

    /** Of all arguments, one after the other; in every encoding. */
    private static Object digest(String algorithm, Arguments arguments) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (int at = 1; at <= Math.max(1, arguments.count()); at++) {
                digest.update(arguments.bytes(at));
            }
            return encoded(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("this Java has no " + algorithm, e);
        }
    }
}
