package dev.kumo.lua;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import party.iroiro.luajava.JFunction;
import party.iroiro.luajava.Lua;
import party.iroiro.luajava.lua54.Lua54;
import party.iroiro.luajava.lua54.Lua54Natives;

/**
 * Lua 5.4 itself, through JNI.
 *
 * <p>What would break the process is kept from happening here: a state used by two threads or after its end ({@link #enter}); an
 * exception of Java thrown into Lua, which luajava would hand to the script as a reflected object ({@link #answer} throws
 * none); bytecode ({@link Script}); and see {@link LuaValues}.
 */
final class NativeLua implements LuaEngine {

    static final String PRELUDE = "[kumo]";
    private static final int DEEPEST_FRAME = 8;
    private static final int LONGEST_MESSAGE = 4096;

    /** Coroutines that have called Java: luajava keeps each of them for as long as the state lives. */
    private static final int MOST_THREADS = 1_000;

    private static final Pattern WITH_LINE = Pattern.compile("[^ :]+:\\d+: .*", Pattern.DOTALL);
    /** What stops a script, and what is called when Lua collects. */
    private static final Set<String> OF_THE_HOOK = Set.of("overdue", "stopped", "release");

    private static final Duration TIME_OF_PRELUDE = Duration.ofMinutes(1);
    private static final int OK = 0;
    private static final int NO_HANDLER = 0;
    private static final int HANDLER = 1;
    private static final int OUT_OF_MEMORY = 4;
    private static final int TYPE_USERDATA = 7;
    private static final String[] LIBRARIES = {"_G", "string", "table", "math", "coroutine", "utf8", "os", "debug"};

    private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
    private final LuaBounds bounds;
    private final LuaLibrary library;
    private final Lua54 state;
    private final Lua54Natives lua;
    private final long stack;
    private final int registry;
    private final LuaValues values;
    private final LuaObjects objects;
    private final Set<String> events = new LinkedHashSet<>();
    private int callReference;
    private int runReference;
    private int toldReference;

    private String script = PRELUDE;
    private String event = TOP_LEVEL;
    private long deadline;
    private long looksLeft;
    private boolean spoiled;
    private boolean closed;
    private long lastThread;
    private int threads;
    private @Nullable Throwable thrown;

    NativeLua(LuaLibrary library, LuaBounds bounds) {
        this.library = library;
        this.bounds = bounds;
        state = newState();
        lua = (Lua54Natives) state.getLuaNatives();
        stack = state.getPointer();
        registry = lua.getRegistryIndex();
        values = new LuaValues(lua, bounds.memory());
        objects = new LuaObjects(lua, library.types());
        enter();
        try {
            for (String name : LIBRARIES) {
                lua.luaJ_openlib(stack, name);
            }
            lua.lua_settop(stack, 0);
            prelude();
        } catch (RuntimeException | Error e) {
            spoiled = true;
            throw e;
        } finally {
            leave();
        }
    }

    private static Lua54 newState() {
        NativeLibrary.load();
        return new Lua54();
    }

    /** Runs the prelude, which leaves the functions that are called from here. */
    private void prelude() {
        beginClock(TIME_OF_PRELUDE);
        functions();
        load(new Script("=" + PRELUDE, Prelude.SANDBOX));
        lua.lua_pushvalue(stack, 1);
        limits();
        protectedCall(2, 2, NO_HANDLER);
        load(new Script("=" + PRELUDE, Prelude.MODULE));
        lua.lua_pushvalue(stack, 1);
        kept();
        lua.lua_pushvalue(stack, 2);
        lua.lua_pushvalue(stack, 3);
        protectedCall(4, 4, NO_HANDLER);
        values.addresses(objects.metatables(stack));
        runReference = lua.luaL_ref(stack, registry);
        callReference = lua.luaL_ref(stack, registry);
        toldReference = lua.luaL_ref(stack, registry);
    }

    private void functions() {
        lua.lua_createtable(stack, 0, 200);
        library.functions().forEach(this::function);
        for (LuaType type : library.types()) {
            type.methods().forEach((method, body) -> function(type.name() + ":" + method, body));
        }
        function("overdue", arguments -> overdue());
        function("stopped", arguments -> {
            spoiled = true;
            return null;
        });
        function("event", arguments -> {
            if (!event.isEmpty()) {
                return "kumo.on has its place in the script itself, not in the handler of '" + event + "'";
            }
            String name = arguments.text(1);
            String trouble = library.trouble().apply(name);
            if (trouble == null) {
                events.add(name);
            }
            return trouble;
        });
        function("missing", arguments -> library.missing().text(arguments.text(1), arguments.text(2)));
        function("release", arguments -> {
            arguments.release();
            return null;
        });
    }

    private void function(String name, LuaFunction body) {
        values.push(stack, name);
        JFunction function = caller -> answer(name, body, caller);
        lua.luaJ_pushfunction(stack, function);
        lua.lua_rawset(stack, -3);
    }

    private void limits() {
        values.push(
                stack,
                Map.of(
                        "source",
                        "=" + PRELUDE,
                        "memory",
                        bounds.memory() >> 10,
                        "text",
                        bounds.text(),
                        "interval",
                        LuaBounds.INTERVAL,
                        "look",
                        LuaBounds.TICKS_PER_LOOK,
                        "steps",
                        LuaPattern.CHEAP));
    }

    private void kept() {
        Map<String, Object> names = new HashMap<>();
        library.types().stream().filter(LuaType::kept).forEach(type -> names.put(type.name(), true));
        values.push(stack, names);
    }

    @Override
    public void run(Script toRun) {
        enter();
        try {
            beginClock();
            script = toRun.name();
            lua.lua_rawgeti(stack, registry, toldReference);
            lua.lua_rawgeti(stack, registry, runReference);
            values.push(stack, toRun.source());
            values.push(stack, "@" + toRun.name());
            protectedCall(2, 0, HANDLER);
        } finally {
            leave();
        }
    }

    private void load(Script loaded) {
        byte[] source = loaded.source();
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(Math.max(1, source.length)).put(source);
        if (lua.luaJ_loadbuffer(stack, buffer, 0, source.length, loaded.name()) != OK) {
            throw failure();
        }
    }

    @Override
    public Set<String> events() {
        return Set.copyOf(events);
    }

    @Override
    public @Nullable Object call(String called, boolean first, @Nullable Object... arguments) {
        enter();
        try {
            event = called;
            beginClock();
            lua.lua_rawgeti(stack, registry, toldReference);
            lua.lua_rawgeti(stack, registry, callReference);
            values.push(stack, called);
            lua.lua_pushboolean(stack, first ? 1 : 0);
            for (Object argument : arguments) {
                push(stack, argument);
            }
            protectedCall(arguments.length + 2, 1, HANDLER);
            Object object = objects.find(stack, -1);
            return object != null ? object : values.value(stack, -1);
        } finally {
            event = TOP_LEVEL;
            leave();
        }
    }

    private void protectedCall(int arguments, int results, int handler) {
        int result = lua.lua_pcall(stack, arguments, results, handler);
        if (result != OK) {
            spoiled |= result == OUT_OF_MEMORY;
            throw failure();
        }
    }

    /** What the error value on top of the stack means. */
    private RuntimeException failure() {
        Throwable cause = thrown;
        if (cause instanceof VirtualMachineError error) {
            spoiled = true;
            throw error;
        }
        Object object = objects.find(stack, -1);
        if (object instanceof LuaRefusal refusal) {
            return refusal;
        }
        if (values.isText(stack, -1)) {
            byte[] bytes = values.bytes(stack, -1);
            String text = new String(bytes, 0, Math.min(bytes.length, LONGEST_MESSAGE), StandardCharsets.UTF_8);
            if (text.startsWith(PRELUDE)) {
                text = text.substring(text.indexOf(' ') + 1);
            }
            boolean told = WITH_LINE.matcher(text).matches();
            return new LuaFailure(Shown.of(told ? text : script + ": " + text), cause);
        }
        return new LuaFailure(
                script + ": raised " + values.typeName(stack, -1) + "; raise a text, or call kumo.reject", cause);
    }

    /** A call out of Lua. It must not throw, and nothing in it may raise an error of Lua. */
    private int answer(String name, LuaFunction body, Lua caller) {
        long on = caller.getPointer();
        if (on != stack && on != lastThread) {
            lastThread = on;
            threads++;
        }
        if (thrown instanceof VirtualMachineError) {
            return noMemory(on);
        }
        try {
            requireTime(name);
            Object result = body.call(new Arguments(this, on, name, lua.lua_gettop(on)));
            requireTime(name);
            if (result instanceof LuaFunction.Several several) {
                for (Object value : several.values()) {
                    push(on, value);
                }
                return several.values().size();
            }
            push(on, result);
            return 1;
        } catch (LuaRefusal refusal) {
            push(on, refusal);
        } catch (IllegalArgumentException e) {
            error(on, String.valueOf(e.getMessage()));
        } catch (VirtualMachineError e) {
            thrown = e;
            return noMemory(on);
        } catch (Throwable e) {
            thrown = e;
            error(on, name + " failed: " + e);
        }
        return -1;
    }

    /** Raises nil, which takes no memory of Java, and ends the call at the next look. */
    private int noMemory(long on) {
        spoiled = true;
        looksLeft = 0;
        lua.lua_pushnil(on);
        return -1;
    }

    /** Time spent in Java is none that instructions of Lua are counted in. */
    private void requireTime(String name) {
        if (!OF_THE_HOOK.contains(name) && timeLeft().isNegative()) {
            throw new IllegalArgumentException(tooLong());
        }
    }

    /** Until the call has to end. */
    Duration timeLeft() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    private String tooLong() {
        return "the script ran for more than " + bounds.time().toMillis() + " ms";
    }

    /** Puts an error's text on the stack, with the line of the script that called. */
    private void error(long on, String text) {
        String where = "";
        for (int level = 1; level <= DEEPEST_FRAME && (where.isEmpty() || where.startsWith(PRELUDE)); level++) {
            lua.luaL_where(on, level);
            where = values.text(on, -1);
            lua.lua_settop(on, -2);
        }
        values.push(
                on,
                (where.startsWith(PRELUDE) ? "" : where) + text.substring(0, Math.min(text.length(), LONGEST_MESSAGE)));
    }

    private void push(long on, @Nullable Object value) {
        if (!values.push(on, value) && (value == null || !objects.push(on, value))) {
            throw new IllegalStateException("no type of Lua for " + value);
        }
    }

    /** An object of Java that a script holds; null if there is none. */
    @Nullable Object object(long on, int at) {
        if (lua.lua_type(on, at) != TYPE_USERDATA) {
            return null;
        }
        Object object = objects.find(on, at);
        if (object == null) {
            throw new IllegalArgumentException(
                    "this object was for the event that it was given to, which has ended; keep what you need of it instead");
        }
        return object;
    }

    void release(long on, int at) {
        objects.release(on, at);
    }

    LuaValues values() {
        return values;
    }

    String event() {
        return event;
    }

    private void beginClock() {
        beginClock(bounds.time());
    }

    private void beginClock(Duration time) {
        thrown = null;
        looksLeft = bounds.instructions() / LuaBounds.INTERVAL / LuaBounds.TICKS_PER_LOOK;
        deadline = System.nanoTime() + time.toNanos();
    }

    private @Nullable String overdue() {
        if (System.nanoTime() - deadline > 0) {
            return tooLong();
        }
        return --looksLeft < 0 ? "the script ran for more than " + bounds.instructions() + " instructions" : null;
    }

    @Override
    public boolean isSpoiled() {
        return spoiled || threads > MOST_THREADS;
    }

    private void enter() {
        if (!user.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException("a state of Lua is for one thread at a time");
        }
        if (closed) {
            user.set(null);
            throw new IllegalStateException("a state of Lua was used after its end");
        }
    }

    private void leave() {
        objects.endCall();
        if (!closed) {
            lua.lua_settop(stack, 0);
        }
        user.set(null);
    }

    @Override
    public void close() {
        if (user.compareAndSet(null, Thread.currentThread())) {
            try {
                if (!closed) {
                    closed = true;
                    objects.forgetFinalizers(stack);
                    state.close();
                }
            } finally {
                user.set(null);
            }
        } else {
            throw new IllegalStateException("a state of Lua cannot end while it is in use");
        }
    }

    /** What runs in a state before the script. */
    private static final class Prelude {

        static final byte[] SANDBOX = read("sandbox.lua");
        static final byte[] MODULE = read("kumo.lua");

        private static byte[] read(String name) {
            try (InputStream in = NativeLua.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException(name + " is missing from the jar");
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
