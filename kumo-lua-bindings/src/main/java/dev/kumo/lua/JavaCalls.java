package dev.kumo.lua;

import org.jspecify.annotations.Nullable;
import party.iroiro.luajava.JFunction;
import party.iroiro.luajava.lua54.Lua54Natives;

/**
 * Calls out of Lua into functions of Java. Nothing may be thrown back into Lua: luajava would hand it to the script as a reflected object.
 */
final class JavaCalls {

    private static final int DEEPEST_FRAME = 8;
    private static final int LONGEST_MESSAGE = 4096;

    /** Coroutines that have called Java: luajava keeps each of them for as long as the state lives. */
    private static final int MOST_THREADS = 1_000;

    private final Lua54Natives lua;
    private final long stack;
    private final LuaValues values;
    private final LuaObjects objects;
    private final LuaNames names;
    private final LuaCall call;
    private long lastThread;
    private int threads;

    JavaCalls(Lua54Natives lua, long stack, LuaValues values, LuaObjects objects, LuaCall call) {
        this.lua = lua;
        this.stack = stack;
        this.values = values;
        this.objects = objects;
        this.call = call;
        names = new LuaNames(lua, stack, values);
    }

    /** Puts a function into the table on top of the stack. */
    void add(String name, LuaFunction body) {
        push(name, caller -> answer(name, body, true, caller.getPointer()));
    }

    /** One that is called by the hook, or when Lua collects, where no time is left perhaps. */
    void addUntimed(String name, LuaFunction body) {
        push(name, caller -> answer(name, body, false, caller.getPointer()));
    }

    private void push(String name, JFunction function) {
        values.push(stack, name);
        lua.luaJ_pushfunction(stack, function);
        lua.lua_rawset(stack, -3);
    }

    /** It must not throw, and nothing in it may raise an error of Lua. */
    private int answer(String name, LuaFunction body, boolean timed, long on) {
        if (on != stack && on != lastThread) {
            lastThread = on;
            threads++;
        }
        if (timed && call.isOutOfMemory()) { // else nothing would end it
            return noMemory(on);
        }
        try {
            Object result = body.call(new Arguments(this, on, name));
            if (timed) {
                call.requireTime();
            }
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
            call.thrown(e);
            return noMemory(on);
        } catch (Throwable e) {
            call.thrown(e);
            error(on, name + " failed: " + e);
        }
        return -1;
    }

    /** Raises nil, which takes no memory of Java. */
    private int noMemory(long on) {
        lua.lua_pushnil(on);
        return -1;
    }

    /** Puts an error's text on the stack, with the line of the script that called. */
    private void error(long on, String text) {
        String where = "";
        for (int level = 1; level <= DEEPEST_FRAME && (where.isEmpty() || where.startsWith(Prelude.NAME)); level++) {
            lua.luaL_where(on, level);
            where = values.text(on, -1);
            lua.lua_settop(on, -2);
        }
        values.push(
                on,
                (where.startsWith(Prelude.NAME) ? "" : where)
                        + text.substring(0, Math.min(text.length(), LONGEST_MESSAGE)));
    }

    void push(long on, @Nullable Object value) {
        if (!values.push(on, value) && (value == null || !objects.push(on, value))) {
            throw new IllegalStateException("no type of Lua for " + value);
        }
    }

    /** An object of Java that a script holds; null if there is none. */
    @Nullable Object object(long on, int at) {
        Object object = objects.find(on, at);
        if (object == null && objects.isObject(on, at)) {
            throw new IllegalArgumentException(
                    "this object was for the event that it was given to, which has ended; keep what you need of it instead");
        }
        return object;
    }

    void release(long on, int at) {
        objects.release(on, at);
    }

    int count(long on) {
        return lua.lua_gettop(on);
    }

    LuaValues values() {
        return values;
    }

    LuaNames names() {
        return names;
    }

    LuaCall call() {
        return call;
    }

    /** Whether the state holds so many coroutines that it should end. */
    boolean isFull() {
        return threads > MOST_THREADS;
    }
}
