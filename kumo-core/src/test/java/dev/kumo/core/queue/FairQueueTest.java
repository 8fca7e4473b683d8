package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FairQueueTest {

    private final FairQueue<String, String> queue = new FairQueue<>(100);

    private List<String> all() {
        List<String> items = new ArrayList<>();
        for (String item = queue.poll(); item != null; item = queue.poll()) {
            items.add(item);
        }
        return items;
    }

    private void offer(String... items) {
        for (String item : items) {
            assertThat(queue.offer(item.substring(0, 1), item)).as(item).isTrue();
        }
    }

    @Test
    void takesOneOfEachKeyInTurn() {
        offer("a1", "a2", "a3", "a4", "b1", "c1", "c2");

        assertThat(all()).containsExactly("a1", "b1", "c1", "a2", "c2", "a3", "a4");
    }

    @Test
    void whoComesBackComesLast() {
        offer("a1", "b1");
        assertThat(queue.poll()).isEqualTo("a1");
        offer("a2", "b2");

        assertThat(all()).containsExactly("b1", "a2", "b2");
    }

    @Test
    void aBusyKeyTakesHalfOfTheRoomAndLeavesTheOtherHalf() {
        int busy = fill("busy");
        int second = fill("second");
        int third = fill("third");

        assertThat(List.of(busy, second, third)).containsExactly(50, 25, 13);
        assertThat(queue.offer("late", "item")).isTrue();
        assertThat(queue.size("busy")).isEqualTo(50);
        assertThat(queue.size()).isEqualTo(89);
    }

    private int fill(String key) {
        int count = 0;
        while (queue.offer(key, "item")) {
            count++;
        }
        return count;
    }

    @Test
    void busyKeysThatComeTogetherGetEqualParts() {
        for (int i = 0; i < 100; i++) {
            queue.offer("a", "item");
            queue.offer("b", "item");
            queue.offer("c", "item");
        }

        assertThat(Stream.of("a", "b", "c").map(queue::size)).containsExactly(25, 25, 25);
    }

    @Test
    void isNeverFullerThanItsRoom() {
        for (int i = 0; i < 200; i++) {
            assertThat(queue.offer("key " + i, "item")).isEqualTo(i < 100);
        }
        assertThat(queue.size()).isEqualTo(100);
        assertThat(new FairQueue<String, String>(1).offer("a", "item")).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new FairQueue<>(0));
    }

    @Test
    void takesAllOfAKey() {
        offer("a1", "b1", "a2", "b2");

        assertThat(queue.removeAll("a")).containsExactly("a1", "a2");
        assertThat(queue.removeAll("a")).isEmpty();
        assertThat(queue.size()).isEqualTo(2);
        assertThat(all()).containsExactly("b1", "b2");
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostAndNoKeyIsPassedOverTwice(long seed) {
        Random random = new Random(seed);
        FairQueue<Integer, Integer> fair = new FairQueue<>(random.nextInt(1, 50));
        Map<Integer, List<Integer>> model = new HashMap<>();
        Map<Integer, Integer> passed = new HashMap<>(); // how many others came while a key waited
        for (int item = 0; item < 1_000; item++) {
            int key = random.nextInt(6);
            if (random.nextInt(20) == 0) {
                List<Integer> removed = model.remove(key);
                passed.remove(key);
                assertThat(fair.removeAll(key)).as("seed %d", seed).isEqualTo(removed == null ? List.of() : removed);
            } else if (random.nextBoolean()) {
                if (fair.offer(key, 10 * item + key)) {
                    model.computeIfAbsent(key, first -> new ArrayList<>()).add(10 * item + key);
                    passed.putIfAbsent(key, 0);
                }
            } else {
                Integer taken = fair.poll();
                assertThat(taken == null).as("seed %d", seed).isEqualTo(model.isEmpty());
                if (taken != null) {
                    int of = taken % 10;
                    assertThat(model.get(of).remove(0))
                            .as("seed %d: in order", seed)
                            .isEqualTo(taken);
                    assertThat(passed.remove(of))
                            .as("seed %d: others first", seed)
                            .isLessThan(6);
                    passed.replaceAll((other, count) -> count + 1);
                    if (model.get(of).isEmpty()) {
                        model.remove(of);
                    } else {
                        passed.put(of, 0);
                    }
                }
            }
            assertThat(fair.size())
                    .as("seed %d", seed)
                    .isEqualTo(model.values().stream().mapToInt(List::size).sum());
        }
    }
}
