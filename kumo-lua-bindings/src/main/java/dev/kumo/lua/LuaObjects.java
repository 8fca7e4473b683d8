package dev.kumo.lua;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import party.iroiro.luajava.lua54.Lua54Natives;

/**
 * The objects of Java that a script holds. Lua has only a number, in a place that scripts cannot reach: they cannot make one, nor come
 * from an object to its class.
 */
final class LuaObjects {

    private static final int TYPE_NUMBER = 3;
    private static final int TYPE_USERDATA = 7;
    private static final int MOST_KEPT = 100_000;

    private final Lua54Natives lua;
    private final int registry;
    private final List<LuaType> types;
    private final Map<Class<?>, LuaType> byClass = new HashMap<>();
    private final Map<String, Integer> metatables = new HashMap<>();
    private final List<Object> ofThisCall = new ArrayList<>();
    private final Map<Long, Object> kept = new HashMap<>();
    private long firstOfThisCall = 1;
    private long lastKept;

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
        LuaType type = byClass.computeIfAbsent(object.getClass(), this::typeOf);
        long number;
        long weight = 8;
        if (type.kept()) {
            if (kept.size() >= MOST_KEPT) {
                throw new IllegalArgumentException("the script holds more than " + MOST_KEPT + " objects");
            }
            number = --lastKept;
            kept.put(number, object);
            weight = type.weight().applyAsLong(object);
        } else {
            number = firstOfThisCall + ofThisCall.size();
            ofThisCall.add(object);
        }
        // As large as the object, so that Lua's collector and the bound on its memory know what Java holds for the
        // script.
        lua.lua_newuserdatauv(stack, weight, 1);
        lua.lua_pushinteger(stack, number);
        lua.lua_setiuservalue(stack, -2, 1);
        lua.lua_rawgeti(stack, registry, metatables.getOrDefault(type.name(), 0));
        lua.lua_setmetatable(stack, -2);
        return true;
    }

    private LuaType typeOf(Class<?> of) {
        return types.stream()
                .filter(type -> type.of().isAssignableFrom(of))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no type of Lua for " + of));
    }

    /** The object at a place of the stack; null if there is none, or its time is over. */
    @Nullable Object find(long stack, int at) {
        if (lua.lua_type(stack, at) != TYPE_USERDATA) {
            return null;
        }
        long number = number(stack, at);
        if (number < 0) {
            return kept.get(number);
        }
        long index = number - firstOfThisCall;
        return index >= 0 && index < ofThisCall.size() ? ofThisCall.get((int) index) : null;
    }

    private long number(long stack, int at) {
        long number = lua.lua_getiuservalue(stack, at, 1) == TYPE_NUMBER ? lua.lua_tointeger(stack, -1) : 0;
        lua.lua_settop(stack, -2);
        return number;
    }

    /** Forgets an object that the script holds no longer. */
    void release(long stack, int at) {
        if (lua.lua_type(stack, at) == TYPE_USERDATA) {
            kept.remove(number(stack, at));
        }
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
        firstOfThisCall += ofThisCall.size();
        ofThisCall.clear();
    }
}
