package dev.kumo.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.mail.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

    @Test
    void goesOn() {
        assertThat(Verdict.proceed()).isInstanceOf(Verdict.Proceed.class);
    }

    @Test
    void rejectsWithTheReplyGiven() {
        assertThat(Verdict.reject(550, "5.7.1", "no"))
                .isEqualTo(new Verdict.Reject(Reply.of(550, "5.7.1", "no")))
                .isEqualTo(Verdict.reject(Reply.of(550, "5.7.1", "no")));
    }

    @Test
    void disconnectsWithTheReplyGiven() {
        assertThat(Verdict.disconnect(421, "4.3.2", "later"))
                .isEqualTo(new Verdict.Disconnect(Reply.of(421, "4.3.2", "later")));
    }

    @ParameterizedTest
    @CsvSource({"399, 2.0.0", "250, 2.0.0", "550, 4.7.1", "450, 5.7.1", "450, 2.0.0", "600, 5.0.0", "199, 5.0.0"})
    void refusesACodeThatIsNoRefusalOrContradictsItsStatus(int code, String status) {
        assertThatIllegalArgumentException().isThrownBy(() -> Verdict.reject(code, status, "no"));
        assertThatIllegalArgumentException().isThrownBy(() -> Verdict.disconnect(code, status, "no"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 250, 354, 399})
    void refusesAReplyThatIsNoRefusal(int code) {
        Reply reply = Reply.plain(code, "go on");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verdict.reject(reply))
                .withMessageContaining(String.valueOf(code));
        assertThatIllegalArgumentException().isThrownBy(() -> new Verdict.Reject(reply));
        assertThatIllegalArgumentException().isThrownBy(() -> new Verdict.Disconnect(reply));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 421, 451, 550, 599})
    void takesEveryRefusal(int code) {
        assertThat(Verdict.reject(Reply.plain(code, "no"))).isInstanceOf(Verdict.Reject.class);
    }
}
