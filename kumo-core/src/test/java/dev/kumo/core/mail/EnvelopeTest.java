package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    private static final EnvelopeAddress A = EnvelopeAddress.parse("a@example.com");
    private static final EnvelopeAddress B = EnvelopeAddress.parse("b@example.com");

    @Test
    void needsARecipient() {
        assertThatIllegalArgumentException().isThrownBy(() -> Envelope.of(A));
        assertThatIllegalArgumentException().isThrownBy(() -> Envelope.of(A, B).withRecipients(List.of()));
    }

    @Test
    void theNullSenderIsNoRecipient() {
        assertThatIllegalArgumentException().isThrownBy(() -> Envelope.of(A, B, EnvelopeAddress.NULL_SENDER));
    }

    @Test
    void theNullSenderIsASenderAndThePostmasterARecipient() {
        Envelope envelope = Envelope.of(EnvelopeAddress.NULL_SENDER, EnvelopeAddress.POSTMASTER);

        assertThat(envelope.sender().isNullSender()).isTrue();
        assertThat(envelope.smtpUtf8()).isFalse();
    }

    @Test
    void keepsItsOwnRecipients() {
        List<EnvelopeAddress> recipients = new ArrayList<>(List.of(A));
        Envelope envelope = new Envelope(A, recipients, false);

        recipients.add(B);

        assertThat(envelope.recipients()).containsExactly(A);
    }

    @Test
    void aChangedCopyKeepsTheRest() {
        Envelope envelope = new Envelope(A, List.of(B), true);

        assertThat(envelope.withSender(B)).isEqualTo(new Envelope(B, List.of(B), true));
        assertThat(envelope.withRecipients(List.of(A, B))).isEqualTo(new Envelope(A, List.of(A, B), true));
    }
}
