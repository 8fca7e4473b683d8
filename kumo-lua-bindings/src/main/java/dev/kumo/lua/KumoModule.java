package dev.kumo.lua;

import dev.kumo.core.net.DurationText;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.policy.DomainOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module {@code kumo}: each function's name, and what of ours answers it. */
final class KumoModule {

    private static final Logger SCRIPT = LoggerFactory.getLogger("dev.kumo.lua.script");

    /** What the prelude adds. */
    static final List<String> OF_THE_PRELUDE =
            List.of("kumo.on", "kumo.memoize", "kumo.log_debug", "kumo.log_info", "kumo.log_warn", "kumo.log_error");

    private KumoModule() {}

    static LuaLibrary library(ScriptFiles files, Configuration configuration, Dns dns, InstantSource time) {
        Map<String, LuaFunction> functions = new HashMap<>();
        ofThePrelude(functions, files);
        configuring(functions, configuration);
        values(functions);
        Refusals.addTo(functions);
        QueueEvents.addTo(functions, files);
        TextFunctions.addTo(functions);
        EncodeFunctions.addTo(functions);
        SerdeFunctions.addTo(functions, files);
        RegexFunctions.addTo(functions);
        TimeFunctions.addTo(functions, time);
        UuidFunctions.addTo(functions, time);
        Lookups.addTo(functions);
        DnsFunctions.addTo(functions, dns);
        DkimFunctions.addTo(functions, files, time);
        List<LuaType> types = new ArrayList<>(List.of(
                PeerType.TYPE,
                MessageType.TYPE,
                AddressList.Several.TYPE,
                Refusals.TYPE,
                UuidFunctions.TYPE,
                LISTENER_DOMAIN));
        types.addAll(QueueEvents.types());
        types.addAll(Lookups.TYPES);
        types.add(DkimFunctions.TYPE);
        types.addAll(RegexFunctions.TYPES);
        types.addAll(TimeFunctions.types(time));
        return new LuaLibrary(
                Map.copyOf(functions),
                types,
                event -> Events.trouble(event).orElse(null),
                (table, name) -> missing(table, name, functions.keySet(), types));
    }

    private static void ofThePrelude(Map<String, LuaFunction> functions, ScriptFiles files) {

        functions.put("find", files::find);
        functions.put("print", log(Logger::info));
        functions.put("log_debug", log(Logger::debug));
        functions.put("log_info", log(Logger::info));
        functions.put("log_warn", log(Logger::warn));
        functions.put("log_error", log(Logger::error));
        functions.put("seconds", arguments -> System.nanoTime() / 1e9);
        functions.put("memoize_options", KumoModule::memoize);
        functions.put("check_log_hook", arguments -> {
            Configuration.logHook("log_hooks:new_json", arguments.table(1));
            return null;
        });
        functions.put(
                "matches",
                arguments -> LuaPattern.matches(
                        arguments.bytes(1), arguments.bytes(2), arguments.whole(3), arguments.whole(4), (int)
                                arguments.whole(5)));
    }

    private static LuaFunction log(BiConsumer<Logger, String> level) {
        return arguments -> {
            level.accept(SCRIPT, Shown.of(arguments.text(1)));
            return null;
        };
    }

    private static Object memoize(Arguments arguments) {
        MemoizeOptions options = OptionTable.apply("kumo.memoize", arguments.table(1), new MemoizeOptions());
        return LuaFunction.Several.of(options.capacity, options.ttl.toNanos() / 1e9);
    }

    /** What a script sets up in {@code init}. */
    private static void configuring(Map<String, LuaFunction> functions, Configuration configuration) {
        during(Set.of(Events.INIT), functions, "start_esmtp_listener", configuration::startEsmtpListener);
        during(Set.of(Events.INIT), functions, "start_http_listener", configuration::startHttpListener);
        Set<String> start = Set.of(Events.PRE_INIT, Events.INIT);
        during(start, functions, "configure_local_logs", configuration::configureLocalLogs);
        during(start, functions, "configure_log_hook", configuration::configureLogHook);
        during(start, functions, "define_spool", configuration::defineSpool);
        functions.put("kumo.validation_failed", arguments -> {
            configuration.validationFailed();
            return null;
        });
    }

    private static void during(
            Set<String> events,
            Map<String, LuaFunction> functions,
            String name,
            BiConsumer<String, Map<String, ?>> set) {
        functions.put("kumo." + name, arguments -> {
            String event = arguments.event();
            if (!events.contains(event)) {
                throw new IllegalArgumentException(
                        "kumo." + name + " can be called only from inside the 'init' event handler, not "
                                + (event.isEmpty() ? "from the script itself" : "from that of '" + event + "'")
                                + "; put it into kumo.on('init', function() … end)");
            }
            set.accept(name, arguments.table(1));
            return null;
        });
    }

    private static final LuaType LISTENER_DOMAIN = LuaType.made("listener_domain", DomainOptions.class);

    /** What a script makes to give it back. */
    private static void values(Map<String, LuaFunction> functions) {
        functions.put(
                "kumo.make_listener_domain",
                arguments -> OptionTable.apply("make_listener_domain", arguments.table(1), DomainOptions.builder())
                        .build());
    }

    private static String missing(String table, String name, Set<String> functions, List<LuaType> types) {
        boolean ofModule = table.equals("kumo") || table.startsWith("kumo.");
        String separator = ofModule ? "." : ":";
        Set<String> known = ofModule
                ? Stream.concat(functions.stream(), OF_THE_PRELUDE.stream())
                        .filter(function -> function.startsWith(table + "."))
                        .map(function -> function.substring(table.length() + 1))
                        .collect(Collectors.toCollection(TreeSet::new))
                : types.stream()
                        .filter(type -> type.name().equals(table))
                        .flatMap(type -> type.methods().keySet().stream())
                        .filter(method -> !method.startsWith("__"))
                        .collect(Collectors.toCollection(TreeSet::new));
        String full = table + separator + Shown.of(name);
        return NotHere.reason(table + separator + name)
                .map(why -> full + " is not supported here: " + why)
                .orElseGet(() -> full + " is not there" + Nearest.hint(name, known) + "; docs/lua.md lists what is");
    }

    /** The keys of the options of {@code kumo.memoize}. */
    public static final class MemoizeOptions {

        private Duration ttl = DurationText.parse("1 minute");
        private int capacity = 128;

        private MemoizeOptions() {}

        /**
         * Key {@code name}, which only KumoMTA's metrics use.
         *
         * @param name any
         */
        public void name(String name) {}

        /**
         * Key {@code ttl}.
         *
         * @param time how long a result is remembered
         */
        public void ttl(Duration time) {
            ttl = time;
        }

        /**
         * Key {@code capacity}.
         *
         * @param count how many results are remembered
         */
        public void capacity(int count) {
            capacity = count;
        }
    }
}
