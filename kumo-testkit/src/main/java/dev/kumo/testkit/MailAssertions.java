package dev.kumo.testkit;

import dev.kumo.core.mail.Message;
import org.assertj.core.api.InstanceOfAssertFactory;

/**
 * AssertJ assertions for mail, to be imported statically beside AssertJ's own.
 *
 * <pre>{@code
 * assertThat(mta.messages()).singleElement(MESSAGE).hasSubject("Welcome");
 * }</pre>
 */
public final class MailAssertions {

    /** Makes an element of a list of messages a {@link MessageAssert}. */
    public static final InstanceOfAssertFactory<Message, MessageAssert> MESSAGE =
            new InstanceOfAssertFactory<>(Message.class, MessageAssert::new);

    private MailAssertions() {}

    /**
     * Begins assertions on a message.
     *
     * @param actual the message
     * @return the assertions
     */
    public static MessageAssert assertThat(Message actual) {
        return new MessageAssert(actual);
    }
}
