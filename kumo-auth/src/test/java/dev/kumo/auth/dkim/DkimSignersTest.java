package dev.kumo.auth.dkim;

import static dev.kumo.auth.dkim.Samples.message;
import static dev.kumo.auth.dkim.Samples.options;
import static dev.kumo.auth.dkim.Samples.signer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DkimSignersTest {

    private static DkimSigners signers() throws IOException {
        return DkimSigners.of(List.of(
                signer(options().domain("example.com")),
                signer(options().domain("example.com").selector("rsa").key(Samples.key(Samples.RSA))),
                signer(options().domain("b\u00fccher.example"))));
    }

    private static List<String> signed(String from) throws IOException {
        Message message = message("From: " + from + "\r\n\r\n");
        assertThat(signers().signOrRefuse(message)).isEqualTo(Verdict.proceed());
        return message.headers().all("DKIM-Signature").stream()
                .map(NaiveVerifier::tags)
                .map(tags -> tags.get("s") + "." + tags.get("d"))
                .toList();
    }

    @Test
    void thoseOfTheAuthorsDomainSign() throws IOException {
        assertThat(signed("a@example.com")).containsExactly("rsa.example.com", "s1.example.com");
        assertThat(signed("Joe <a@Example.COM>")).hasSize(2);
        assertThat(signed("a@xn--bcher-kva.example")).containsExactly("s1.xn--bcher-kva.example");
        assertThat(signed("a@sub.example.com")).isEmpty();
        assertThat(signed("a@example.net")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'From: a@example.net\r\nFrom: a@example.com\r\n\r\n', it has 2 From fields",
        "'From: a@example.net\r\nFrom: a@example.org\r\n\r\n', it has 2 From fields",
        "'Subject: hi\r\n\r\n', it has no From field"
    })
    void mailThatDoesNotTellItsAuthorIsRefused(String text, String trouble) throws IOException {
        Message message = message(text);

        assertThat(signers().signOrRefuse(message).toString()).contains("554 5.6.0", trouble);
        assertThat(message.headers().all("DKIM-Signature")).isEmpty();
        assertThat(DkimSigners.of(List.of()).signOrRefuse(message)).isEqualTo(Verdict.proceed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "From: a@example.net\r\n"})
    void mailWhoseAuthorMayBePastTheFieldsThatAreReadIsRefused(String first) throws IOException {
        Message message = message(first + "X: 1\r\n".repeat(10_000) + "From: a@example.com\r\n\r\n");

        assertThat(signers().signOrRefuse(message).toString())
                .contains("554 5.6.0", "its header is too large to be read to its end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"O\"Brien <a@example.com>", "Joe (\\) <a@example.com>", "Joe :-( <a@example.com>"})
    void aNameWithAMarkThatNeverEndsIsSigned(String from) throws IOException {
        assertThat(signed(from)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a@b.example | b.example",
                "A <a@b.example> (c@d.example) | b.example",
                "\"c@d.example\" <a@b.example> | b.example",
                "\"\\\"<c@d.example>\" <a@b.example> | b.example",
                "c@d.example <a@b.example> | b.example",
                "a (comment (c@d.example) \\) ) @b.example | b.example",
                "a@b.example, C <c@d.example> | b.example d.example",
                "Group: a@b.example, c@d.example; | b.example d.example",
                "\"a@c.example\"@b.example | b.example",
                "a@ b.example | b.example",
                "a@[192.0.2.1] | ``",
                "a | ``",
                "a@ | ``"
            })
    void theDomainIsThatOfTheMailbox(String from, String domains) {
        assertThat(Author.domains(from))
                .containsExactlyInAnyOrder(domains.isEmpty() ? new String[0] : domains.split(" ", -1));
    }

    @Test
    void whateverAnAuthorIsCalledIsRead() {
        SplittableRandom random = new SplittableRandom(9);
        String alphabet = "a@.<>()\"\\,;: \u00fc";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder from = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                from.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(Author.domains(from.toString()))
                    .allSatisfy(domain -> assertThat(domain).matches("[a-z0-9._-]+"));
        }
    }
}
