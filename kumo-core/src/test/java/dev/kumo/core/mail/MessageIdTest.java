package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:11:12.345678Z");

    @Test
    void isAUuidOfVersion7() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            String text = MessageId.next(NOW, random).text();
            UUID uuid = new UUID(
                    new BigInteger(text.substring(0, 16), 16).longValue(),
                    new BigInteger(text.substring(16), 16).longValue());

            assertThat(uuid.version()).as("seed %d", seed).isEqualTo(7);
            assertThat(uuid.variant()).as("seed %d", seed).isEqualTo(2);
        }
    }

    @Test
    void tellsWhenItWasMade() {
        assertThat(MessageId.next(NOW, new Random(1)).created()).isEqualTo(Instant.parse("2026-11-22T10:11:12.345Z"));
    }

    @Test
    void sortsByTime() {
        Random random = new Random(2);
        MessageId early = MessageId.next(NOW, random);
        MessageId late = MessageId.next(NOW.plusMillis(1), random);

        assertThat(early).isLessThan(late);
    }

    @Test
    void differsWithinOneMillisecond() {
        Random random = new Random(3);

        assertThat(MessageId.next(NOW, random)).isNotEqualTo(MessageId.next(NOW, random));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0123456789abcdef0123456789abcde",
                "0123456789abcdef0123456789abcdef0",
                "0123456789ABCDEF0123456789ABCDEF",
                "0123456789abcdef-123456789abcdef",
                "../3456789abcdef0123456789abcdef"
            })
    void refusesOtherText(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new MessageId(text));
    }

    @Test
    void printsItsDigits() {
        assertThat(new MessageId("0123456789abcdef0123456789abcdef")).hasToString("0123456789abcdef0123456789abcdef");
    }
}
