package dev.kumo.lua;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** {@code kumo.encode} and {@code kumo.digest}: bytes as text, and what stands for them. */
final class EncodeFunctions {

    private static final Map<String, String> DIGESTS = Map.ofEntries(
            Map.entry("md5", "MD5"),
            Map.entry("sha1", "SHA-1"),
            Map.entry("sha224", "SHA-224"),
            Map.entry("sha256", "SHA-256"),
            Map.entry("sha384", "SHA-384"),
            Map.entry("sha512", "SHA-512"),
            Map.entry("sha512_256", "SHA-512/256"),
            Map.entry("sha3_224", "SHA3-224"),
            Map.entry("sha3_256", "SHA3-256"),
            Map.entry("sha3_384", "SHA3-384"),
            Map.entry("sha3_512", "SHA3-512"));

    private EncodeFunctions() {}

    static void addTo(Map<String, LuaFunction> functions) {
        base64(functions, "base64", Base64.getEncoder(), Base64.getDecoder());
        base64(functions, "base64_nopad", Base64.getEncoder().withoutPadding(), Base64.getDecoder());
        base64(functions, "base64url", Base64.getUrlEncoder(), Base64.getUrlDecoder());
        base64(functions, "base64url_nopad", Base64.getUrlEncoder().withoutPadding(), Base64.getUrlDecoder());
        functions.put("kumo.encode.hex_encode", a -> HexFormat.of().formatHex(a.bytes(1)));
        functions.put("kumo.encode.hex_decode", a -> HexFormat.of().parseHex(a.text(1)));
        functions.put("kumo.encode.percent_encode", a -> percentEncoded(a.bytes(1)));
        functions.put("kumo.encode.percent_decode", a -> percentDecoded(a.bytes(1)));
        DIGESTS.forEach((name, algorithm) -> functions.put("kumo.digest." + name, a -> digest(algorithm, a)));
    }

    private static void base64(
            Map<String, LuaFunction> functions, String name, Base64.Encoder encoder, Base64.Decoder decoder) {
        functions.put("kumo.encode." + name + "_encode", a -> encoder.encode(a.bytes(1)));
        functions.put("kumo.encode." + name + "_decode", a -> decoder.decode(a.bytes(1)));
    }

    private static byte[] percentEncoded(byte[] bytes) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(bytes.length);
        for (byte b : bytes) {
            boolean plain = b >= '0' && b <= '9' || (b | 0x20) >= 'a' && (b | 0x20) <= 'z' && b > 0;
            if (plain) {
                text.write(b);
            } else {
                text.writeBytes(String.format("%%%02X", b).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return text.toByteArray();
    }

    private static byte[] percentDecoded(byte[] text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length);
        for (int i = 0; i < text.length; i++) {
            boolean code = text[i] == '%'
                    && i + 2 < text.length
                    && HexFormat.isHexDigit(text[i + 1])
                    && HexFormat.isHexDigit(text[i + 2]);
            if (code) {
                bytes.write(HexFormat.fromHexDigit(text[i + 1]) << 4 | HexFormat.fromHexDigit(text[i + 2]));
                i += 2;
            } else {
                bytes.write(text[i]);
            }
        }
        return bytes.toByteArray();
    }

    /** Of all arguments, one after the other. */
    private static Object digest(String algorithm, Arguments arguments) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (int at = 1; at <= Math.max(1, arguments.count()); at++) {
                digest.update(arguments.bytes(at));
            }
            byte[] bytes = digest.digest();
            return Map.of("bytes", bytes, "hex", HexFormat.of().formatHex(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("this Java has no " + algorithm, e);
        }
    }
}
