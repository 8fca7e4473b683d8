package dev.kumo.lua;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.smtp.client.DnsResolver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a script may cost and use.
 *
 * @param <B> the builder itself, so that calls chain
 */
public abstract sealed class LuaSettings<B extends LuaSettings<B>> permits LuaPolicyFile.Builder {

    private LuaBounds bounds = LuaBounds.DEFAULT;
    private boolean readFiles;
    private boolean writeMaildirs;
    private @Nullable Delivery delivery;
    private @Nullable DnsResolver dns;
    private InstantSource time = InstantSource.system();

    LuaSettings() {}

    /**
     * This.
     *
     * @return the builder itself
     */
    protected abstract B self();

    /**
     * Sets how long a call may take, and the script's own lines.
     *
     * @param time longer than zero; default 5 seconds
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public B callTime(Duration time) {
        bounds = bounds.withTime(positive(time));
        return self();
    }

    /**
     * Sets how much memory each state of Lua may hold. It is looked at every few instructions, so one may briefly hold more.
     *
     * @param bytes at least 1 MiB; default 64 MiB
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public B memory(long bytes) {
        if (bytes < 1 << 20) {
            throw new IllegalArgumentException("a state of Lua needs 1048576 bytes at least, not " + bytes);
        }
        bounds = bounds.withMemory(bytes);
        return self();
    }

    /**
     * Sets how many states of Lua there may be, and so how many calls at once.
     *
     * @param count at least 1; default four for each processor, but at least 8
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public B states(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least 1 state is needed to run a script, not " + count);
        }
        bounds = bounds.withStates(count);
        return self();
    }

    /**
     * Sets how long a call waits for a state if all are in use; then it fails.
     *
     * @param time longer than zero; default 30 seconds
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public B patience(Duration time) {
        bounds = bounds.withPatience(positive(time));
        return self();
    }

    /**
     * Lets the script read files below its folder: other scripts by {@code require}, and data.
     *
     * @param allowed default false
     * @return this
     */
    public B readFiles(boolean allowed) {
        readFiles = allowed;
        return self();
    }

    /**
     * Lets the script have mail delivered into maildirs, by {@code kumo.make_queue_config { protocol = { maildir_path = … } }}. A path
     * is one below the script's folder, or an absolute one: any folder that this process may write to.
     *
     * @param allowed default false
     * @return this
     */
    public B writeMaildirs(boolean allowed) {
        writeMaildirs = allowed;
        return self();
    }

    /**
     * Sets where {@link LuaPolicyFile#mta()} sends mail.
     *
     * @param delivery not closed by the policy file; default the hosts that the DNS has for each domain
     * @return this
     */
    public B delivery(Delivery delivery) {
        this.delivery = Objects.requireNonNull(delivery, "delivery");
        return self();
    }

    /**
     * Sets who is asked by {@code kumo.dns}, and where mail is sent to unless a delivery is given.
     *
     * @param resolver not closed by the policy file; default the name servers of the system
     * @return this
     */
    public B dns(DnsResolver resolver) {
        dns = Objects.requireNonNull(resolver, "resolver");
        return self();
    }

    /**
     * Sets the clock of {@code kumo.time}.
     *
     * @param time by default the system's
     * @return this
     */
    public B time(InstantSource time) {
        this.time = Objects.requireNonNull(time, "time");
        return self();
    }

    static Duration positive(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("must be longer than zero, not " + time);
        }
        return time;
    }

    final B bounds(LuaBounds bounds) {
        this.bounds = bounds;
        return self();
    }

    final LuaBounds bounds() {
        return bounds;
    }

    final boolean readFiles() {
        return readFiles;
    }

    final boolean writeMaildirs() {
        return writeMaildirs;
    }

    final @Nullable Delivery destination() {
        return delivery;
    }

    final @Nullable DnsResolver resolver() {
        return dns;
    }

    final InstantSource clock() {
        return time;
    }
}
