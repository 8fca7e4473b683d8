package dev.kumo.testkit;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/**
 * What a test may state of a message. Addresses are those of the envelope; header fields are unfolded but not decoded
 * (RFC 2047); the body is what follows the first empty line, as UTF-8 and undecoded, its lines ended by {@code \n}.
 */
public final class MessageAssert extends AbstractAssert<MessageAssert, Message> {

    MessageAssert(Message actual) {
        super(actual, MessageAssert.class);
    }

    /**
     * States the reverse-path.
     *
     * @param address without brackets; empty for the null sender
     * @return this
     */
    public MessageAssert hasSender(String address) {
        isNotNull();
        Assertions.assertThat(actual.sender().toString())
                .as("the sender of %s", actual)
                .isEqualTo(address);
        return this;
    }

    /**
     * States the forward-paths, all of them in their order. A listener makes one message per recipient.
     *
     * @param addresses without brackets
     * @return this
     */
    public MessageAssert hasRecipients(String... addresses) {
        isNotNull();
        List<String> recipients =
                actual.recipients().stream().map(EnvelopeAddress::toString).toList();
        Assertions.assertThat(recipients).as("the recipients of %s", actual).containsExactly(addresses);
        return this;
    }

    /**
     * States a header field; others of the same name may stand beside it.
     *
     * @param name in any case
     * @param value the whole value, unfolded
     * @return this
     */
    public MessageAssert hasHeader(String name, String value) {
        isNotNull();
        Assertions.assertThat(actual.headers().all(name))
                .as("the header fields %s of %s", name, actual)
                .contains(value);
        return this;
    }

    /**
     * States the subject.
     *
     * @param subject the whole field
     * @return this
     */
    public MessageAssert hasSubject(String subject) {
        return hasHeader("Subject", subject);
    }

    /**
     * States the body.
     *
     * @param text all of it, with the last line end
     * @return this
     */
    public MessageAssert hasBody(String text) {
        isNotNull();
        Assertions.assertThat(body()).as("the body of %s", actual).isEqualTo(text);
        return this;
    }

    /**
     * States a part of the body.
     *
     * @param text occurs in it
     * @return this
     */
    public MessageAssert bodyContains(String text) {
        isNotNull();
        Assertions.assertThat(body()).as("the body of %s", actual).contains(text);
        return this;
    }

    private String body() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            actual.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String whole = out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
        if (whole.startsWith("\n")) {
            return whole.substring(1);
        }
        int emptyLine = whole.indexOf("\n\n");
        return emptyLine < 0 ? "" : whole.substring(emptyLine + 2);
    }
}
