package dev.kumo.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IdTableTest {

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void findsWhatAMapFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Longs high = new Longs();
        Longs low = new Longs();
        IdTable table = new IdTable(high, low);
        Map<Index.Key, Integer> expected = new HashMap<>();
        List<Index.Key> present = new ArrayList<>();
        int variety = 1 << random.nextInt(1, 14);
        int slots = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean growing = i / 4_000 % 2 == 0;
            Index.Key key = new Index.Key(random.nextInt(4), random.nextInt(variety));
            if (random.nextInt(4) != 0 == growing) {
                if (!expected.containsKey(key)) {
                    high.set(slots, key.high());
                    low.set(slots, key.low());
                    table.add(slots);
                    expected.put(key, slots++);
                    present.add(key);
                }
            } else if (!present.isEmpty()) {
                Index.Key gone = present.remove(random.nextInt(present.size()));
                table.remove(expected.remove(gone));
            }
            assertThat(table.find(key.high(), key.low()))
                    .as("seed %d", seed)
                    .isEqualTo(expected.getOrDefault(key, IdTable.NONE));
        }
        expected.forEach((key, slot) -> assertThat(table.find(key.high(), key.low()))
                .as("seed %d", seed)
                .isEqualTo(slot));
    }
}
