package dev.kumo.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.text.Quoted;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceHeadersTest {

    @Test
    void theDefaultsAreThoseOfTheSpecification() {
        assertThat(TraceHeaders.builder().build()).isEqualTo(new TraceHeaders(true, true, "X-KumoRef", List.of()));
    }

    @Test
    void everySetterReachesItsComponent() {
        assertThat(TraceHeaders.builder()
                        .receivedHeader(false)
                        .supplementalHeader(true)
                        .headerName("X-Ref")
                        .includeMetaNames("tenant", "campaign")
                        .build())
                .isEqualTo(new TraceHeaders(false, true, "X-Ref", List.of("tenant", "campaign")));
        assertThat(TraceHeaders.builder().supplementalHeader(false).build().supplementalHeader())
                .isFalse();
    }

    @Test
    void aCopyThroughTheBuilderIsEqual() {
        TraceHeaders options = new TraceHeaders(false, false, "X-Ref", List.of("tenant"));

        assertThat(options.toBuilder().build()).isEqualTo(options);
        assertThat(options.toBuilder().receivedHeader(true).build()).isNotEqualTo(options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X Ref", "X-Ref:", "X-Réf", "X\r\nRef", "X\tRef", "X\u007f"})
    void refusesANameThatCannotStandInAHeader(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceHeaders.builder().headerName(name).build())
                .withMessageContainingAll("header_name " + Quoted.of(name), "printable ASCII");
    }

    @Test
    void refusesANameThatLeavesNoRoomForItsValue() {
        TraceHeaders.builder().headerName("X".repeat(128)).build();

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TraceHeaders.builder().headerName("X".repeat(129)).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_@_", "recipient"})
    void refusesMetaNamesThatAreEmptyOrTheHeadersOwn(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        TraceHeaders.builder().includeMetaNames("tenant", name).build())
                .withMessageContainingAll("include_meta_names", name, "remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Received", "from", "SUBJECT", "DKIM-Signature"})
    void aFieldThatHasAMeaningCannotBeTheSupplementalHeader(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceHeaders.builder().headerName(name).build())
                .withMessageContaining("'" + name + "'")
                .withMessageContaining("X-KumoRef");
    }
}
