package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.mail.Message;
import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningRelayTest {

    @TempDir
    Path folder;

    private Path key;

    @BeforeEach
    void makeKey() throws Exception {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
        pairs.initialize(2048);
        key = Files.writeString(
                folder.resolve("dkim.pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(
                                        pairs.generateKeyPair().getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    @Test
    void whatLeavesIsSigned() throws IOException {
        try (SigningRelay relay = SigningRelay.start("127.0.0.1:0", key.toString(), Delivery.discard())) {
            SmtpDialogue dialogue =
                    SmtpDialogue.with(relay.listener()).from("10.1.2.3").run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<joe@example.com>
                    S: 250 *
                    C: RCPT TO:<jane@example.org>
                    S: 250 *
                    C: DATA
                    S: 354 *
                    C: From: joe@example.com
                    C: Subject: hello
                    C:
                    C: Hi
                    C: .
                    S: 250 *
                    """);

            Message message = dialogue.received().get(0);
            assertThat(message.headers().first("DKIM-Signature").orElseThrow())
                    .startsWith("v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=mail; t=")
                    .contains(" h=From:Subject; bh=");
        }
    }

    @Test
    void whatHasNoAuthorIsRefused() throws IOException {
        try (SigningRelay relay = SigningRelay.start("127.0.0.1:0", key.toString(), Delivery.discard())) {
            SmtpDialogue.with(relay.listener()).from("10.1.2.3").run("""
                    S: 220 *
                    C: EHLO client.example
                    S: *
                    C: MAIL FROM:<joe@example.com>
                    S: 250 *
                    C: RCPT TO:<jane@example.org>
                    S: 250 *
                    C: DATA
                    S: 354 *
                    C: Subject: hello
                    C:
                    C: Hi
                    C: .
                    S: 554 5.6.0 the message cannot be signed: it has no From field
                    """);
        }
    }
}
