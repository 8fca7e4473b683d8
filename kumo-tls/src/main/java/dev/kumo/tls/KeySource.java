package dev.kumo.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate or a key comes from: a file, bytes at hand, HashiCorp Vault, or code. It is a recipe, not the
 * material: each {@link #read} looks again, so a source may give something else tomorrow.
 *
 * <p>This is the value of the keys {@code tls_certificate}, {@code tls_private_key} and {@code tls_required_client_ca}: a
 * string is the path of a file, a table is read by {@link Builder}.
 */
public final class KeySource {

    /** More than any chain of certificates, or bundle of the world's authorities, has. */
    static final int LARGEST = 1024 * 1024;

    /** How a source may change. */
    enum Kind {
        /** Never. */
        INLINE,
        /** Looked at often, because it costs nothing. */
        FILE,
        /** Looked at seldom, because it costs another machine something. */
        VAULT,
        /** Looked at when asked to. */
        SUPPLIER
    }

    private interface Origin {
        byte[] read() throws TlsException;
    }

    private final Kind kind;
    private final String description;
    private final Origin origin;

    private KeySource(Kind kind, String description, Origin origin) {
        this.kind = kind;
        this.description = description;
        this.origin = origin;
    }

    /**
     * A file.
     *
     * @param path its path; at most 1 MiB is read
     * @return the source
     */
    public static KeySource file(Path path) {
        return new KeySource(Kind.FILE, "file '" + path + "'", () -> readFile(path));
    }

    /**
     * A file.
     *
     * @param path its path, as in {@code tls_certificate = '/path/to/cert.pem'}
     * @return the source
     * @throws IllegalArgumentException if it is no path, but empty or the PEM text itself
     */
    public static KeySource file(String path) {
        if (path.contains("-----BEGIN")) {
            throw new IllegalArgumentException(
                    "must be the path of a file, but is PEM text (hidden); give that as a table: { key_data = '...' }");
        }
        if (path.isBlank()) {
            throw new IllegalArgumentException("must be the path of a file, but is empty");
        }
        return file(Path.of(path));
    }

    /**
     * Bytes at hand.
     *
     * @param content a PEM text, or a PKCS#12 store; copied
     * @return the source
     */
    public static KeySource bytes(byte[] content) {
        byte[] copy = content.clone();
        return new KeySource(Kind.INLINE, "key_data", copy::clone);
    }

    /**
     * Code, asked once at the start and again at each {@link ServerTls#reload}.
     *
     * @param supplier gives a PEM text, or a PKCS#12 store; may block; what it throws is the cause of a
     *     {@link TlsException}, so it must not tell secrets
     * @return the source
     */
    public static KeySource supplier(Supplier<byte[]> supplier) {
        return new KeySource(Kind.SUPPLIER, "the key supplier", () -> supplied(supplier));
    }

    /**
     * A source from the keys of its table.
     *
     * <pre>{@code
     * KeySource.of(source -> source.vaultMount("secret").vaultPath("tls/mail.example.com.cert"))
     * }</pre>
     *
     * @param table sets the keys
     * @return the source
     * @throws IllegalArgumentException if the keys do not make a source
     */
    public static KeySource of(Consumer<Builder> table) {
        Builder builder = new Builder();
        table.accept(builder);
        return builder.build();
    }

    /**
     * Reads what is there now. This may block: on a disk, on Vault for at most about 75 seconds, or in the supplier.
     *
     * @return the content, usually PEM
     * @throws TlsException if it cannot be had
     */
    public byte[] read() throws TlsException {
        return origin.read();
    }

    /**
     * Names the source, such as {@code file '/etc/mail/cert.pem'} or {@code Vault secret 'tls/mail.example.com.cert' …}.
     *
     * @return text for errors and logs, without content, token or password
     */
    public String describe() {
        return description;
    }

    @Override
    public String toString() {
        return description;
    }

    Kind kind() {
        return kind;
    }

    private static byte[] readFile(Path path) throws TlsException {
        String file = "file '" + path + "' ";
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new TlsException(file + "is larger than 1 MiB; name a file of certificates or keys");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new TlsException(file + "does not exist; name a file that does", e);
        } catch (AccessDeniedException e) {
            throw new TlsException(
                    file + "may not be read by user '" + System.getProperty("user.name") + "'; allow it", e);
        } catch (TlsException e) {
            throw e;
        } catch (IOException e) {
            throw new TlsException(
                    file + "cannot be read: " + e.getMessage() + "; name a file of certificates or keys", e);
        }
    }

    private static byte[] supplied(Supplier<byte[]> supplier) throws TlsException {
        byte[] content;
        try {
            content = supplier.get();
        } catch (RuntimeException e) {
            throw new TlsException("the key supplier failed: " + e.getClass().getName(), e);
        }
        if (content == null || content.length == 0) {
            throw new TlsException("the key supplier gave nothing");
        }
        return content;
    }

    /** The keys of a source given as a table: either {@code key_data}, or those that say where in Vault it is. */
    public static final class Builder {

        private @Nullable String keyData;
        private @Nullable String vaultMount;
        private @Nullable String vaultPath;
        private @Nullable String vaultAddress;
        private @Nullable String vaultToken;
        private @Nullable String vaultNamespace;
        private @Nullable String vaultKey;
        private UnaryOperator<@Nullable String> environment = System::getenv;

        private Builder() {}

        /**
         * Key {@code key_data}.
         *
         * @param pem the PEM text itself
         * @return this
         */
        public Builder keyData(String pem) {
            keyData = pem;
            return this;
        }

        /**
         * Key {@code vault_mount}.
         *
         * @param mount where a key-value engine of version 2 is mounted, such as {@code secret}
         * @return this
         */
        public Builder vaultMount(String mount) {
            vaultMount = mount;
            return this;
        }

        /**
         * Key {@code vault_path}.
         *
         * @param path of the secret below its mount, such as {@code tls/mail.example.com.cert}
         * @return this
         */
        public Builder vaultPath(String path) {
            vaultPath = path;
            return this;
        }

        /**
         * Key {@code vault_address}.
         *
         * @param address such as {@code https://vault.example.com:8200}; default the environment's {@code VAULT_ADDR}
         * @return this
         */
        public Builder vaultAddress(String address) {
            vaultAddress = address;
            return this;
        }

        /**
         * Key {@code vault_token}.
         *
         * @param token what Vault knows us by; default the environment's {@code VAULT_TOKEN}
         * @return this
         */
        public Builder vaultToken(String token) {
            vaultToken = token;
            return this;
        }

        /**
         * Key {@code vault_key}.
         *
         * @param field of the secret that holds the PEM text; default {@code key}
         * @return this
         */
        public Builder vaultKey(String field) {
            vaultKey = field;
            return this;
        }

        /**
         * Key {@code vault_namespace}.
         *
         * @param namespace of Vault Enterprise; default the environment's {@code VAULT_NAMESPACE}, or none
         * @return this
         */
        public Builder vaultNamespace(String namespace) {
            vaultNamespace = namespace;
            return this;
        }

        /**
         * Where {@code VAULT_ADDR}, {@code VAULT_TOKEN}, {@code VAULT_NAMESPACE} and {@code VAULT_CACERT} (a PEM file of
         * the authorities to trust Vault by) are looked up.
         *
         * @param variables gives the value of a variable, or null; default that of the process
         * @return this
         */
        public Builder environment(UnaryOperator<@Nullable String> variables) {
            environment = variables;
            return this;
        }

        private KeySource build() {
            boolean vault = vaultMount != null
                    || vaultPath != null
                    || vaultAddress != null
                    || vaultToken != null
                    || vaultNamespace != null
                    || vaultKey != null;
            if (keyData != null) {
                if (vault) {
                    throw new IllegalArgumentException("has both key_data and vault keys; keep one of the two");
                }
                return bytes(keyData.getBytes(StandardCharsets.UTF_8));
            }
            if (!vault) {
                throw new IllegalArgumentException(
                        "must have key_data, or vault_mount and vault_path, or be the path of a file as a string");
            }
            VaultSecret secret = VaultSecret.of(
                    required("vault_mount", vaultMount),
                    required("vault_path", vaultPath),
                    vaultKey == null ? "key" : vaultKey,
                    fallback("vault_address", vaultAddress, "VAULT_ADDR"),
                    fallback("vault_token", vaultToken, "VAULT_TOKEN"),
                    vaultNamespace == null ? environment.apply("VAULT_NAMESPACE") : vaultNamespace,
                    environment.apply("VAULT_CACERT"));
            return new KeySource(Kind.VAULT, secret.toString(), new Vault(secret, VaultPatience.DEFAULT)::read);
        }

        private static String required(String key, @Nullable String value) {
            if (value == null) {
                throw new IllegalArgumentException(
                        "lacks " + key + "; a secret in Vault needs vault_mount and vault_path");
            }
            return value;
        }

        private String fallback(String key, @Nullable String value, String variable) {
            String found = value == null ? environment.apply(variable) : value;
            if (found == null || found.isBlank()) {
                throw new IllegalArgumentException(
                        "lacks " + key + ", and the environment variable " + variable + " is not set; set one of them");
            }
            return found.strip();
        }
    }
}
