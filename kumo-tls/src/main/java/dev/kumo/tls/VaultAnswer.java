package dev.kumo.tls;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an answer of Vault's key-value engine, version 2, means. Whatever is wrong is told in our words: those of the
 * answer may be anybody's, if a proxy stands between.
 */
final class VaultAnswer {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final VaultSecret secret;

    VaultAnswer(VaultSecret secret) {
        this.secret = secret;
    }

    /** The field of the secret. */
    byte[] field(HttpResponse<byte[]> response) throws TlsException {
        int status = response.statusCode();
        JsonNode envelope = json(response.body());
        if (status == 404) {
            throw notFound(envelope);
        }
        if (status != 200) {
            throw refusal(status);
        }
        if (envelope == null || !envelope.isObject()) {
            throw error("answered with something that is not JSON; check that vault_address is Vault's and no proxy's");
        }
        JsonNode data = envelope.path("data");
        if (!data.path("metadata").isObject() || !data.has("data")) {
            throw error(
                    "the answer is not that of a key-value engine of version 2; check vault_mount, or upgrade the engine"
                            + " with 'vault kv enable-versioning'");
        }
        if (!data.path("data").isObject()) {
            throw deleted();
        }
        JsonNode value = data.path("data").path(secret.field());
        if (value.isMissingNode() || value.isNull()) {
            throw error("has no field '" + secret.field() + "'; store it under that name, or set vault_key");
        }
        if (!value.isString()) {
            throw error("the field '" + secret.field() + "' is not a string; store the PEM text");
        }
        return value.stringValue().getBytes(StandardCharsets.UTF_8);
    }

    private TlsException notFound(@Nullable JsonNode envelope) {
        if (envelope == null || !envelope.isObject()) {
            return error("answered 404, and not in JSON; check that vault_address is Vault's and no proxy's");
        }
        if (envelope.path("data").path("metadata").isObject()) {
            return deleted();
        }
        if (!envelope.path("warnings").isEmpty()) {
            return error(
                    "Vault knows the mount, but not as one of key-value version 2 with such paths; check that vault_mount"
                            + " is the whole name of the mount, and vault_path the path below it");
        }
        return error("there is no such secret, or no such mount; check vault_mount and vault_path, which leaves out the"
                + " 'data/' of the API");
    }

    private TlsException deleted() {
        return error("its latest version is deleted; restore it with 'vault kv undelete', or put a new one");
    }

    private TlsException refusal(int status) {
        return switch (status) {
            case 400 -> error("Vault finds the request bad (400); check vault_namespace and the token");
            case 403 ->
                error("permission denied (403): the token is wrong or has expired, or its policy does not allow to"
                        + " read '" + secret.mount() + "/data/" + secret.path()
                        + "'; check vault_token (or VAULT_TOKEN)");
            case 412 -> passing("Vault's replica is behind its leader (412)");
            case 429 -> passing("Vault is a standby, or limits our rate (429); make vault_address that of the leader");
            case 472, 473 -> passing("Vault is a standby (" + status + "); make vault_address that of the active node");
            case 503 -> passing("Vault is sealed, or down for maintenance (503); unseal it");
            default ->
                status / 100 == 5
                        ? passing("Vault is in trouble (" + status + "); see its log")
                        : error("answered " + status + "; check that vault_address is Vault's and no proxy's");
        };
    }

    private TlsException error(String text) {
        return new TlsException(secret + ": " + text);
    }

    private TlsException passing(String text) {
        return new TlsException.Passing(secret + ": " + text, null);
    }

    private static @Nullable JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return null; // its text would quote the body
        }
    }
}
