package dev.kumo.lua;

import org.jspecify.annotations.Nullable;

/** A policy file that cannot be used. Its text says the script, the line, the key and the mend, as far as they are known. */
public final class LuaPolicyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String script;

    /**
     * Says what is wrong with a file as a whole.
     *
     * @param script the name of the file
     * @param text what is wrong
     * @param cause what found it; null if nothing did
     */
    LuaPolicyException(String script, String text, @Nullable Throwable cause) {
        super(script + ": " + text, cause);
        this.script = script;
    }

    /** Says what Lua said, which has the script and the line already. */
    LuaPolicyException(String script, LuaFailure failure) {
        super(failure.getMessage(), failure.getCause());
        this.script = script;
    }

    /**
     * Which file was to be loaded.
     *
     * @return the name of the file; the error may be in one that it requires
     */
    public String script() {
        return script;
    }
}
