package dev.kumo.lua;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A version of a script that is known to load, and what it asked for when it did. */
final class Generation {

    private final Script script;
    private final Set<String> events;
    private final Configuration configuration;
    private final LuaPool pool;

    private Generation(Script script, Set<String> events, Configuration configuration, LuaPool pool) {
        this.script = script;
        this.events = events;
        this.configuration = configuration;
        this.pool = pool;
    }

    /**
     * Runs a script and its {@code init}.
     *
     * @throws LuaPolicyException if that fails
     */
    static Generation load(Script script, LuaLibrary library, Configuration configuration, LuaBounds bounds) {
        LuaPool pool = new LuaPool(() -> started(script, library, bounds), bounds.states(), bounds.patience());
        try {
            LuaEngine engine = started(script, library, bounds);
            try {
                configuration.events(engine.events());
                engine.call(Events.PRE_INIT, false);
                engine.call(Events.INIT, false);
                engine.call(Events.VALIDATE, false);
            } finally {
                pool.add(engine);
            }
            configuration.end();
            return new Generation(script, engine.events(), configuration, pool);
        } catch (LuaFailure e) {
            pool.close();
            throw new LuaPolicyException(script.name(), e);
        } catch (LuaRefusal e) {
            pool.close();
            throw new LuaPolicyException(
                    script.name(), "kumo.reject was called where there is no session to refuse", e);
        } catch (IllegalArgumentException e) {
            pool.close();
            throw new LuaPolicyException(script.name(), String.valueOf(e.getMessage()), e);
        }
    }

    private static LuaEngine started(Script script, LuaLibrary library, LuaBounds bounds) {
        LuaEngine engine = new NativeLua(library, bounds);
        try {
            engine.run(script);
            return engine;
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    @Nullable Object call(String event, boolean first, @Nullable Object... arguments) {
        return events.contains(event) ? pool.with(engine -> engine.call(event, first, arguments)) : null;
    }

    Script script() {
        return script;
    }

    Set<String> events() {
        return events;
    }

    Configuration configuration() {
        return configuration;
    }

    LuaPool pool() {
        return pool;
    }
}
