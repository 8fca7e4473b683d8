package dev.kumo.lua;

import dev.kumo.core.policy.Verdict;

/** What {@code kumo.reject} and {@code kumo.disconnect} raise. */
final class LuaRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Verdict verdict;

    LuaRefusal(Verdict verdict) {
        super(null, null, false, false);
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }

    @Override
    public String getMessage() {
        return verdict.toString();
    }
}
