package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.options.OptionException;
import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key {@code dkim} of a gateway's file. */
class GatewayDkimTest {

    /** RFC 8463 appendix A.1: no secret. */
    private static final String KEY = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """;

    @TempDir
    Path folder;

    private GatewayFile read(String dkim) throws IOException {
        Path key = Files.writeString(folder.resolve("dkim.pem"), KEY);
        return GatewayFile.read(
                Files.writeString(folder.resolve("gateway.json"), """
                {
                  "deliver": "discard",
                  "dkim": [%s],
                  "esmtp_listeners": [{
                    "relay_hosts": ["10.0.0.0/8"],
                    "domains": {
                      "example.com": { "relay_to": true },
                      "example.net": { "relay_from": ["192.0.2.7"] },
                      "*.example.org": { "relay_from": ["192.0.2.8"] }
                    }
                  }]
                }
                """.formatted(dkim.replace("KEY", key.toString()))));
    }

    private static List<String> signatures(GatewayFile file, String client, String sender, String from, String to) {
        SmtpDialogue dialogue = SmtpDialogue.with(file.listeners().get(0)).from(client);
        send(dialogue, sender, to, "From: " + from);
        return dialogue.received().get(0).headers().all("DKIM-Signature");
    }

    private static String answer(GatewayFile file, String client, String field) {
        SmtpDialogue dialogue = SmtpDialogue.with(file.listeners().get(0)).from(client);
        return send(dialogue, "a@example.net", "b@example.com", field);
    }

    private static String send(SmtpDialogue dialogue, String sender, String to, String field) {
        for (String line : new String[] {
            "EHLO client.example", "MAIL FROM:<" + sender + ">", "RCPT TO:<" + to + ">", "DATA", field, "", "hi"
        }) {
            dialogue.send(line);
        }
        return dialogue.send(".").get(0);
    }

    @Test
    void mailOfThoseWhoMayRelayIsSignedForItsAuthor() throws IOException {
        GatewayFile file = read("""
                {"domain": "example.com", "selector": "one", "key": "KEY"},
                {"domain": "example.com", "selector": "two", "key": "KEY", "algorithm": "Ed25519Sha256"},
                {"domain": "example.net", "selector": "one", "key": "KEY"}
                """);
        file.compose();

        assertThat(signatures(file, "10.1.2.3", "a@example.com", "a@example.com", "b@example.org"))
                .hasSize(2)
                .allMatch(signature -> signature.contains(" d=example.com;"));
        assertThat(signatures(file, "10.1.2.3", "a@example.com", "a@example.net", "b@example.org"))
                .singleElement()
                .asString()
                .contains(" d=example.net;");
        assertThat(signatures(file, "10.1.2.3", "a@example.com", "a@example.org", "b@example.org"))
                .isEmpty();
    }

    @Test
    void whoMaySendAsADomainIsSignedForThatDomainAlone() throws IOException {
        GatewayFile file = read("""
                {"domain": "example.com", "selector": "one", "key": "KEY"},
                {"domain": "example.net", "selector": "one", "key": "KEY"},
                {"domain": "news.example.org", "selector": "one", "key": "KEY"}
                """);
        file.compose();

        for (String sender : List.of("a@example.net", "")) {
            String to = "b@example.com";
            assertThat(signatures(file, "192.0.2.7", sender, "a@example.net", to))
                    .singleElement()
                    .asString()
                    .contains(" d=example.net;");
            for (String author : List.of("ceo@example.com", "ceo@news.example.org")) {
                assertThat(signatures(file, "192.0.2.7", sender, author, to))
                        .as(author)
                        .isEmpty();
            }
        }
        assertThat(signatures(file, "192.0.2.7", "a@example.net", "ceo@example.com, a@example.net", "b@example.org"))
                .singleElement()
                .asString()
                .contains(" d=example.net;");
        assertThat(signatures(file, "192.0.2.8", "a@news.example.org", "a@news.example.org", "b@example.org"))
                .singleElement()
                .asString()
                .contains(" d=news.example.org;");
        assertThat(signatures(file, "192.0.2.8", "a@news.example.org", "ceo@example.net", "b@example.org"))
                .isEmpty();
    }

    @Test
    void onlyWhoseMailMayBeSignedHasToTellItsAuthor() throws IOException {
        GatewayFile file = read("{\"domain\": \"example.net\", \"selector\": \"one\", \"key\": \"KEY\"}");
        file.compose();

        assertThat(answer(file, "192.0.2.7", "Subject: hi"))
                .isEqualTo("554 5.6.0 the message cannot be signed: it has no From field");
        assertThat(answer(file, "192.0.2.99", "Subject: hi")).startsWith("250 ");
    }

    @Test
    void strangersWhoClaimToBeOursAreNotSigned() throws IOException {
        GatewayFile file = read("{\"domain\": \"example.com\", \"selector\": \"one\", \"key\": \"KEY\"}");
        file.compose();

        for (String sender : List.of("a@example.com", "", "a@example.net")) {
            assertThat(signatures(file, "192.0.2.99", sender, "ceo@example.com", "b@example.com"))
                    .isEmpty();
        }
    }

    @Test
    void whatIsSignedIsSaid() throws IOException {
        GatewayFile file = read("{\"domain\": \"example.com\", \"selector\": \"one\", \"key\": \"KEY\"}");

        assertThat(Gateway.greeting(file, List.of(), List.of()))
                .contains("Signs mail of example.com; the DNS has its key at one._domainkey.example.com");
    }

    @Test
    void whatIsWrongIsNamedWithItsKey() throws IOException {
        assertThatThrownBy(() -> read("{\"domain\": \"example.com\", \"selektor\": \"one\", \"key\": \"KEY\"}"))
                .isInstanceOf(OptionException.class)
                .hasMessage("dkim[0]: unknown key 'selektor' (did you mean 'selector'?)");
        assertThatThrownBy(() -> read("{\"domain\": \"example.com\", \"key\": \"KEY\"}"))
                .isInstanceOf(OptionException.class)
                .hasMessage("dkim[0]: selector is missing; a signature needs domain, selector and key");
        GatewayFile missing = read("{\"domain\": \"example.com\", \"selector\": \"one\", \"key\": \"KEY.none\"}");
        assertThatThrownBy(missing::compose)
                .isInstanceOf(OptionException.class)
                .hasMessageMatching("dkim\\[0\\]\\.key: file '.*none' does not exist; name a file that does");
        GatewayFile other = read(
                "{\"domain\": \"example.com\", \"selector\": \"one\", \"key\": \"KEY\", \"algorithm\": \"RsaSha256\"}");
        assertThatThrownBy(other::compose)
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("holds a key for ed25519-sha256, not for rsa-sha256");
    }

    @Test
    void toReadAFileReadsNoKey() throws IOException {
        assertThat(read("{\"domain\": \"example.com\", \"selector\": \"one\", \"key\": \"/nowhere\"}")
                        .dkim()
                        .isEmpty())
                .isFalse();
    }
}
