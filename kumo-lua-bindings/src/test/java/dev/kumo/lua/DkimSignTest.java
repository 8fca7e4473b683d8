package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.auth.dkim.Canonicalization;
import dev.kumo.auth.dkim.DkimOptions;
import dev.kumo.auth.dkim.DkimSigner;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kumo.dkim} and {@code msg:dkim_sign}. */
class DkimSignTest {

    private static final InstantSource TIME = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));

    private static final String KEY = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """;

    @TempDir
    Path folder;

    private static LuaPolicyFile load(Path file) {
        return LuaPolicyFile.builder(file).readFiles(true).time(TIME).load();
    }

    /** A script that signs all mail, with a table of keys. */
    private LuaPolicyFile signing(String keys) {
        return load(Policies.write(folder, Policies.listening("""
                kumo.on('smtp_server_message_received', function(msg)
                  msg:dkim_sign(kumo.dkim.ed25519_signer { %s })
                end)
                """.formatted(keys))));
    }

    private static String send(SmtpDialogue dialogue, String... content) {
        dialogue.send("EHLO client.example");
        dialogue.send("MAIL FROM:<a@client.example>");
        dialogue.send("RCPT TO:<b@example.com>");
        dialogue.send("DATA");
        List.of(content).forEach(dialogue::send);
        return dialogue.send(".").get(0);
    }

    private static String send(LuaPolicyFile policy, String... content) {
        return send(SmtpDialogue.with(policy.listeners().get(0)), content);
    }

    private static List<String> signatures(Message message) {
        return message.headers().all("DKIM-Signature");
    }

    private static String unfolded(DkimSigner signer, Message message) {
        return signer.signature(message).replace("\r\n", "");
    }

    private static DkimSigner signer(DkimOptions.Builder options) throws IOException {
        return DkimSigner.builder(options.domain("example.com").build())
                .time(TIME)
                .build();
    }

    /** Both kinds of signatures are deterministic, so Java has to come to the same. */
    @Test
    void aPolicySignsTheMailOfItsDomains() throws IOException {
        try (LuaPolicyFile policy = load(Policies.resource("dkim_sign.lua"))) {
            SmtpDialogue inside = SmtpDialogue.with(policy.listeners().get(0)).from("10.1.2.3");
            assertThat(send(inside, "From: Joe <joe@example.com>", "Subject: hi ", "X-A: 1", "", "hello", ""))
                    .startsWith("250 ");
            Message message = inside.received().get(0);
            Message sent = new Message(message.id(), message.envelope(), message.meta(), message.content());
            DkimSigner rsa = signer(DkimOptions.builder()
                    .selector("rsa")
                    .key(Policies.resource("dkim/rsa.pem").toString())
                    .headers("From", "To", "Subject", "Date", "Message-ID", "Content-Type", "MIME-Version")
                    .overSign(true)
                    .expiration(Duration.ofDays(7)));
            DkimSigner ed25519 = signer(DkimOptions.builder()
                    .selector("ed25519")
                    .key(source -> source.keyData(KEY))
                    .headerCanonicalization(Canonicalization.SIMPLE)
                    .bodyCanonicalization(Canonicalization.SIMPLE)
                    .agentUserIdentifier("@example.com"));

            assertThat(signatures(message)).containsExactly(unfolded(rsa, sent), unfolded(ed25519, sent));
        }
    }

    @Test
    void aPolicyLeavesOtherMailAlone() {
        try (LuaPolicyFile policy = load(Policies.resource("dkim_sign.lua"))) {
            for (String from : List.of("From: a@elsewhere.example", "Sender: a@example.com")) {
                SmtpDialogue inside =
                        SmtpDialogue.with(policy.listeners().get(0)).from("10.1.2.3");
                assertThat(send(inside, from, "", "hello")).startsWith("250 ");
                assertThat(signatures(inside.received().get(0))).isEmpty();
            }
        }
    }

    @Test
    void aKeyIsReadOnceForManyMails() throws IOException {
        Path key = Files.writeString(folder.resolve("dkim.pem"), KEY);
        try (LuaPolicyFile policy = signing("domain = 'example.com', selector = 's', key = 'dkim.pem'")) {
            assertThat(send(policy, "From: a@example.com", "", "one")).startsWith("250 ");
            Files.delete(key);
            assertThat(send(policy, "From: a@example.com", "", "two")).startsWith("250 ");
        }
    }

    @Test
    void mailThatCannotBeSignedIsRefused() {
        try (LuaPolicyFile policy =
                signing("domain = 'example.com', selector = 's', key = { key_data = [[" + KEY + "]] }")) {
            assertThat(send(policy, "Subject: hi", "", "hello"))
                    .isEqualTo("554 5.6.0 the message cannot be signed: it has no From field");
            assertThat(send(policy, "From: a@example.com", "From: b@example.com", "", "hello"))
                    .isEqualTo("554 5.6.0 the message cannot be signed: it has 2 From fields");
        }
    }

    @Test
    void aSignerMayBeMadeOnce() {
        Path file = Policies.write(folder, Policies.listening("""
                local signer = kumo.dkim.ed25519_signer { domain = 'example.com', selector = 's', key = { key_data = [[%s]] } }
                assert(tostring(signer) == 'DkimSigner s._domainkey.example.com (Ed25519)', tostring(signer))
                kumo.on('smtp_server_message_received', function(msg)
                  msg:dkim_sign(signer)
                end)
                """.formatted(KEY)));
        try (LuaPolicyFile policy = load(file)) {
            SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0));
            assertThat(send(dialogue, "From: a@example.com", "", "one")).startsWith("250 ");
            assertThat(signatures(dialogue.received().get(0))).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "rsa_sha256_signer { domain = 'a.example', selector = 's', key = 'ed.pem' }"
                        + " | kumo.dkim.rsa_sha256_signer.key: file '*ed.pem' holds a key for ed25519-sha256, not for rsa-sha256*",
                "ed25519_signer { domain = 'a.example', selector = 's', key = 'none.pem' }"
                        + " | kumo.dkim.ed25519_signer 'none.pem': there is no file none.pem below the script's folder",
                "ed25519_signer { domain = 'a.example', selector = 's', key = '/etc/passwd' }"
                        + " | kumo.dkim.ed25519_signer '/etc/passwd': /etc/passwd is no file below the script's folder",
                "ed25519_signer { domain = 'a.example', selector = 's' }"
                        + " | kumo.dkim.ed25519_signer: key is missing; a signature needs domain, selector and key",
                "ed25519_signer { domain = 'a.example', selektor = 's', key = 'ed.pem' }"
                        + " | kumo.dkim.ed25519_signer: unknown key 'selektor' (did you mean 'selector'?)",
                "ed25519_signer { domain = 'a.example', selector = 's', key = { key_data = 'hunter2' } }"
                        + " | kumo.dkim.ed25519_signer.key: key_data holds no private key of RSA or Ed25519 in PEM;*",
                "ed25519_signer { domain = 'a.example', selector = 's', key = 'ed.pem', ttl = 9e18 }"
                        + " | kumo.dkim.ed25519_signer.ttl: ttl must be 1s to 36500d in whole seconds, not 10*",
                "ed25519_signer { domain = 'a.example', selector = 's', key = 'ed.pem', headers = { 'To' } }"
                        + " | kumo.dkim.ed25519_signer.headers: 'From' has to be signed*",
            })
    void whatIsWrongIsNamed(String call, String trouble) throws IOException {
        Files.writeString(folder.resolve("ed.pem"), KEY);
        Path file = Policies.write(folder, "kumo.dkim." + call);

        assertThatThrownBy(() -> load(file))
                .hasMessageMatching("policy.lua:1: " + ("\\Q" + trouble + "\\E").replace("*", "\\E(?s:.*)\\Q"))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void aFileNeedsLeave() throws IOException {
        Files.writeString(folder.resolve("ed.pem"), KEY);
        Path file = Policies.write(
                folder, "kumo.dkim.ed25519_signer { domain = 'a.example', selector = 's', key = 'ed.pem' }");

        assertThatThrownBy(() -> LuaPolicyFile.load(file))
                .hasMessageStartingWith(
                        "policy.lua:1: kumo.dkim.ed25519_signer 'ed.pem': this script may not read other files");
    }

    @Test
    void onlyASignerSigns() {
        Path file = Policies.write(folder, Policies.listening("""
                kumo.on('smtp_server_message_received', function(msg)
                  local ok, trouble = pcall(msg.dkim_sign, msg, { domain = 'example.com' })
                  assert(not ok)
                  kumo.reject(550, '5.7.1 ' .. trouble:gsub('…', '...'))
                end)
                """));
        try (LuaPolicyFile policy = load(file)) {
            assertThat(send(policy, "From: a@example.com", "", "one"))
                    .contains("argument 1 must be a signer, as kumo.dkim.rsa_sha256_signer { ... } makes them, not");
        }
    }

    @Test
    void whatCannotBeSignedBouncesNoMessageInAQueue() throws IOException {
        Files.writeString(folder.resolve("ed.pem"), KEY);
        Message message = new Message(
                MessageId.next(TIME.instant(), new Random(1)),
                Envelope.of(EnvelopeAddress.parse("a@client.example"), EnvelopeAddress.parse("b@example.org")),
                new Meta(),
                Content.of("Subject: no author\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII)));
        try (LuaPolicyFile policy = load(Policies.write(folder, Policies.listening("""
                kumo.on('requeue_message', function(msg)
                  msg:dkim_sign(kumo.dkim.ed25519_signer { domain = 'a.example', selector = 's', key = 'ed.pem' })
                end)
                """)))) {
            assertThatThrownBy(() -> policy.queuePolicy()
                            .requeueMessage(message, new Outcome.Deferred(Reply.of(450, "4.2.1", "mailbox busy"))))
                    .isNotInstanceOf(LuaRefusal.class)
                    .hasMessageContaining("the message cannot be signed: it has no From field");
        }
    }
}
