package dev.kumo.lua;

import org.jspecify.annotations.Nullable;
import party.iroiro.luajava.lua54.Lua54Natives;

/**
 * Names that a script uses again and again, such as those of meta data and header fields: each is brought across once, and then known by its
 * place in Lua's memory. Lua has short texts once only, and those of here as long as the state lives, so no other text comes to be in the same
 * place.
 */
final class LuaNames {

    /** Bytes: longer texts may be in several places, and others come to theirs. */
    private static final int LONGEST = 40;

    private static final int MOST = 256;

    /** Twice as many as there are names, so that there is a free one soon. */
    private static final int SLOTS = 2 * MOST;

    private final Lua54Natives lua;
    private final LuaValues values;
    private final int registry;
    private final int held;
    private final long[] places = new long[SLOTS];
    private final @Nullable String[] names = new @Nullable String[SLOTS];
    private int count;

    LuaNames(Lua54Natives lua, long stack, LuaValues values) {
        this.lua = lua;
        this.values = values;
        registry = lua.getRegistryIndex();
        lua.lua_createtable(stack, 0, 0);
        held = lua.luaL_ref(stack, registry);
    }

    /** A text, or a number as text; null if there is another value. */
    @Nullable String name(long stack, int at) {
        long place = lua.lua_topointer(stack, at);
        int slot = slot(place);
        String known = names[slot];
        if (known != null && place != 0) {
            return known;
        }
        String name = values.textOrNull(stack, at);
        if (name != null && place != 0 && lua.lua_rawlen(stack, at) <= LONGEST && count < MOST) {
            hold(stack, at);
            places[slot] = place;
            names[slot] = name;
            count++;
        }
        return name;
    }

    /** That of a place, or a free one. */
    private int slot(long place) {
        int slot = (int) (place >>> 4) & SLOTS - 1;
        while (names[slot] != null && places[slot] != place) {
            slot = slot + 1 & SLOTS - 1;
        }
        return slot;
    }

    private void hold(long stack, int at) {
        lua.lua_rawgeti(stack, registry, held);
        lua.lua_pushvalue(stack, at);
        lua.lua_pushboolean(stack, 1);
        lua.lua_rawset(stack, -3);
        lua.lua_settop(stack, -2);
    }
}
