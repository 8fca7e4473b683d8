package dev.kumo.smtp.server;

import dev.kumo.tls.IdentitySource;
import dev.kumo.tls.KeySource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A table of the key {@code sni}. */
public final class NamedIdentity {

    private NamedIdentity() {}

    static IdentitySource of(Consumer<Builder> table) {
        Builder builder = new Builder();
        table.accept(builder);
        return builder.build();
    }

    /** Takes the keys of the table: certificate and key of one identity. */
    public static final class Builder {

        private @Nullable KeySource certificate;
        private @Nullable KeySource privateKey;

        private Builder() {}

        /**
         * Key {@code tls_certificate} as a path.
         *
         * @param path a PEM file
         * @return this
         */
        public Builder tlsCertificate(String path) {
            certificate = KeySource.file(path);
            return this;
        }

        /**
         * Key {@code tls_certificate} as a table.
         *
         * @param table inline, or in Vault
         * @return this
         */
        public Builder tlsCertificate(Consumer<KeySource.Builder> table) {
            certificate = KeySource.of(table);
            return this;
        }

        /**
         * Key {@code tls_private_key} as a path.
         *
         * @param path a PEM file
         * @return this
         */
        public Builder tlsPrivateKey(String path) {
            privateKey = KeySource.file(path);
            return this;
        }

        /**
         * Key {@code tls_private_key} as a table.
         *
         * @param table inline, or in Vault
         * @return this
         */
        public Builder tlsPrivateKey(Consumer<KeySource.Builder> table) {
            privateKey = KeySource.of(table);
            return this;
        }

        private IdentitySource build() {
            if (certificate == null || privateKey == null) {
                throw new IllegalArgumentException("needs both tls_certificate and tls_private_key");
            }
            return IdentitySource.pem(certificate, privateKey);
        }
    }
}
