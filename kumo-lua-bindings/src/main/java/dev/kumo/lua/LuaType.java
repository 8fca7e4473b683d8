package dev.kumo.lua;

import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A kind of Java object that scripts hold and call methods of.
 *
 * @param name of it in errors
 * @param of the class of the objects
 * @param kept whether an object lives as long as a script holds it; else until the event ends in which the script was given it
 * @param weight how many bytes an object holds, roughly
 * @param methods by name; those that begin with {@code __} are metamethods of Lua
 */
record LuaType(
        String name, Class<?> of, boolean kept, ToLongFunction<Object> weight, Map<String, LuaFunction> methods) {

    private static final long SMALL = 256;

    /** Objects that are all small, or are not the script's to make. */
    LuaType(String name, Class<?> of, boolean kept, Map<String, LuaFunction> methods) {
        this(name, of, kept, object -> SMALL, methods);
    }

    /** Objects that a script makes and only gives back: they are as large as what they show. */
    static LuaType made(String name, Class<?> of) {
        return new LuaType(
                name,
                of,
                true,
                object -> SMALL + 2L * object.toString().length(),
                Map.of("__tostring", arguments -> arguments.object(1, of).toString()));
    }
}
