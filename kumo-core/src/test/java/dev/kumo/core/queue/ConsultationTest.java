package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsultationTest {

    @Test
    void aFewAreAskedAboutAtOnceAndThoseWhoBringTooManyHelp() {
        List<Runnable> started = new ArrayList<>();
        int[] done = {0};
        Consultation consultation = new Consultation(
                List.of(QueuePolicy.onRequeueMessage((message, failure) -> Verdict.proceed())),
                new Guard(),
                started::add);
        for (int i = 0; i < Consultation.BACKLOG; i++) {
            consultation.later(() -> done[0]++);
        }
        assertThat(started).hasSize(16);
        assertThat(consultation.isBehind()).isFalse();
        consultation.help();
        assertThat(done[0]).isZero();

        for (int i = 0; i < 5; i++) {
            consultation.later(() -> done[0]++);
        }
        assertThat(consultation.isBehind()).isTrue();
        consultation.help();
        assertThat(done[0]).isEqualTo(5);
        assertThat(consultation.isBehind()).isFalse();

        started.forEach(Runnable::run);
        assertThat(done[0]).isEqualTo(Consultation.BACKLOG + 5);
        consultation.later(() -> done[0]++);
        assertThat(started).hasSize(17);
    }
}
