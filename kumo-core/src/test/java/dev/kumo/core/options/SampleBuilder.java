package dev.kumo.core.options;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A builder with a setter of every kind, and with methods that are none. It remembers the last value of each. */
public class SampleBuilder {

    public enum Disposition {
        IGNORE,
        LOG_THEN_DROP
    }

    final Map<String, Object> seen = new LinkedHashMap<>();
    final Map<String, Consumer<SampleBuilder>> overlays = new LinkedHashMap<>();

    SampleBuilder() {}

    public SampleBuilder banner(String banner) {
        return saw("banner", banner);
    }

    public SampleBuilder deferredSpool(boolean deferredSpool) {
        return saw("deferred_spool", deferredSpool);
    }

    public SampleBuilder maxMessagesPerConnection(int max) {
        if (max < 0) {
            throw new IllegalArgumentException("must not be negative, but is " + max);
        }
        return saw("max_messages_per_connection", max);
    }

    public SampleBuilder maxMessageSize(long max) {
        return saw("max_message_size", max);
    }

    public SampleBuilder clientTimeout(Duration timeout) {
        return saw("client_timeout", timeout);
    }

    public SampleBuilder mode(Disposition mode) {
        return saw("mode", mode);
    }

    public SampleBuilder logOob(boolean log) {
        return saw("log_oob", log);
    }

    public SampleBuilder logOob(Disposition disposition) {
        return saw("log_oob", disposition);
    }

    public SampleBuilder relayHosts(String... hosts) {
        return saw("relay_hosts", List.of(hosts));
    }

    public SampleBuilder relayHosts(Number unbindable) {
        throw new AssertionError(unbindable);
    }

    public void includeMetaNames(List<String> names) {
        saw("include_meta_names", names);
    }

    public SampleBuilder tlsPrivateKey(String file) {
        return saw("tls_private_key", file);
    }

    public SampleBuilder tlsPrivateKey(Consumer<KeyBuilder> key) {
        KeyBuilder builder = new KeyBuilder();
        key.accept(builder);
        return saw("tls_private_key", builder.seen);
    }

    public SampleBuilder domain(String name, Consumer<? super SampleBuilder> options) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("'' is not a domain name");
        }
        SampleBuilder builder = new SampleBuilder();
        options.accept(builder);
        return saw("domain " + name, builder.seen);
    }

    public SampleBuilder peer(String block, Consumer<SampleBuilder> overlay) {
        overlays.put(block, overlay);
        return this;
    }

    public SampleBuilder failing(String text) {
        throw new IllegalStateException("a bug: " + text);
    }

    // None of these is a key.

    public SampleBuilder policy(Runnable policy) {
        throw new AssertionError(policy);
    }

    public SampleBuilder onEvent(Consumer<String> listener) {
        throw new AssertionError(listener);
    }

    public SampleBuilder rawList(List<Integer> list) {
        throw new AssertionError(list);
    }

    public SampleBuilder pair(String one, String other) {
        throw new AssertionError(one + other);
    }

    public String describe(String prefix) {
        return prefix;
    }

    public Object objectOf(String text) {
        return text;
    }

    public static SampleBuilder named(String name) {
        return new SampleBuilder().banner(name);
    }

    SampleBuilder hidden(String text) {
        throw new AssertionError(text);
    }

    public List<Object> build() {
        return new ArrayList<>(seen.values());
    }

    private SampleBuilder saw(String key, Object value) {
        seen.put(key, value);
        return this;
    }

    /** A source of secrets. */
    public static final class KeyBuilder {

        final Map<String, Object> seen = new LinkedHashMap<>();

        KeyBuilder() {}

        public KeyBuilder vaultPath(String path) {
            seen.put("vault_path", path);
            return this;
        }

        public KeyBuilder vaultToken(String token) {
            if (token.startsWith("bad")) {
                throw new IllegalArgumentException("cannot use " + token);
            }
            seen.put("vault_token", token);
            return this;
        }

        public KeyBuilder password(Duration odd) {
            seen.put("password", odd);
            return this;
        }

        public KeyBuilder keyData(List<String> lines) {
            seen.put("key_data", lines);
            return this;
        }

        public KeyBuilder secretBox(Consumer<KeyBuilder> inner) {
            inner.accept(this);
            return this;
        }
    }
}
