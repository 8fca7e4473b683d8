package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.mail.QueueName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueMatchTest {

    @ParameterizedTest
    @CsvSource({
        "c:t@example.org!route, true",
        "t@example.org, false",
        "c:@example.org, false",
        "c:t@example.net!route, false",
        "c:t@example.org, false"
    })
    void allPartsThatAreGivenHaveToFit(String queue, boolean matches) {
        QueueMatch match =
                QueueMatch.all().campaign("c").tenant("t").domain("Example.ORG").routingDomain("route");

        assertThat(match.matches(QueueName.parse(queue))).isEqualTo(matches);
    }

    @Test
    void aPartThatIsNotGivenFitsAll() {
        assertThat(QueueMatch.all().matches(QueueName.parse("c:t@example.org"))).isTrue();
        assertThat(QueueMatch.all().tenant("t").matches(QueueName.parse("c:t@example.org")))
                .isTrue();
    }

    @Test
    void wholeNamesFitThemselvesOnly() {
        QueueMatch match = QueueMatch.named("t@example.org", "example.net");

        assertThat(match.matches(QueueName.parse("t@example.org"))).isTrue();
        assertThat(match.matches(QueueName.parse("example.net"))).isTrue();
        assertThat(match.matches(QueueName.parse("example.org"))).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> match.tenant("t"));
        assertThatIllegalArgumentException().isThrownBy(QueueMatch::named).withMessageContaining("QueueMatch.all()");
    }
}
