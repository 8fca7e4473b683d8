package dev.kumo.lua;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressPool;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.queue.QueueOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The events in which a script says how queues are worked on, and the functions that make the answers. */
final class QueueEvents {

    static final String QUEUE_CONFIG = "get_queue_config";
    static final String POOL = "get_egress_pool";
    static final String SOURCE = "get_egress_source";
    static final String PATH = "get_egress_path_config";

    static final List<String> ALL = List.of(QUEUE_CONFIG, POOL, SOURCE, PATH);

    private QueueEvents() {}

    static List<LuaType> types() {
        return List.of(
                LuaType.made("queue_config", QueueOptions.class),
                LuaType.made("egress_pool", EgressPool.class),
                LuaType.made("egress_source", EgressSource.class),
                LuaType.made("egress_path", EgressPathOptions.class));
    }

    static void addTo(Map<String, LuaFunction> functions, ScriptFiles files) {
        add(
                functions,
                "make_queue_config",
                (where, table) -> files.located(
                        where,
                        OptionTable.apply(where, table, QueueOptions.builder()).build()));
        add(
                functions,
                "make_egress_pool",
                (where, table) ->
                        OptionTable.apply(where, table, EgressPool.builder()).build());
        add(
                functions,
                "make_egress_source",
                (where, table) ->
                        OptionTable.apply(where, table, EgressSource.builder()).build());
        add(
                functions,
                "make_egress_path",
                (where, table) -> OptionTable.apply(where, table, EgressPathOptions.builder())
                        .build());
    }

    /** Makes a value of a table. */
    private interface Maker {
        Object make(String where, Map<String, ?> table);
    }

    private static void add(Map<String, LuaFunction> functions, String name, Maker maker) {
        functions.put("kumo." + name, arguments -> {
            Map<String, ?> table = arguments.table(1);
            return Configuration.built(name, () -> maker.make(name, table));
        });
    }

    /** The queue's options by the script, or the defaults. */
    static QueueOptions queueOptions(Generation script, QueueName queue) {
        return ask(
                script,
                QUEUE_CONFIG,
                QueueOptions.class,
                () -> QueueOptions.DEFAULT,
                queue.domain(),
                queue.tenant().orElse(null),
                queue.campaign().orElse(null),
                queue.routingDomain().orElse(null));
    }

    static EgressPool pool(Generation script, String name) {
        return ask(
                script,
                POOL,
                EgressPool.class,
                () -> {
                    throw none("egress pool", name, POOL);
                },
                name);
    }

    static EgressSource source(Generation script, String name) {
        return ask(
                script,
                SOURCE,
                EgressSource.class,
                () -> {
                    throw none("egress source", name, SOURCE);
                },
                name);
    }

    static EgressPathOptions path(Generation script, String site, String source, String domain) {
        return ask(script, PATH, EgressPathOptions.class, () -> EgressPathOptions.DEFAULT, domain, source, site);
    }

    private static IllegalArgumentException none(String what, String name, String event) {
        return new IllegalArgumentException(
                "the script knows no " + what + " '" + Shown.of(name) + "'; let a handler of " + event + " return one");
    }

    private static <T> T ask(
            Generation script, String event, Class<T> wanted, Supplier<T> otherwise, @Nullable Object... arguments) {
        Object result = script.call(event, true, arguments);
        if (result == null) {
            return otherwise.get();
        }
        if (wanted.isInstance(result)) {
            return wanted.cast(result);
        }
        throw new IllegalArgumentException("a handler of " + event + " must return what kumo.make_"
                + types().stream()
                        .filter(type -> type.of() == wanted)
                        .map(LuaType::name)
                        .findFirst()
                        .orElse("…")
                + " makes, or nil");
    }
}
