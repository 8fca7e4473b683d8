package dev.kumo.lua;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that scripts can call. */
@FunctionalInterface
interface LuaFunction {

    /**
     * Answers a call.
     *
     * @return a value as {@link LuaEngine#call} takes it, or {@link Several}; null is nil
     * @throws IllegalArgumentException if an argument is wrong; the script gets an error with its text and the line
     * @throws LuaRefusal to refuse; it passes through the script, unless that catches it
     */
    @Nullable Object call(Arguments arguments);

    /** More than one result. */
    record Several(List<? extends @Nullable Object> values) {

        static Several of(Object... values) {
            return new Several(List.of(values));
        }
    }
}
