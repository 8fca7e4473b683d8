package dev.kumo.core.queue;

import dev.kumo.core.mail.MessageId;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for their time, in some 28 bytes each and without an object of their own.
 *
 * <p>The wheel is hierarchical (Varghese and Lauck, 1987). Time is a number of ticks, taken apart into digits of six
 * bits; a message stands at the level of the highest digit in which its tick differs from the present one, in the slot
 * of that digit. So slots of a level hold later messages than all of the levels below, nothing ever goes round, and any
 * time that a {@code long} can tell has a place. When the present reaches a slot, its messages move to levels below,
 * each at most once per level.
 *
 * <p>No message comes early, and none more than a tick late. When the clock is set back, the wheel is built anew; but a
 * clock that is behind by no more than a second is taken for a thread that looked at it and was then held up, and is
 * waited for.
 *
 * <p>Not safe for use by several threads at once: its owner has a lock, and a condition to wait on.
 */
final class TimerWheel<Q> {

    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    private static final int LEVELS = (Long.SIZE - 2) / BITS + 1;
    private static final long HELD_UP_MILLIS = 1_000;

    private final long tickMillis;
    private final long heldUpTicks;

    /** Bit s of the number at l says that there are messages in slot s of level l. */
    private final long[] occupied = new long[LEVELS];

    private final @Nullable Waiting<Q>[] slots;
    private final Waiting<Q> due = new Waiting<>();
    private long present;
    private int size;

    /** Is told of messages, one by one. It may add to the wheel that tells it. */
    interface Sink<Q> {

        void accept(MessageId id, Q queue, long dueMillis);
    }

    /** Tells messages apart. */
    interface Which<Q> {

        boolean test(MessageId id, Q queue, long dueMillis);
    }

    /** An empty wheel of whole milliseconds a tick. */
    @SuppressWarnings("unchecked") // no array can be made of a type with a parameter
    TimerWheel(Duration tick, long nowMillis) {
        if (tick.toMillis() < 1) {
            throw new IllegalArgumentException("a tick is 1 ms or longer, not " + tick);
        }
        tickMillis = tick.toMillis();
        heldUpTicks = HELD_UP_MILLIS / tickMillis;
        slots = (Waiting<Q>[]) new Waiting<?>[LEVELS * SLOTS];
        present = reached(nowMillis);
    }

    /** The last tick that has begun. */
    private long reached(long millis) {
        return Math.max(0, millis) / tickMillis;
    }

    /** The first tick that does not begin before a time. */
    private long tickOf(long dueMillis) {
        return dueMillis <= 0 ? 0 : (dueMillis - 1) / tickMillis + 1;
    }

    /** Has a message wait; one that is due already comes with the next {@link #advance}. */
    void add(long dueMillis, MessageId id, Q queue) {
        place(dueMillis, Waiting.high(id), Waiting.low(id), queue);
        size++;
    }

    private void place(long dueMillis, long idHigh, long idLow, Q queue) {
        long tick = tickOf(dueMillis);
        if (tick <= present) {
            due.add(dueMillis, idHigh, idLow, queue);
            return;
        }
        int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(tick ^ present)) / BITS;
        int slot = (int) (tick >>> level * BITS) & SLOTS - 1;
        occupied[level] |= 1L << slot;
        Waiting<Q> there = slots[level * SLOTS + slot];
        if (there == null) {
            there = new Waiting<>();
            slots[level * SLOTS + slot] = there;
        }
        there.add(dueMillis, idHigh, idLow, queue);
    }

    /**
     * Hands over what is due, by the order of ticks, and by that of arrival within one.
     *
     * @param most how many at most; the rest is due with the next call
     * @param sink if it throws, what it has not been told of is due with the next call
     * @return how many there were
     */
    int advance(long nowMillis, int most, Sink<? super Q> sink) {
        long now = reached(nowMillis);
        if (now < present) {
            if (present - now <= heldUpTicks) {
                return 0;
            }
            rebuild(now);
        }
        turn(now);
        int count = Math.min(most, due.size());
        hand(due, count, sink);
        return count;
    }

    private void hand(Waiting<Q> from, int count, Sink<? super Q> sink) {
        Waiting.Taker<Q> taker =
                (dueMillis, idHigh, idLow, queue) -> sink.accept(Waiting.id(idHigh, idLow), queue, dueMillis);
        for (int i = 0; i < count; i++) {
            size--;
            from.poll(taker);
        }
    }

    private void turn(long now) {
        for (int level = lowest(); level < LEVELS; level = lowest()) {
            int slot = Long.numberOfTrailingZeros(occupied[level]);
            int shift = level * BITS;
            long begins = (present >>> shift >>> BITS << BITS | slot) << shift;
            if (begins > now) {
                break;
            }
            present = begins;
            Waiting<Q> reached = take(level, slot);
            if (level == 0) {
                due.append(reached);
            } else {
                placeAll(reached);
            }
        }
        present = now;
    }

    /** The lowest level at which a message waits; all of them if none does. */
    private int lowest() {
        int level = 0;
        while (level < LEVELS && occupied[level] == 0) {
            level++;
        }
        return level;
    }

    private Waiting<Q> take(int level, int slot) {
        occupied[level] &= ~(1L << slot);
        Waiting<Q> taken = slots[level * SLOTS + slot];
        slots[level * SLOTS + slot] = null;
        return taken == null ? new Waiting<>() : taken;
    }

    private void placeAll(Waiting<Q> all) {
        Waiting.Taker<Q> place = this::place;
        while (!all.isEmpty()) {
            all.poll(place);
        }
    }

    private void rebuild(long now) {
        Waiting<Q> all = takeAll();
        present = now;
        placeAll(all);
    }

    private Waiting<Q> takeAll() {
        Waiting<Q> all = new Waiting<>();
        all.append(due);
        for (int level = 0; level < LEVELS; level++) {
            while (occupied[level] != 0) {
                all.append(take(level, Long.numberOfTrailingZeros(occupied[level])));
            }
        }
        return all;
    }

    /**
     * The time from which {@link #advance} will have something; empty if nothing waits. Who sleeps until then should
     * look at the clock now and then, as it may be set.
     */
    OptionalLong nextDue() {
        if (!due.isEmpty()) {
            return OptionalLong.of(present * tickMillis);
        }
        int level = lowest();
        if (level == LEVELS) {
            return OptionalLong.empty();
        }
        Waiting<Q> next = slots[level * SLOTS + Long.numberOfTrailingZeros(occupied[level])];
        long tick = tickOf(next == null ? 0 : next.earliest());
        return OptionalLong.of(tick > Long.MAX_VALUE / tickMillis ? Long.MAX_VALUE : tick * tickMillis);
    }

    /**
     * Shows the messages of some queues, in no certain order. Looks at every message that waits; the sink must not
     * change the wheel.
     */
    void forEach(Predicate<? super Q> queues, Sink<? super Q> sink) {
        Waiting.Taker<Q> shown = (dueMillis, idHigh, idLow, queue) -> {
            if (queues.test(queue)) {
                sink.accept(Waiting.id(idHigh, idLow), queue, dueMillis);
            }
        };
        due.forEach(shown);
        for (Waiting<Q> slot : slots) {
            if (slot != null) {
                slot.forEach(shown);
            }
        }
    }

    /** Takes all messages of some queues out; see {@link #remove(Predicate, Which, Sink)}. */
    int remove(Predicate<? super Q> queues, Sink<? super Q> sink) {
        return remove(queues, (id, queue, dueMillis) -> true, sink);
    }

    /**
     * Takes messages of some queues out, in no certain order. Looks at every message that waits.
     *
     * @param queues of which queues; must not throw
     * @param which which of theirs; must not throw
     * @param sink may add to the wheel; if it throws, what it has not been told of stays
     * @return how many there were
     */
    int remove(Predicate<? super Q> queues, Which<? super Q> which, Sink<? super Q> sink) {
        Waiting<Q> all = takeAll();
        Waiting<Q> removed = new Waiting<>();
        Waiting.Taker<Q> sorter = (dueMillis, idHigh, idLow, queue) -> {
            if (queues.test(queue) && which.test(Waiting.id(idHigh, idLow), queue, dueMillis)) {
                removed.add(dueMillis, idHigh, idLow, queue);
            } else {
                place(dueMillis, idHigh, idLow, queue);
            }
        };
        while (!all.isEmpty()) {
            all.poll(sorter);
        }
        int count = removed.size();
        try {
            hand(removed, count, sink);
        } finally {
            placeAll(removed);
        }
        return count;
    }

    /** How many messages wait. */
    int size() {
        return size;
    }
}
