package dev.kumo.lua;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One state of a Lua interpreter that has run a script: what the rest of this package knows of Lua. For one thread at a time; which
 * one may change between calls.
 */
interface LuaEngine extends AutoCloseable {

    /** The event of a script's own lines, outside of any handler. */
    String TOP_LEVEL = "";

    /**
     * Runs the lines of the script.
     *
     * @throws LuaFailure if they fail
     */
    void run(Script script);

    /** The events that the script handles. */
    Set<String> events();

    /**
     * Calls the handlers of an event in their order.
     *
     * @param first whether the first one that returns something ends it, with that as the result
     * @param arguments texts, bytes, numbers, lists, maps, addresses, and objects of the library's types
     * @return what was returned, as such a value; null if nothing was
     * @throws LuaRefusal if a handler refuses
     * @throws LuaFailure if one fails in any other way
     */
    @Nullable Object call(String event, boolean first, @Nullable Object... arguments);

    /** Whether it is not to be used again: it had to be stopped, so that nobody knows in which condition it is, or holds too much. */
    boolean isSpoiled();

    @Override
    void close();
}
