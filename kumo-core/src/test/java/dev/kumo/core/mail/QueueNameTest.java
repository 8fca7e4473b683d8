package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueNameTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, Example.COM, -, example.com",
                "-, acme, example.com, -, acme@example.com",
                "spring, -, example.com, -, spring:@example.com",
                "spring, acme, example.com, -, spring:acme@example.com",
                "spring, acme, example.com, hub.example, spring:acme@example.com!hub.example",
                "-, -, example.com, hub.example, example.com!hub.example",
            })
    void leavesOutWhatIsNotSet(String campaign, String tenant, String domain, String routing, String text) {
        QueueName name = QueueName.of(
                Optional.ofNullable(campaign), Optional.ofNullable(tenant), domain, Optional.ofNullable(routing));

        assertThat(name).hasToString(text);
        assertThat(QueueName.parse(text)).isEqualTo(name);
    }

    @Test
    void isMadeOfMetaDataAndRecipient() {
        Message message = TestMail.message(1);
        message.meta().put("tenant", "acme").put("campaign", "spring");

        assertThat(message.queue())
                .hasToString("spring:acme@" + message.recipients().get(0).domain());
    }

    @Test
    void theMetaDataQueueReplacesAll() {
        Message message = TestMail.message(1);
        message.meta().put("tenant", "acme").put("queue", "x@example.net!hub.example");

        assertThat(message.queue().tenant()).contains("x");
        assertThat(message.queue().target()).isEqualTo("hub.example");
    }

    @Test
    void withoutARoutingDomainTheTargetIsTheDomain() {
        assertThat(QueueName.parse("acme@example.com").target()).isEqualTo("example.com");
    }
}
