package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.QueueName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

    private final List<String> turnsGiven = new ArrayList<>();
    private final Lines lines = new Lines(10, () -> turnsGiven.add("turn"));
    private final ScheduledQueue a = new ScheduledQueue(QueueName.parse("a.example"), 0);
    private final ScheduledQueue b = new ScheduledQueue(QueueName.parse("b.example"), 0);
    private int count;

    private boolean offer(ScheduledQueue queue) {
        return lines.offer(new Entry(TestMail.id(count++), queue, null));
    }

    @Test
    void aQueueHasATurnWhileItHasALine() {
        offer(a);
        offer(a);
        assertThat(turnsGiven).hasSize(1);
        assertThat(lines.next()).isSameAs(a);
        assertThat(lines.next()).as("served by one at a time").isNull();

        lines.poll(a);
        lines.served(a);
        assertThat(lines.next()).isSameAs(a);
        lines.poll(a);
        lines.served(a);
        assertThat(lines.next()).isNull();
        assertThat(lines.size()).isZero();
    }

    @Test
    void queuesTakeTurns() {
        offer(a);
        offer(a);
        offer(b);
        assertThat(lines.next()).isSameAs(a);
        lines.served(a);
        assertThat(lines.next()).isSameAs(b);
        assertThat(lines.next()).isSameAs(a);
    }

    @Test
    void aParkedQueueHasNoTurnUntilItIsUnparked() {
        offer(a);
        assertThat(lines.next()).isSameAs(a);
        lines.park(a, true);
        lines.served(a);
        offer(a);
        assertThat(lines.next()).isNull();

        lines.unpark(a);
        assertThat(a.stalled).isFalse();
        assertThat(lines.next()).isSameAs(a);
    }

    @Test
    void aQueueThatIsUnparkedWhileItIsServedIsNotLost() {
        offer(a);
        lines.next();
        lines.park(a, false);
        lines.unpark(a);
        lines.served(a);
        assertThat(lines.next()).isSameAs(a);
    }

    @Test
    void aQueueHasAsManyAsThereIsRoomBesideThem() {
        int fitted = 0;
        while (offer(a)) {
            fitted++;
        }
        assertThat(fitted).isEqualTo(5);
        assertThat(offer(b)).isTrue();
        assertThat(offer(a)).isFalse();
    }

    @Test
    void takesOutWhatIsWanted() {
        offer(a);
        offer(a);
        offer(a);
        assertThat(lines.take(a, entry -> entry.id.equals(TestMail.id(1)))).hasSize(1);
        assertThat(lines.size()).isEqualTo(2);
        assertThat(a.line).extracting(entry -> entry.id).containsExactly(TestMail.id(0), TestMail.id(2));
    }
}
