package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedRotationTest {

    private record Source(String name, int weight) {}

    private static WeightedRotation<Source> rotation(Source... sources) {
        return new WeightedRotation<>(List.of(sources), Source::weight);
    }

    private static String turns(WeightedRotation<Source> rotation, int count, Predicate<Source> usable) {
        return Stream.generate(() -> rotation.next(usable).map(Source::name).orElse("-"))
                .limit(count)
                .collect(Collectors.joining());
    }

    @Test
    void spreadsTheTurnsOfTheHeavyEvenly() {
        assertThat(turns(rotation(new Source("a", 5), new Source("b", 1), new Source("c", 1)), 14, source -> true))
                .isEqualTo("aabacaa" + "aabacaa");
    }

    @Test
    void equalWeightsTakeTurnsInTheirOrder() {
        assertThat(turns(rotation(new Source("a", 7), new Source("b", 7), new Source("c", 7)), 6, source -> true))
                .isEqualTo("abcabc");
    }

    @Test
    void onlyTheRatioOfTheWeightsCounts() {
        assertThat(turns(rotation(new Source("a", 2_000_000_000), new Source("b", 1_000_000_000)), 6, source -> true))
                .isEqualTo(turns(rotation(new Source("a", 2), new Source("b", 1)), 6, source -> true))
                .isEqualTo("abaaba");
    }

    @Test
    void aWeightOfNothingGetsNothing() {
        assertThat(turns(rotation(new Source("a", 0), new Source("b", 3)), 3, source -> true))
                .isEqualTo("bbb");
        assertThat(turns(rotation(new Source("a", 0)), 1, source -> true)).isEqualTo("-");
        assertThatIllegalArgumentException().isThrownBy(() -> rotation(new Source("a", -1)));
    }

    @Test
    void whoCannotBeUsedIsLeftOut() {
        WeightedRotation<Source> rotation = rotation(new Source("a", 2), new Source("b", 1), new Source("c", 1));

        assertThat(turns(rotation, 3, source -> !source.name().equals("a"))).isEqualTo("bcb");
        assertThat(turns(rotation, 1, source -> false)).isEqualTo("-");
    }

    @Test
    void whoWasLeftOutComesBackWithoutAClaim() {
        WeightedRotation<Source> rotation = rotation(new Source("a", 1), new Source("b", 1));
        turns(rotation, 1_000, source -> source.name().equals("b"));

        assertThat(turns(rotation, 4, source -> true)).isEqualTo("abab");
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void inARoundEachGetsItsWeight(long seed) {
        Random random = new Random(seed);
        List<Source> sources = IntStream.range(0, random.nextInt(1, 8))
                .mapToObj(i -> new Source("" + i, random.nextInt(12)))
                .toList();
        WeightedRotation<Source> rotation = new WeightedRotation<>(sources, Source::weight);
        int round = sources.stream().mapToInt(Source::weight).sum();
        Map<Source, Integer> turns = new HashMap<>();
        for (int i = 0; i < 3 * round; i++) {
            turns.merge(rotation.next(source -> true).orElseThrow(), 1, Integer::sum);
        }

        for (Source source : sources) {
            assertThat(turns.getOrDefault(source, 0))
                    .as("seed %d: %s", seed, source)
                    .isEqualTo(3 * source.weight());
        }
    }

    /** Whoever may be used when, nobody of a weight who can always be used waits long. */
    @ParameterizedTest
    @MethodSource("seeds")
    void nobodyStarves(long seed) {
        Random random = new Random(seed);
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sources.add(new Source("" + i, random.nextInt(1, 6)));
        }
        WeightedRotation<Source> rotation = new WeightedRotation<>(sources, Source::weight);
        Source steady = sources.get(0);
        int waited = 0;
        for (int i = 0; i < 2_000; i++) {
            boolean served = rotation.next(source -> source.equals(steady) || random.nextBoolean())
                    .filter(steady::equals)
                    .isPresent();
            waited = served ? 0 : waited + 1;
            assertThat(waited).as("seed %d, turn %d", seed, i).isLessThan(100);
        }
    }
}
