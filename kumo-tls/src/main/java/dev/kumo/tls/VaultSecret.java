package dev.kumo.tls;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A field of a secret in a key-value engine, version 2, of HashiCorp Vault.
 *
 * @param mount of the engine, without slashes around it
 * @param path of the secret, without slashes around it
 * @param field of the secret
 * @param address of Vault, without a slash at its end
 * @param token what Vault knows us by
 * @param namespace null for none
 * @param authorities the path of a PEM file of those to trust Vault by; null for those that Java trusts
 */
record VaultSecret(
        String mount,
        String path,
        String field,
        URI address,
        String token,
        @Nullable String namespace,
        @Nullable String authorities) {

    static VaultSecret of(
            String mount,
            String path,
            String field,
            String address,
            String token,
            @Nullable String namespace,
            @Nullable String authorities) {
        return new VaultSecret(
                segments("vault_mount", mount),
                segments("vault_path", path),
                field,
                address(address),
                header("vault_token", token),
                namespace == null || namespace.isBlank() ? null : header("vault_namespace", namespace),
                authorities == null || authorities.isBlank() ? null : authorities);
    }

    private static String segments(String key, String value) {
        String trimmed = value.replaceAll("^/+|/+$", "");
        if (trimmed.isEmpty()
                || Arrays.stream(trimmed.split("/", -1)).anyMatch(part -> part.isEmpty() || part.matches("\\.\\.?"))) {
            throw new IllegalArgumentException(
                    key + " must be names with slashes between them, such as 'tls/mail.example.com.cert', not '" + value
                            + "'");
        }
        return trimmed;
    }

    private static URI address(String text) {
        URI uri;
        try {
            uri = new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw notAnAddress();
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https"))
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw notAnAddress();
        }
        return uri;
    }

    /** It does not show the value, which might hold a password. */
    private static IllegalArgumentException notAnAddress() {
        return new IllegalArgumentException(
                "vault_address (or VAULT_ADDR) must be like 'https://vault.example.com:8200':"
                        + " http or https, a host, perhaps a port and a path, and nothing else");
    }

    /** Checked here because the HTTP client would show the value in its error. */
    private static String header(String key, String value) {
        if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(key + " must be printable ASCII without blanks (hidden)");
        }
        return value;
    }

    /** Where the API has it: the latest version, of which all fields come at once. */
    URI uri() {
        return URI.create(address + "/v1/" + encoded(mount) + "/data/" + encoded(path));
    }

    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || "/-._~".indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    @Override
    public String toString() {
        return "Vault secret '" + path + "' (field '" + field + "', mount '" + mount + "') at " + address
                + (namespace == null ? "" : ", namespace '" + namespace + "'");
    }
}
