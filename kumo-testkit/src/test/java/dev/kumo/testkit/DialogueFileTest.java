package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.options.OptionException;
import org.junit.jupiter.api.Test;

class DialogueFileTest {

    private static final String DELIVERED = """
            ! domains.example.com.relay_to = true
            S: 220 *
            C: EHLO client.example
            S: *
            C: MAIL FROM:<a@client.example>
            S: 250 *
            C: RCPT TO:<b@example.com>
            S: 250 *
            C: DATA
            S: 354 *
            C: hello
            C: .
            S: 250 *
            """;

    @Test
    void theRightOutcomeIsToldAsTheFileTellsIt() {
        assertThat(isAsWritten(DELIVERED + "= from <a@client.example> to <b@example.com>\n"))
                .isTrue();
        assertThat(isAsWritten(DELIVERED + "= from <a@client.example> to <b@example.com>\n| hello\n"))
                .isTrue();
    }

    @Test
    void anotherOutcomeIsNot() {
        assertThat(isAsWritten(DELIVERED)).isFalse();
        assertThat(isAsWritten(DELIVERED + "= from <> to <b@example.com>\n")).isFalse();
        assertThat(isAsWritten(DELIVERED + "= from <a@client.example> to <b@example.com>\n| hallo\n"))
                .isFalse();
        assertThat(isAsWritten(DELIVERED + "= from <a@client.example> to <b@example.com> (empty)\n"))
                .isFalse();
        assertThat(isAsWritten(DELIVERED + "= from <a@client.example> to <b@example.com>\n".repeat(2)))
                .isFalse();
    }

    @Test
    void aFailureNamesTheFileAndTheLine() {
        assertThatThrownBy(() -> DialogueFile.parse("hello", "! banner = hi\n= from <a@b> to <c@d>\nS: 250 hi")
                        .play())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("hello.smtp")
                .hasMessageContaining("line 3 of the script, S: 250 hi");
    }

    @Test
    void anUnknownKeyIsAnError() {
        assertThatThrownBy(() -> DialogueFile.parse("hello", "! bannner = hi").play())
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("did you mean 'banner'");
    }

    private static boolean isAsWritten(String text) {
        DialogueFile file = DialogueFile.parse("test", text);
        return file.told(file.play().received()).equals(file.outcome());
    }
}
