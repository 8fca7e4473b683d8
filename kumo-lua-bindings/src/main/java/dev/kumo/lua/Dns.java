package dev.kumo.lua;

import dev.kumo.smtp.client.DnsResolver;
import org.jspecify.annotations.Nullable;

/** The resolver of a script: one that it was given, or one of its own that begins with the first question. */
final class Dns implements AutoCloseable {

    private final @Nullable DnsResolver given;
    private @Nullable DnsResolver own;
    private boolean closed;

    Dns(@Nullable DnsResolver given) {
        this.given = given;
    }

    synchronized DnsResolver resolver() {
        if (given != null) {
            return given;
        }
        if (closed) {
            throw new IllegalStateException("the policy script was closed");
        }
        DnsResolver mine = own;
        if (mine == null) {
            mine = DnsResolver.system();
            own = mine;
        }
        return mine;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (own != null) {
            own.close();
            own = null;
        }
    }
}
