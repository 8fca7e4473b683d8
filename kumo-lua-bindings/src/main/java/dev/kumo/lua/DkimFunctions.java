package dev.kumo.lua;

import dev.kumo.auth.dkim.DkimAlgorithm;
import dev.kumo.auth.dkim.DkimOptions;
import dev.kumo.auth.dkim.DkimSigner;
import dev.kumo.auth.dkim.UnsignableException;
import dev.kumo.core.mail.Message;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.policy.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code kumo.dkim}: signers. Scripts make one for each message, as the documentation shows it; so what a table of keys came to is kept, for
 * all states of the script.
 */
final class DkimFunctions {

    static final LuaType TYPE = LuaType.made("dkim_signer", DkimSigner.class);

    private static final int MOST_KEPT = 1024; // as KumoMTA keeps

    /** What a signer is made of. */
    private record Asked(DkimAlgorithm algorithm, Map<String, ?> table) {}

    private final ScriptFiles files;
    private final InstantSource time;
    private final Map<Asked, DkimSigner> kept = new ConcurrentHashMap<>();

    private DkimFunctions(ScriptFiles files, InstantSource time) {
        this.files = files;
        this.time = time;
    }

    static void addTo(Map<String, LuaFunction> functions, ScriptFiles files, InstantSource time) {
        DkimFunctions dkim = new DkimFunctions(files, time);
        dkim.add(functions, "kumo.dkim.rsa_sha256_signer", DkimAlgorithm.RSA_SHA256);
        dkim.add(functions, "kumo.dkim.ed25519_signer", DkimAlgorithm.ED25519_SHA256);
    }

    private void add(Map<String, LuaFunction> functions, String name, DkimAlgorithm algorithm) {
        functions.put(name, arguments -> signer(name, new Asked(algorithm, arguments.table(1)), arguments.timeLeft()));
    }

    private DkimSigner signer(String function, Asked asked, Duration patience) {
        DkimSigner known = kept.get(asked);
        if (known != null) {
            return known;
        }
        DkimSigner made = made(function, options(function, asked), patience);
        if (kept.size() >= MOST_KEPT) {
            kept.clear();
        }
        kept.put(asked, made);
        return made;
    }

    private DkimOptions options(String function, Asked asked) {
        Map<String, Object> table = new HashMap<>(asked.table());
        if (table.get("key") instanceof String file && !file.contains("-----BEGIN")) {
            table.put(
                    "key",
                    files.path(function + " '" + Shown.of(file) + "'", file).toString());
        }
        DkimOptions.Builder builder = OptionTable.apply(function, table, DkimOptions.builder());
        return Configuration.built(function, builder.algorithm(asked.algorithm())::build);
    }

    /** On a thread of its own: Vault may take longer than a call of the script may. */
    private DkimSigner made(String function, DkimOptions options, Duration patience) {
        FutureTask<DkimSigner> making =
                new FutureTask<>(() -> DkimSigner.builder(options).time(time).build());
        Thread thread = new Thread(making, "kumo-dkim-key");
        thread.setDaemon(true);
        thread.start();
        try {
            return making.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OptionException(function + ".key", "interrupted while reading " + options.key(), e);
        } catch (TimeoutException e) {
            making.cancel(true);
            throw new OptionException(function + ".key", options.key() + " did not answer in time", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException || cause instanceof IllegalArgumentException) {
                throw new OptionException(function + ".key", String.valueOf(cause.getMessage()), cause);
            }
            throw new IllegalStateException(cause);
        }
    }

    /** {@code msg:dkim_sign}. */
    static @Nullable Object sign(Arguments arguments) {
        Message message = MessageType.message(arguments);
        if (!arguments.is(2, DkimSigner.class)) {
            throw arguments.wrong(2, "a signer, as kumo.dkim.rsa_sha256_signer { … } makes them");
        }
        String signature;
        try {
            signature = arguments.object(2, DkimSigner.class).signature(message);
        } catch (UnsignableException e) {
            // A message in a queue was taken, and is not to bounce for that.
            if (Events.OF_A_QUEUED_MESSAGE.contains(arguments.event())) {
                throw new IllegalArgumentException(String.join(" ", e.reply().lines()), e);
            }
            throw new LuaRefusal(Verdict.reject(e.reply()));
        }
        MessageType.prepend(message, "DKIM-Signature", signature);
        return null;
    }
}
