package dev.kumo.lua;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The call that a state is at work on: for which event, what it may still spend, and what went wrong in Java in its midst. */
final class LuaCall {

    private final LuaBounds bounds;
    private String event = LuaEngine.TOP_LEVEL;
    private long deadline;
    private long looksLeft;
    private boolean spoiled;
    private @Nullable Throwable thrown;

    LuaCall(LuaBounds bounds) {
        this.bounds = bounds;
    }

    void begin(String begun) {
        event = begun;
        begin(bounds.time());
    }

    /** With another time than calls have. */
    void begin(Duration time) {
        thrown = null;
        looksLeft = bounds.instructions() / LuaBounds.INTERVAL / LuaBounds.TICKS_PER_LOOK;
        deadline = System.nanoTime() + time.toNanos();
    }

    void end() {
        event = LuaEngine.TOP_LEVEL;
    }

    /** The event that runs; empty while the script itself does. */
    String event() {
        return event;
    }

    /**
     * Until the call has to end.
     *
     * @throws IllegalArgumentException if it should have
     */
    Duration timeLeft() {
        long left = deadline - System.nanoTime();
        if (left < 0) {
            throw new IllegalArgumentException(tooLong());
        }
        return Duration.ofNanos(left);
    }

    /** Time spent in Java is none that instructions of Lua are counted in. */
    void requireTime() {
        if (deadline - System.nanoTime() < 0) {
            throw new IllegalArgumentException(tooLong());
        }
    }

    /** Why the script has to stop, if it has; called once for so many instructions. */
    @Nullable String overdue() {
        if (System.nanoTime() - deadline > 0) {
            return tooLong();
        }
        return --looksLeft < 0 ? "the script ran for more than " + bounds.instructions() + " instructions" : null;
    }

    private String tooLong() {
        return "the script ran for more than " + bounds.time().toMillis() + " ms";
    }

    /** What Java threw in the midst of this call and is not the script's fault; null if nothing. */
    @Nullable Throwable thrown() {
        return thrown;
    }

    void thrown(Throwable failure) {
        thrown = failure;
        if (failure instanceof VirtualMachineError) {
            spoiled = true;
            looksLeft = 0; // the next look ends it
        }
    }

    boolean isOutOfMemory() {
        return thrown instanceof VirtualMachineError;
    }

    /** The state was left in the midst of something. */
    void spoil() {
        spoiled = true;
    }

    boolean isSpoiled() {
        return spoiled;
    }
}
