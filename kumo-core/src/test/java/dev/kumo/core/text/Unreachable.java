package dev.kumo.core.text;

/** Gives other packages a builder whose class they cannot reach. */
public final class Unreachable {

    private Unreachable() {}

    public static Object builder() {
        return new HiddenBuilder();
    }
}
