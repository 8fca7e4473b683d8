package dev.kumo.lua;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import party.iroiro.luajava.lua54.Lua54Natives;

/**
 * The objects of Java that a script holds. Lua has only some bytes for each, whose place in its memory tells which one is meant: scripts
 * cannot make one, nor come from an object to its class.
 */
final class LuaObjects {

    private static final int MOST_KEPT = 100_000;

    /** An event has not as many arguments. */
    private static final int FEW = 8;

    /** How objects of a class are shown to scripts. */
    private record Kind(LuaType type, int metatable) {}

    private final Lua54Natives lua;
    private final int registry;
    private final List<LuaType> types;
    private final Map<Class<?>, Kind> byClass = new HashMap<>();
    private final Map<String, Integer> metatables = new HashMap<>();
    private final long[] places = new long[FEW];
    private final @Nullable Object[] ofThisCall = new @Nullable Object[FEW];
    private final Map<Long, Object> moreOfThisCall = new HashMap<>();
    private final Map<Long, Object> kept = new HashMap<>();
    private int count;

    LuaObjects(Lua54Natives lua, List<LuaType> types) {
        this.lua = lua;
        this.registry = lua.getRegistryIndex();
        this.types = types;
    }

    /** Takes the table of metatables off the stack; the reference of that of addresses. */
    int metatables(long stack) {
        types.forEach(type -> metatables.put(type.name(), reference(stack, type.name())));
        int addresses = reference(stack, "address");

        lua.lua_settop(stack, -2);
        return addresses;
    }

    private int reference(long stack, String name) {
        lua.luaJ_pushstring(stack, name);
        lua.lua_rawget(stack, -2);
        return lua.luaL_ref(stack, registry);
    }

    /** Puts an object on the stack; false if there is no type for it. */
    boolean push(long stack, Object object) {
        Kind kind = byClass.get(object.getClass());
        if (kind == null) {
            kind = kindOf(object.getClass());
            byClass.put(object.getClass(), kind);
        }
        // As large as the object, so that Lua's collector and the bound on its memory know what Java holds for the
        // script.
        if (kind.type.kept()) {
            if (kept.size() >= MOST_KEPT) {
                throw new IllegalArgumentException("the script holds more than " + MOST_KEPT + " objects");
            }
            keep(lua.lua_newuserdatauv(stack, kind.type.weight().applyAsLong(object), 0), object);
        } else {
            add(lua.lua_newuserdatauv(stack, 8, 0), object);
        }
        lua.lua_rawgeti(stack, registry, kind.metatable);
        lua.lua_setmetatable(stack, -2);
        return true;
    }

    private Kind kindOf(Class<?> of) {
        LuaType type = types.stream()
                .filter(candidate -> candidate.of().isAssignableFrom(of))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no type of Lua for " + of));
        return new Kind(type, metatables.getOrDefault(type.name(), 0));
    }

    /** What was in the same place before is held no longer, or Lua would not have given it again. */
    private void keep(long place, Object object) {
        int at = indexOf(place);
        if (at >= 0) {
            places[at] = 0;
            ofThisCall[at] = null;
        } else {
            moreOfThisCall.remove(place);
        }
        kept.put(place, object);
    }

    /** As above; an object may have gone without its release, if there was no depth of C left for that. */
    private void add(long place, Object object) {
        if (!kept.isEmpty()) {
            kept.remove(place);
        }
        int at = indexOf(place);
        if (at < 0 && count < FEW) {
            at = count++;
        }
        if (at >= 0) {
            places[at] = place;
            ofThisCall[at] = object;
        } else {
            moreOfThisCall.put(place, object);
        }
    }

    private int indexOf(long place) {
        for (int at = 0; at < count; at++) {
            if (places[at] == place) {
                return at;
            }
        }
        return -1;
    }

    /** The object at a place of the stack; null if there is none, or its time is over. */
    @Nullable Object find(long stack, int at) {
        long place = lua.lua_touserdata(stack, at);
        if (place == 0) {
            return null;
        }
        int index = indexOf(place);
        if (index >= 0) {
            return ofThisCall[index];
        }
        Object object = kept.get(place);
        return object != null ? object : moreOfThisCall.get(place);
    }

    /** Whether there is an object, or was one. */
    boolean isObject(long stack, int at) {
        return lua.lua_touserdata(stack, at) != 0;
    }

    /** Forgets an object that the script holds no longer. */
    void release(long stack, int at) {
        kept.remove(lua.lua_touserdata(stack, at));
    }

    /** Before a state ends: luajava has given its number to another one by then, which a finalizer would be run with. */
    void forgetFinalizers(long stack) {
        for (int reference : metatables.values()) {
            lua.lua_rawgeti(stack, registry, reference);
            lua.luaJ_pushstring(stack, "__gc");
            lua.lua_pushnil(stack);
            lua.lua_rawset(stack, -3);
            lua.lua_settop(stack, -2);
        }
    }

    void endCall() {
        Arrays.fill(ofThisCall, 0, count, null);
        count = 0;
        moreOfThisCall.clear();
    }
}
