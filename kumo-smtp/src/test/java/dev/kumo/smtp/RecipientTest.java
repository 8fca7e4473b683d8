package dev.kumo.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.mail.EnvelopeAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientTest {

    private static Recipient recipient(String line) throws SyntaxException {
        return CommandParser.parse(line).recipient();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "RCPT TO:<a@x> | a@x | ",
                "rcpt to: <a@x> | a@x | ",
                "RcPt\tTo:a@x NOTIFY=NEVER | a@x | NOTIFY=NEVER",
                "RCPT TO:<@r:a@x> ORCPT=rfc822;a@x | a@x | ORCPT=rfc822;a@x",
                "RCPT TO:<\"a b> c@d\"@x> | \"a b> c@d\"@x | ",
                "RCPT TO:<postmaster> | Postmaster | ",
                "RCPT TO:<POSTMASTER> | Postmaster | ",
                "RCPT TO:<用户@例子.广告> | 用户@xn--fsqu00a.xn--4rr70v | ",
            })
    void readsARecipient(String line, String address, String parameters) throws Exception {
        Recipient recipient = recipient(line);

        assertThat(recipient.address()).hasToString(address);
        assertThat(recipient.parameters()).hasToString(parameters == null ? "" : parameters);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RCPT TO:", "RCPT TO:<>", "RCPT TO: <>", "RCPT TO:postmaster", "RCPT TO:<sender@example.com:2025>",
                "RCPT TO:<@r:postmaster>", "RCPT TO:<\"postmaster\">", "RCPT TO:<a@x", "RCPT TO:a b@x",
                        "RCPT TO:<a..b@x>",
                "RCPT TO:<po\u017ftmaster>"
            })
    void refusesABadRecipient(String line) {
        assertThatExceptionOfType(SyntaxException.class)
                .isThrownBy(() -> recipient(line))
                .satisfies(e -> assertThat(e.reply()).hasToString("501 5.1.3 Bad recipient address syntax"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RCPT",
                "RCPT TO",
                "RCPT FROM:<a@x>",
                "RCPT TO <a@x>",
                "RCPT TO:<a@x>NOTIFY=NEVER",
                "RCPT TO:<a@x> NOTIFY=",
                "RCPT TO:<a@x> <b@x>",
                "RCPT TO:<a@x> NOTIFY=NEVER notify=NEVER"
            })
    void refusesWhatIsWrongBesideTheRecipient(String line) {
        assertThatExceptionOfType(SyntaxException.class)
                .isThrownBy(() -> recipient(line))
                .satisfies(e -> assertThat(e.reply().toString()).startsWith("501 5.5.4 "));
    }

    @Test
    void isNeverTheNullSender() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Recipient(EnvelopeAddress.NULL_SENDER, EsmtpParameters.NONE));
    }
}
