package dev.kumo.auth.dkim;

import static dev.kumo.auth.dkim.Samples.message;
import static dev.kumo.auth.dkim.Samples.options;
import static dev.kumo.auth.dkim.Samples.receiver;
import static dev.kumo.auth.dkim.Samples.signer;
import static dev.kumo.auth.dkim.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Message;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fields that a signature says are not there, RFC 6376 section 8.15. */
class OverSigningTest {

    private static final String MAIL = "From: a@example.com\r\nTo: b@example.org\r\nSubject: hi\r\n\r\nhello\r\n";

    @Test
    void whatIsOverSignedCannotBeAdded() throws IOException {
        DkimSigner signer =
                signer(options().headers("From", "Subject", "Reply-To").overSign(true));
        Message message = message(MAIL);
        signer.sign(message);

        assertThat(NaiveVerifier.tags(message.headers().first("DKIM-Signature").orElseThrow()))
                .containsEntry("h", "From:From:Subject:Subject:Reply-To");
        assertThat(receiver(signer).verify(text(message))).containsExactly("pass");
        for (String added : List.of("Subject: win", "From: c@example.net", "Reply-To: c@example.net")) {
            assertThat(receiver(signer).verify(added + "\r\n" + text(message)))
                    .as(added)
                    .containsExactly("the header was changed, or the key is another");
        }
        assertThat(receiver(signer).verify("To: c@example.net\r\n" + text(message)))
                .containsExactly("pass");
    }

    @Test
    void aNameThatIsGivenTwiceCannotBeAdded() throws IOException {
        DkimSigner signer = signer(options().headers("From", "Subject", "from", "Reply-To", "Reply-To", "X-None"));
        Message message = message(MAIL);
        signer.sign(message);

        assertThat(NaiveVerifier.tags(message.headers().first("DKIM-Signature").orElseThrow()))
                .containsEntry("h", "From:From:Subject:Reply-To:Reply-To");
        assertThat(receiver(signer).verify(text(message))).containsExactly("pass");
        for (String added : List.of("From: c@example.net", "Reply-To: c@example.net")) {
            assertThat(receiver(signer).verify(added + "\r\n" + text(message)))
                    .as(added)
                    .containsExactly("the header was changed, or the key is another");
        }
        assertThat(receiver(signer).verify("Subject: win\r\n" + text(message))).containsExactly("pass");
    }

    @Test
    void aNameThatIsGivenTwiceAndIsThereTwiceIsSignedTwice() throws IOException {
        for (boolean overSign : new boolean[] {false, true}) {
            DkimSigner signer =
                    signer(options().headers("From", "Comments", "Comments").overSign(overSign));
            Message message = message("Comments: 1\r\nComments: 2\r\n" + MAIL);
            signer.sign(message);

            assertThat(NaiveVerifier.tags(
                            message.headers().first("DKIM-Signature").orElseThrow()))
                    .containsEntry("h", overSign ? "From:From:Comments:Comments:Comments" : "From:Comments:Comments");
            assertThat(receiver(signer).verify(text(message))).containsExactly("pass");
        }
    }
}
