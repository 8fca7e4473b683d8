package dev.kumo.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.smtp.MailFrom.BodyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailFromTest {

    private static MailFrom mail(String line) throws SyntaxException {
        return CommandParser.parse(line).mailFrom();
    }

    private static void assertRefused(String line, String reply) {
        assertThatExceptionOfType(SyntaxException.class)
                .as(line)
                .isThrownBy(() -> mail(line))
                .satisfies(e -> assertThat(e.reply().toString()).startsWith(reply + " "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "MAIL FROM:<a@x> | a@x | ",
                "mail from:<a@x> | a@x | ",
                "MaIl\tFrOm:<a@x> | a@x | ",
                "MAIL  FROM: <a@x> | a@x | ",
                "MAIL FROM:\t <a@x> | a@x | ",
                "MAIL FROM:a@x | a@x | ",
                "MAIL FROM: a@x SIZE=1 | a@x | SIZE=1",
                "MAIL FROM:\"a b\"@x SIZE=1 | \"a b\"@x | SIZE=1",
                "MAIL FROM:<a@X.Example>  SIZE=1\t smtputf8 | a@x.example | SIZE=1 SMTPUTF8",
                "MAIL FROM:<@r1,@r2.example:a@x> | a@x | ",
                "MAIL FROM:<@r1:a@x> BODY=8BITMIME | a@x | BODY=8BITMIME",
                "MAIL FROM:<\"a>b\"@x> X | \"a>b\"@x | X",
                "MAIL FROM:<\"a\\\">b\"@x> X | \"a\\\">b\"@x | X",
                "MAIL FROM:<\"a\\\\\"@x> X | \"a\\\\\"@x | X",
                "MAIL FROM:<a@[192.0.2.1]> | a@[192.0.2.1] | ",
                "MAIL FROM:<a@[IPv6:::1]> | a@[IPv6:::1] | ",
                "MAIL FROM:<jürgen@bücher> SMTPUTF8 | jürgen@xn--bcher-kva | SMTPUTF8",
                "MAIL FROM:<postmaster@x> | postmaster@x | ",
                "MAIL FROM:<a@x> AUTH=<> RET=HDRS ENVID=a+20b | a@x | AUTH=<> RET=HDRS ENVID=a+20b",
            })
    void readsASender(String line, String sender, String parameters) throws Exception {
        MailFrom mail = mail(line);

        assertThat(mail.sender()).hasToString(sender);
        assertThat(mail.parameters()).hasToString(parameters == null ? "" : parameters);
    }

    @Test
    void readsTheNullSender() throws Exception {
        assertThat(mail("MAIL FROM:<>").sender()).isEqualTo(EnvelopeAddress.NULL_SENDER);
        assertThat(mail("MAIL FROM: <> SIZE=1").size()).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL FROM:",
                "MAIL FROM:<",
                "MAIL FROM:<a@x",
                "MAIL FROM:<a@x SIZE=1",
                "MAIL FROM:a@x>",
                "MAIL FROM:<a>",
                "MAIL FROM:a",
                "MAIL FROM:< >",
                "MAIL FROM:< a@x>",
                "MAIL FROM:<a@x >",
                "MAIL FROM:<<a@x>>",
                "MAIL FROM:Jo <a@x>",
                "MAIL FROM:<a@x:25>",
                "MAIL FROM:<a@x.>",
                "MAIL FROM:<a@b@x>",
                "MAIL FROM:<\"a@x>",
                "MAIL FROM:<\"a\\\"@x>",
                "MAIL FROM:\"a b@x",
                "MAIL FROM:<postmaster>",
                "MAIL FROM:postmaster",
                "MAIL FROM:<@",
                "MAIL FROM:<@r1,",
                "MAIL FROM:<@r1>",
                "MAIL FROM:<@r1:>",
                "MAIL FROM:<@:a@x>",
                "MAIL FROM:<@r1,:a@x>",
                "MAIL FROM:<@r1,r2:a@x>",
                "MAIL FROM:<@r1,@r2>",
                "MAIL FROM:<@r1:postmaster>",
                "MAIL FROM:<@r 1:a@x>",
                "MAIL FROM:<a\u0000@x>",
                "MAIL FROM:<a\r@x>",
            })
    void refusesABadSender(String line) {
        assertRefused(line, "501 5.1.7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL",
                "MAIL <a@x>",
                "MAIL FROM",
                "MAIL FROM <a@x>",
                "MAIL FROM :<a@x>",
                "MAIL TO:<a@x>",
                "MAIL FROM:<a@x>SIZE=1",
                "MAIL FROM:<a@x>,<b@x>",
                "MAIL FROM:<>x",
                "MAIL FROM:<a@x> SIZE=",
                "MAIL FROM:<a@x> SIZE",
                "MAIL FROM:<a@x> SIZE=-1",
                "MAIL FROM:<a@x> SIZE=1k",
                "MAIL FROM:<a@x> SIZE=\u0661",
                "MAIL FROM:<a@x> SIZE=123456789012345678901",
                "MAIL FROM:<a@x> SIZE=1 size=2",
                "MAIL FROM:<a@x> BODY",
                "MAIL FROM:<a@x> BODY=BINARYMIME",
                "MAIL FROM:<a@x> BODY=8B\u0131TMIME",
                "MAIL FROM:<a@x> SMTPUTF8=yes",
                "MAIL FROM:<a@x> X=a=b",
                "MAIL FROM:<a@x> =a",
                "MAIL FROM:<a@x> -X",
                "MAIL FROM:<a@x> X_Y",
                "MAIL FROM:<a@x> X=\u0001",
                "MAIL FROM:<a@x> X=\u0085",
                "MAIL FROM:<a@x> X=\ud83d",
                "MAIL FROM:<a@x> \u00fc",
            })
    void refusesWhatIsWrongBesideTheSender(String line) {
        assertRefused(line, "501 5.5.4");
    }

    @Test
    void declaresItsSize() throws Exception {
        assertThat(mail("MAIL FROM:<a@x>").size()).isEmpty();
        assertThat(mail("MAIL FROM:<a@x> SIZE=0").size()).hasValue(0);
        assertThat(mail("MAIL FROM:<a@x> size=00000000000000001000").size()).hasValue(1000);
        assertThat(mail("MAIL FROM:<a@x> SIZE=99999999999999999999").size()).hasValue(Long.MAX_VALUE);
    }

    @Test
    void declaresItsBody() throws Exception {
        assertThat(mail("MAIL FROM:<a@x>").body()).isEqualTo(BodyType.SEVEN_BIT);
        assertThat(mail("MAIL FROM:<a@x> BODY=7bit").body()).isEqualTo(BodyType.SEVEN_BIT);
        assertThat(mail("MAIL FROM:<a@x> body=8BitMime").body()).isEqualTo(BodyType.EIGHT_BIT_MIME);
    }

    @Test
    void asksForSmtpUtf8() throws Exception {
        assertThat(mail("MAIL FROM:<a@x>").smtpUtf8()).isFalse();
        assertThat(mail("MAIL FROM:<a@x> SmtpUtf8").smtpUtf8()).isTrue();
    }

    @Test
    void isNotMadeOfParametersThatMeanNothing() throws Exception {
        EsmtpParameters parameters = EsmtpParameters.parse("SIZE=big");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MailFrom(EnvelopeAddress.NULL_SENDER, parameters))
                .withMessageContaining("SIZE");
    }
}
