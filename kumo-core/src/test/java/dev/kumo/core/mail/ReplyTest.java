package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    @Test
    void putsTheStatusIntoEveryLine() {
        Reply reply = Reply.of(550, "5.7.1", "No relaying\nAsk your provider");

        assertThat(reply.wire()).isEqualTo("550-5.7.1 No relaying\r\n550 5.7.1 Ask your provider\r\n");
        assertThat(reply.lines()).containsExactly("No relaying", "Ask your provider");
        assertThat(reply.status()).contains(new EnhancedStatus(5, 7, 1));
        assertThat(reply).hasToString("550 5.7.1 No relaying / Ask your provider");
    }

    @Test
    void aPlainReplyHasNoStatus() {
        Reply reply = Reply.plain(250, List.of("mx.example", "PIPELINING", "SIZE 1000"));

        assertThat(reply.wire()).isEqualTo("250-mx.example\r\n250-PIPELINING\r\n250 SIZE 1000\r\n");
        assertThat(reply.status()).isEmpty();
    }

    @Test
    void knowsItsKind() {
        assertThat(Reply.OK.isPositive()).isTrue();
        assertThat(Reply.plain(354, "Go on").isPositive()).isFalse();
        assertThat(Reply.of(451, "4.3.0", "Later").isTransient()).isTrue();
        assertThat(Reply.of(550, "5.7.1", "Never").isTransient()).isFalse();
        assertThat(Reply.of(550, "5.7.1", "Never").isPermanent()).isTrue();
        assertThat(Reply.of(451, "4.3.0", "Later").isPermanent()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 199, 600, 2500})
    void refusesACodeThatIsNone(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reply.plain(code, "x"))
                .withMessageContaining(String.valueOf(code));
    }

    @Test
    void refusesAStatusThatContradictsTheCode() {
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.of(250, "5.0.0", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.of(354, "2.0.0", "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\r\n250 b", "\u0000", "\u001b[2J", "\u007f", "\u0085", "\u009b"})
    void noTextBreaksOutOfItsLine(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.plain(250, text));
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.plain(250, List.of("a", text)));
    }

    @Test
    void refusesNoTextAtAll() {
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.of(250, "2.0.0", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.plain(250, List.of()));
    }

    @Test
    void aLineHas512OctetsOnTheWire() {
        assertThat(Reply.plain(250, "a".repeat(506)).wire()).hasSize(512);
        assertThat(Reply.of(250, "2.0.0", "a".repeat(500)).wire()).hasSize(512);
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.plain(250, "a".repeat(507)));
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.of(250, "2.0.0", "a".repeat(501)));
        assertThatIllegalArgumentException().isThrownBy(() -> Reply.plain(250, "ü".repeat(254)));
    }

    @Test
    void whatIsSaidTheSameIsEqual() {
        assertThat(Reply.of(250, "2.0.0", "OK")).isEqualTo(Reply.OK).hasSameHashCodeAs(Reply.OK);
        assertThat(Reply.of(250, "2.0.0", "Ok")).isNotEqualTo(Reply.OK);
        assertThat(Reply.of(250, "2.1.0", "OK")).isNotEqualTo(Reply.OK);
    }
}
