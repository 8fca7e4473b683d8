package dev.kumo.lua;

import java.time.Duration;

/**
 * What a script may cost.
 *
 * @param time for one call, or for the script's own lines
 * @param instructions for the same, roughly
 * @param memory bytes that one state may hold
 * @param states how many states there are at most, and so how many calls at once
 * @param patience how long a call waits for one of them
 */
record LuaBounds(Duration time, long instructions, long memory, int states, Duration patience) {

    /** Instructions from one look at the memory to the next: few, as a text may double with every fourth of them. */
    static final int INTERVAL = 10;

    /** Looks at the memory from one look at the clock to the next. */
    static final int TICKS_PER_LOOK = 100;

    static final LuaBounds DEFAULT = new LuaBounds(
            Duration.ofSeconds(5),
            200_000_000,
            64L << 20,
            Math.max(8, 4 * Runtime.getRuntime().availableProcessors()),
            // Longer than a call, so that those who wait outlast those who loop.
            Duration.ofSeconds(30));

    /** The longest text that a function of the library makes at once. */
    long text() {
        return memory / 2;
    }

    LuaBounds withTime(Duration other) {
        return new LuaBounds(other, instructions, memory, states, patience);
    }

    LuaBounds withInstructions(long other) {
        return new LuaBounds(time, other, memory, states, patience);
    }

    LuaBounds withMemory(long other) {
        return new LuaBounds(time, instructions, other, states, patience);
    }

    LuaBounds withStates(int other) {
        return new LuaBounds(time, instructions, memory, other, patience);
    }

    LuaBounds withPatience(Duration other) {
        return new LuaBounds(time, instructions, memory, states, other);
    }
}
