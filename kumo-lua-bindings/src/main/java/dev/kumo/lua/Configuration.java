package dev.kumo.lua;

import dev.kumo.core.Listener;
import dev.kumo.core.log.file.LogFileOptions;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.http.HttpListener;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a script asks for in its {@code init} event. */
final class Configuration {

    /** A call of a function, to be told from those of another version of the script. */
    record Asked(String function, Map<String, ?> table) {}

    private final Function<Set<String>, List<Policy>> policies;
    private final Consumer<EsmtpListener.Builder> changes;
    private final Consumer<HttpListener.Builder> httpChanges;
    private final List<Asked> asked = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private Set<String> events = Set.of();
    private @Nullable LogFileOptions localLogs;

    /**
     * Begins without anything.
     *
     * @param policies of a listener, for the events that the script handles
     * @param changes what code wants of each ESMTP listener
     * @param httpChanges what code wants of each HTTP listener
     */
    Configuration(
            Function<Set<String>, List<Policy>> policies,
            Consumer<EsmtpListener.Builder> changes,
            Consumer<HttpListener.Builder> httpChanges) {
        this.policies = policies;
        this.changes = changes;
        this.httpChanges = httpChanges;
    }

    /** The events that the script handles, known before {@code init} comes. */
    void events(Set<String> handled) {
        events = handled;
    }

    void startEsmtpListener(String function, Map<String, ?> table) {
        EsmtpListener.Builder builder = OptionTable.apply(function, table, EsmtpListener.builder());
        changes.accept(builder);
        policies.apply(events).forEach(builder::policy);
        listeners.add(built(function, builder::build));
        asked.add(new Asked(function, table));
    }

    void startHttpListener(String function, Map<String, ?> table) {
        HttpListener.Builder builder = OptionTable.apply(function, table, HttpListener.builder());
        httpChanges.accept(builder);
        listeners.add(built(function, builder::build));
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

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<Listener> listeners() {
        return List.copyOf(listeners);
    }

    Optional<LogFileOptions> localLogs() {
        return Optional.ofNullable(localLogs);
    }
}
