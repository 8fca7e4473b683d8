package dev.kumo.lua;

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
import party.iroiro.luajava.lua54.Lua54;
import party.iroiro.luajava.lua54.Lua54Natives;

/**
 * Lua 5.4 itself, through JNI.
 *
 * <p>What would break the process is kept from happening: a state used by two threads or after its end ({@link #enter}); an exception of
 * Java thrown into Lua ({@link JavaCalls}); bytecode ({@link Script}); and see {@link LuaValues}.
 */
final class NativeLua implements LuaEngine {

    private static final int LONGEST_MESSAGE = 4096;
    private static final Pattern WITH_LINE = Pattern.compile("[^ :]+:\\d+: .*", Pattern.DOTALL);
    private static final Duration TIME_OF_PRELUDE = Duration.ofMinutes(1);
    private static final int OK = 0;
    private static final int NO_HANDLER = 0;
    private static final int HANDLER = 1;
    private static final int OUT_OF_MEMORY = 4;
    private static final String[] LIBRARIES = {"_G", "string", "table", "math", "coroutine", "utf8", "os", "debug"};

    private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
    private final LuaLibrary library;
    private final Lua54 state;
    private final Lua54Natives lua;
    private final long stack;
    private final int registry;
    private final LuaCall call;
    private final LuaValues values;
    private final LuaObjects objects;
    private final JavaCalls java;
    private final Set<String> events = new LinkedHashSet<>();
    private final Map<String, Integer> handlers = new HashMap<>();
    private int handlersReference;
    private int runReference;
    private int toldReference;
    private String script = Prelude.NAME;
    private boolean closed;

    NativeLua(LuaLibrary library, LuaBounds bounds) {
        this.library = library;
        call = new LuaCall(bounds);
        state = newState();
        lua = (Lua54Natives) state.getLuaNatives();
        stack = state.getPointer();
        registry = lua.getRegistryIndex();
        values = new LuaValues(lua, bounds.memory());
        objects = new LuaObjects(lua, library.types());
        java = new JavaCalls(lua, stack, values, objects, call);
        enter();
        try {
            for (String name : LIBRARIES) {
                lua.luaJ_openlib(stack, name);
            }
            lua.lua_settop(stack, 0);
            prelude(bounds);
        } catch (RuntimeException | Error e) {
            call.spoil();
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
    private void prelude(LuaBounds bounds) {
        call.begin(TIME_OF_PRELUDE);
        functions();
        values.push(stack, Prelude.limits(bounds, library.types()));
        values.push(stack, Map.of());
        for (Script chunk : Prelude.CHUNKS) {
            lua.lua_settop(stack, 3);
            load(chunk);
            for (int argument = 1; argument <= 3; argument++) {
                lua.lua_pushvalue(stack, argument);
            }
            protectedCall(3, 4, NO_HANDLER);
        }
        values.addresses(objects.metatables(stack));
        runReference = lua.luaL_ref(stack, registry);
        handlersReference = lua.luaL_ref(stack, registry);
        toldReference = lua.luaL_ref(stack, registry);
    }

    private void functions() {
        lua.lua_createtable(stack, 0, 200);
        library.functions().forEach(java::add);
        for (LuaType type : library.types()) {
            type.methods().forEach((method, body) -> java.add(type.name() + ":" + method, body));
        }
        java.add("event", arguments -> {
            if (!call.event().isEmpty()) {
                return "kumo.on has its place in the script itself, not in the handler of '" + call.event() + "'";
            }
            String name = arguments.text(1);
            String trouble = library.trouble().apply(name);
            if (trouble == null) {
                events.add(name);
            }
            return trouble;
        });
        java.add("missing", arguments -> library.missing().text(arguments.text(1), arguments.text(2)));
        java.addUntimed("overdue", arguments -> call.overdue());
        java.addUntimed("stopped", arguments -> {
            call.spoil();
            return null;
        });
        java.addUntimed("release", arguments -> {
            arguments.release();
            return null;
        });
    }

    @Override
    public void run(Script toRun) {
        enter();
        try {
            call.begin(TOP_LEVEL);
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
    public @Nullable Object call(String event, boolean first, @Nullable Object... arguments) {
        enter();
        try {
            if (!events.contains(event)) {
                return null;
            }
            call.begin(event);
            lua.lua_rawgeti(stack, registry, toldReference);
            lua.lua_rawgeti(stack, registry, handlers(event));
            lua.lua_pushboolean(stack, first ? 1 : 0);
            for (Object argument : arguments) {
                java.push(stack, argument);
            }
            protectedCall(arguments.length + 1, first ? 1 : 0, HANDLER);
            if (!first) {
                return null;
            }
            Object object = objects.find(stack, -1);
            return object != null ? object : values.value(stack, -1);
        } finally {
            leave();
        }
    }

    /** The reference of what calls the handlers of an event. */
    private int handlers(String event) {
        Integer known = handlers.get(event);
        if (known == null) {
            lua.lua_rawgeti(stack, registry, handlersReference);
            values.push(stack, event);
            protectedCall(1, 1, HANDLER);
            known = lua.luaL_ref(stack, registry);
            handlers.put(event, known);
        }
        return known;
    }

    private void protectedCall(int arguments, int results, int handler) {
        int result = lua.lua_pcall(stack, arguments, results, handler);
        if (result != OK) {
            if (result == OUT_OF_MEMORY) {
                call.spoil();
            }
            throw failure();
        }
    }

    /** What the error value on top of the stack means. */
    private RuntimeException failure() {
        Throwable cause = call.thrown();
        if (cause instanceof VirtualMachineError error) {
            throw error;
        }
        if (objects.find(stack, -1) instanceof LuaRefusal refusal) {
            return refusal;
        }
        byte[] bytes = values.bytesOrNull(stack, -1);
        if (bytes != null) {
            String text = new String(bytes, 0, Math.min(bytes.length, LONGEST_MESSAGE), StandardCharsets.UTF_8);
            if (text.startsWith(Prelude.NAME)) {
                text = text.substring(text.indexOf(' ') + 1);
            }
            boolean told = WITH_LINE.matcher(text).matches();
            return new LuaFailure(Shown.of(told ? text : script + ": " + text), cause);
        }
        return new LuaFailure(
                script + ": raised " + values.typeName(stack, -1) + "; raise a text, or call kumo.reject", cause);
    }

    @Override
    public boolean isSpoiled() {
        return call.isSpoiled() || java.isFull();
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
        call.end();
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
}
