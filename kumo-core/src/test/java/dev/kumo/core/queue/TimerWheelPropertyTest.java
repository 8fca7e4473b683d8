package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@link TimerWheel} against a list that is kept sorted. */
class TimerWheelPropertyTest {

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void doesWhatASortedListDoes(long seed) {
        Random random = new Random(seed);
        long tick = List.of(1L, 100L, 128L, 3_000L).get(random.nextInt(4));
        long now = random.nextInt(10) == 0 ? 0 : 1_767_225_600_000L + random.nextInt(1_000_000);
        TimerWheel<Integer> wheel = new TimerWheel<>(Duration.ofMillis(tick), now);
        SortedList list = new SortedList(tick, now);
        for (int step = 0; step < 400; step++) {
            String where = "seed " + seed + ", step " + step;
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3, 4 -> {
                    for (int i = random.nextInt(12); i >= 0; i--) {
                        long due = now + distance(random) * (random.nextInt(8) == 0 ? -1 : 1);
                        MessageId id = TimerWheelTest.id();
                        int queue = random.nextInt(5);
                        wheel.add(due, id, queue);
                        list.add(new Entry(id, queue, due));
                    }
                }
                case 5 -> {
                    int queue = random.nextInt(20);
                    List<Entry> removed = new ArrayList<>();
                    wheel.remove(each -> each == queue, (id, of, due) -> removed.add(new Entry(id, of, due)));
                    assertThat(removed).as(where).containsExactlyInAnyOrderElementsOf(list.remove(queue));
                }
                case 6 -> now = Math.max(0, now - distance(random));
                default -> now += distance(random);
            }
            int most = random.nextInt(3) == 0 ? random.nextInt(10) : Integer.MAX_VALUE;
            List<Entry> due = new ArrayList<>();
            int count = wheel.advance(now, most, (id, queue, millis) -> due.add(new Entry(id, queue, millis)));

            assertThat(due).as(where).isEqualTo(list.advance(now, most)).hasSize(count);
            assertThat(wheel.size()).as(where).isEqualTo(list.entries.size());
            assertThat(wheel.nextDue().orElse(-1)).as(where).isEqualTo(list.nextDue());
        }
    }

    /** Of every size from a millisecond to some years. */
    private static long distance(Random random) {
        return random.nextLong(1L << random.nextInt(1, 38));
    }

    private record Entry(MessageId id, int queue, long due) {}

    private record Place(long tick, Entry entry) {}

    private static final class SortedList {

        private final long tick;
        private List<Place> entries = new ArrayList<>();
        private long present;

        SortedList(long tick, long now) {
            this.tick = tick;
            this.present = now / tick;
        }

        /** What is due goes behind all that is: it was put there at the present tick. */
        private Place place(Entry entry) {
            return new Place(Math.max(-Math.floorDiv(-entry.due, tick), present), entry);
        }

        void add(Entry entry) {
            entries.add(place(entry));
            sort();
        }

        private void sort() {
            entries.sort(Comparator.comparingLong(Place::tick)); // stable
        }

        List<Entry> remove(int queue) {
            List<Entry> removed = new ArrayList<>();
            entries.removeIf(place -> place.entry.queue == queue && removed.add(place.entry));
            return removed;
        }

        List<Entry> advance(long now, int most) {
            long reached = now / tick;
            if (reached < present && present - reached <= 1_000 / tick) {
                return List.of();
            }
            boolean back = reached < present;
            present = reached;
            if (back) {
                entries = new ArrayList<>(
                        entries.stream().map(place -> place(place.entry)).toList());
                sort();
            }
            List<Entry> due = new ArrayList<>();
            while (due.size() < most && !entries.isEmpty() && entries.get(0).tick <= present) {
                due.add(entries.remove(0).entry);
            }
            return due;
        }

        long nextDue() {
            return entries.isEmpty() ? -1 : Math.max(entries.get(0).tick, present) * tick;
        }
    }
}
