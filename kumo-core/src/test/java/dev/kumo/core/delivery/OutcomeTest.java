package dev.kumo.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Reply;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static final Reply LATER = Reply.of(451, "4.3.0", "later");

    @Test
    void aDeliveryNeedsAPositiveReply() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Outcome.Delivered(LATER))
                .withMessageContaining("not 451");
    }

    @Test
    void aDeferralNeedsATransientReply() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Outcome.Deferred(Reply.OK))
                .withMessageContaining("not 250");
    }

    @Test
    void aRefusalNeedsAPermanentReply() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Outcome.Refused(LATER))
                .withMessageContaining("not 451");
    }

    @Test
    void discardingDeliversEverything() {
        assertThat(Delivery.discard().deliver(TestMail.messages(3)))
                .hasSize(3)
                .allMatch(Outcome.Delivered.class::isInstance);
    }

    @Test
    void discardingNeverBlocks() {
        assertThat(Delivery.discard().mayBlock()).isFalse();
    }
}
