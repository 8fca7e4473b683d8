package dev.kumo.lua;

import dev.kumo.core.Listener;
import dev.kumo.core.log.file.LogFileOptions;
import dev.kumo.core.log.webhook.WebhookOptions;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.queue.Queues;
import dev.kumo.core.spool.DiskSpoolOptions;
import dev.kumo.http.HttpListener;
import dev.kumo.http.HttpPolicy;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a script asks for in its {@code pre_init} and {@code init} events. */
final class Configuration {

    /** A call of a function, to be told from those of another version of the script. */
    record Asked(String function, Map<String, ?> table) {}

    /**
     * What a listener is given beside the keys of its table.
     *
     * @param policies of an ESMTP listener, for the events that the script handles
     * @param httpPolicies of an HTTP listener, likewise
     * @param changes what code wants of each ESMTP listener
     * @param httpChanges what code wants of each HTTP listener
     * @param queues those of the MTA, when there is one
     * @param threads where a listener has its policies run, unless code gives it another executor
     */
    record Wiring(
            Function<Set<String>, List<Policy>> policies,
            Function<Set<String>, List<HttpPolicy>> httpPolicies,
            Consumer<EsmtpListener.Builder> changes,
            Consumer<HttpListener.Builder> httpChanges,
            Supplier<Queues> queues,
            Executor threads) {}

    private static final String DATA = "data";
    private static final String META = "meta";

    private final Wiring wiring;
    private final List<Asked> asked = new ArrayList<>();
    private final List<Supplier<Listener>> started = new ArrayList<>();
    private final Map<String, DiskSpoolOptions> spools = new LinkedHashMap<>();
    private final Map<String, WebhookOptions> logHooks = new LinkedHashMap<>();
    private List<Listener> listeners = List.of();
    private Set<String> events = Set.of();
    private @Nullable LogFileOptions localLogs;
    private boolean invalid;

    Configuration(Wiring wiring) {
        this.wiring = wiring;
    }

    /** The events that the script handles, known before {@code init} comes. */
    void events(Set<String> handled) {
        events = handled;
    }

    void startEsmtpListener(String function, Map<String, ?> table) {
        EsmtpListener.Builder builder =
                OptionTable.apply(function, table, EsmtpListener.builder()).executor(wiring.threads);
        wiring.changes.accept(builder);
        wiring.policies.apply(events).forEach(builder::policy);
        EsmtpListener listener = built(function, builder::build);
        started.add(() -> listener);
        asked.add(new Asked(function, table));
    }

    void startHttpListener(String function, Map<String, ?> table) {
        HttpListener.Builder builder =
                OptionTable.apply(function, table, HttpListener.builder()).executor(wiring.threads);
        wiring.httpChanges.accept(builder);
        wiring.httpPolicies.apply(events).forEach(builder::policy);
        HttpListener listener = built(function, builder::build);
        started.add(() -> spool().isPresent() ? builder.queues(wiring.queues).build() : listener);
        asked.add(new Asked(function, table));
    }

    /** What a builder refuses as a whole, it refuses without the name of the function. */
    static <T> T built(String function, Supplier<T> build) {
        try {
            return build.get();
        } catch (OptionException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new OptionException(function, String.valueOf(e.getMessage()), e);
        }
    }

    void configureLocalLogs(String function, Map<String, ?> table) {
        if (localLogs != null) {
            throw new OptionException(function, "was called before; one call says where logs go");
        }
        localLogs = built(function, OptionTable.apply(function, table, LogFileOptions.builder())::build);
        asked.add(new Asked(function, table));
    }

    /** KumoMTA keeps the meta data of messages in a spool of its own; here it lies beside their content. */
    void defineSpool(String function, Map<String, ?> table) {
        String name = name(function, table);
        if (!name.equals(DATA) && !name.equals(META)) {
            throw new OptionException(function + ".name", "must be 'data' or 'meta', not '" + Shown.of(name) + "'");
        }
        DiskSpoolOptions options =
                built(function, OptionTable.apply(function, rest(table), DiskSpoolOptions.builder())::build);
        if (spools.putIfAbsent(name, options) != null) {
            throw new OptionException(function, "the spool '" + name + "' was defined before; define it once");
        }
        asked.add(new Asked(function, table));
    }

    void configureLogHook(String function, Map<String, ?> table) {
        String name = name(function, table);
        WebhookOptions options = logHook(function, table);
        if (logHooks.putIfAbsent(name, options) != null) {
            throw new OptionException(
                    function, "there is a hook '" + Shown.of(name) + "' already; give each its own name");
        }
        asked.add(new Asked(function, table));
    }

    /** What a table says of a hook beside its name. */
    static WebhookOptions logHook(String function, Map<String, ?> table) {
        return built(function, OptionTable.apply(function, rest(table), WebhookOptions.builder())::build);
    }

    private static String name(String function, Map<String, ?> table) {
        if (table.get("name") instanceof String name && !name.isEmpty()) {
            return name;
        }
        throw new OptionException(function + ".name", "is missing; give it a name, a string");
    }

    /** The keys that the builder knows. */
    private static Map<String, ?> rest(Map<String, ?> table) {
        Map<String, Object> rest = new LinkedHashMap<>(table);
        rest.remove("name");
        return rest;
    }

    void validationFailed() {
        invalid = true;
    }

    /**
     * Called when all events of the start have been handled.
     *
     * @throws IllegalArgumentException if what was asked for does not fit together
     */
    void end() {
        if (invalid) {
            throw new IllegalArgumentException("a handler of " + Events.VALIDATE
                    + " called kumo.validation_failed; what it logged tells what is wrong");
        }
        if (spools.containsKey(META) && !spools.containsKey(DATA)) {
            throw new IllegalArgumentException(
                    "it defines a spool 'meta' and none named 'data', in which messages are kept; define both");
        }
        listeners = started.stream().map(Supplier::get).toList();
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<Listener> listeners() {
        return listeners;
    }

    Optional<LogFileOptions> localLogs() {
        return Optional.ofNullable(localLogs);
    }

    Optional<DiskSpoolOptions> spool() {
        return Optional.ofNullable(spools.get(DATA));
    }

    Map<String, WebhookOptions> logHooks() {
        return logHooks;
    }
}
