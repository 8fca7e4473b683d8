package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetaTest {

    @Test
    void holdsWhatJsonHas() {
        Meta meta = new Meta()
                .put("text", "a")
                .put("number", 1.5)
                .put("flag", true)
                .put("list", List.of("a", 1, List.of(false)))
                .put("table", Map.of("k", Map.of("l", 2)));

        assertThat(meta.get("number")).contains(1.5);
        assertThat(meta.get("list")).contains(List.of("a", 1, List.of(false)));
        assertThat(meta.get("table")).contains(Map.of("k", Map.of("l", 2)));
        assertThat(meta.text("text")).contains("a");
        assertThat(meta.asMap().keySet()).containsExactly("flag", "list", "number", "table", "text");
    }

    @Test
    void goesThroughAllByName() {
        List<String> seen = new ArrayList<>();

        new Meta().put("b", 2).put("a", List.of(1)).forEach((name, value) -> seen.add(name + "=" + value));

        assertThat(seen).containsExactly("a=[1]", "b=2");
    }

    @Test
    void textIsOnlyText() {
        assertThat(new Meta().put("n", 1).text("n")).isEmpty();
        assertThat(new Meta().text("n")).isEmpty();
        assertThat(new Meta().get("n")).isEmpty();
    }

    @Test
    void refusesWhatJsonHasNot() {
        Map<Integer, String> numbered = Map.of(1, "a");
        List<Object> holed = new ArrayList<>();
        holed.add(null);

        for (Object value : List.of(new Object(), 'c', numbered, List.of(new byte[0]), holed, Double.NaN, -1f / 0f)) {
            assertThatIllegalArgumentException()
                    .as("%s", value)
                    .isThrownBy(() -> new Meta().put("x_name", value))
                    .withMessageContaining("x_name");
        }
    }

    @Test
    void refusesWhatNestsTooDeepOrContainsItself() {
        Object deepest = "end";
        for (int i = 0; i < 100; i++) {
            deepest = List.of(deepest);
        }
        Object tooDeep = List.of(deepest);
        List<Object> ring = new ArrayList<>();
        ring.add(Map.of("ring", ring));

        assertThat(new Meta().put("x_name", deepest).get("x_name")).contains(deepest);
        for (Object value : List.of(tooDeep, ring)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Meta().put("x_name", value))
                    .withMessageContaining("'x_name' has more than 100");
        }
    }

    @Test
    void refusesAnEmptyName() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Meta().put("", 1));
    }

    @Test
    void aCopyChangesApart() {
        Meta meta = new Meta().put("a", 1);
        Meta copy = meta.copy();

        assertThat(copy).isEqualTo(meta).hasSameHashCodeAs(meta).hasToString(meta.toString());
        copy.put("b", 2).remove("a");

        assertThat(meta).isEqualTo(new Meta().put("a", 1)).isNotEqualTo(copy);
    }

    @Test
    void aValueDoesNotChangeWithWhatItWasMadeOf() {
        List<Object> list = new ArrayList<>(List.of(1));
        Map<String, Object> table = new HashMap<>(Map.of("list", list));
        Meta meta = new Meta().put("table", table);

        list.add(2);
        table.put("more", 3);

        assertThat(meta.get("table")).contains(Map.of("list", List.of(1)));
    }

    @Test
    void anOriginalChangesApartFromItsCopyAndFromWhatItHasShown() {
        Meta meta = new Meta().put("a", 1);
        Meta copy = meta.copy();
        Map<String, Object> shown = meta.asMap();
        meta.put("b", 2).remove("a");
        meta.put("c", 3);

        assertThat(meta.asMap()).isEqualTo(Map.of("b", 2, "c", 3));
        assertThat(copy.asMap()).isEqualTo(Map.of("a", 1));
        assertThat(shown).isEqualTo(Map.of("a", 1)).containsKey("a").doesNotContainKey("b");
        assertThat(Meta.copyOf(shown)).isSameAs(shown);
    }

    @Test
    void whatIsCopiedFromAnyOtherMapIsSortedAndApart() {
        Map<String, Object> any = new HashMap<>(Map.of("b", 1, "a", 2));
        Map<String, Object> copy = Meta.copyOf(any);
        any.clear();

        assertThat(copy.keySet()).containsExactly("a", "b");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(copy::clear);
    }

    @Test
    void theViewCannotBeChanged() {
        Map<String, Object> view =
                new Meta().put("table", new HashMap<>(Map.of("k", 1))).asMap();

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> view.put("a", 1));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> ((Map<?, ?>) view.get("table")).clear());
    }

    @Test
    void removingWhatIsNotThereDoesNothing() {
        assertThat(new Meta().put("a", 1).remove("b")).isEqualTo(new Meta().put("a", 1));
    }
}
