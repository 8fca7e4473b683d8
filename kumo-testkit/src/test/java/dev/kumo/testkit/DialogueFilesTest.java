package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every file of {@code dialogues}; {@link DialogueFile} tells how they are written. */
class DialogueFilesTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.kumo.testkit.DialogueFile#all")
    void goesAsWritten(DialogueFile file) {
        SmtpDialogue dialogue = file.play();

        assertThat(file.told(dialogue.received())).as("received in %s", file).isEqualTo(file.outcome());
    }
}
