package dev.kumo.lua;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an engine offers to scripts.
 *
 * @param functions by their full names, such as {@code kumo.start_esmtp_listener}; those without {@code kumo.} are for the prelude alone
 * @param types of objects
 * @param trouble why a script cannot handle an event; null if it can
 * @param missing what to say of a name that a table of ours does not have: the table's name, and the missing one
 */
record LuaLibrary(
        Map<String, LuaFunction> functions,
        List<LuaType> types,
        Function<String, @Nullable String> trouble,
        Missing missing) {

    /** Says what is wrong with a name that is not there. */
    @FunctionalInterface
    interface Missing {
        String text(String table, String name);
    }
}
