package dev.kumo.lua;

import org.jspecify.annotations.Nullable;

/** A script has failed: with an error that it did not catch, or by being stopped. Its text begins with the script and the line. */
final class LuaFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LuaFailure(String message, @Nullable Throwable cause) {
        super(message, cause, false, cause != null);
    }
}
