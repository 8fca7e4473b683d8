package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.examples.TestCa.Issued;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients that verify certificates hand a mail to the gateway over TLS; those that should not, do not. */
@Timeout(120)
class TlsInteropIT {

    private static final String SENDER = "sender@client.example";
    private static final String RECIPIENT = "recipient@example.org";
    private static final String MESSAGE = """
            From: Sender <sender@client.example>
            To: Recipient <recipient@example.org>
            Date: Sun, 22 Nov 2026 01:02:03 +0000
            Message-ID: <1@client.example>
            Subject: sealed

            .
            In an envelope.
            """;

    /** What openssl is to say once it is connected: it does not wait for answers. */
    private static final String TRANSACTION = "EHLO client.example\n"
            + "MAIL FROM:<" + SENDER + ">\n"
            + "RCPT TO:<" + RECIPIENT + ">\n"
            + "DATA\n"
            + MESSAGE.replaceAll("(?m)^\\.", "..")
            + ".\nQUIT\n";

    @TempDir
    Path folder;

    private TestCa ca;
    private TestCa stranger;
    private MaildirFolder maildir;
    private Path nothing;
    private Path message;
    private Path transaction;
    private Gateway gateway;

    @BeforeEach
    void setUp() throws Exception {
        ca = TestCa.in(folder.resolve("ca"));
        stranger = TestCa.in(folder.resolve("stranger"));
        maildir = new MaildirFolder(folder.resolve("mail"));
        nothing = Files.createFile(folder.resolve("nothing"));
        message = Files.writeString(folder.resolve("mail.eml"), MESSAGE);
        transaction = Files.writeString(folder.resolve("transaction"), TRANSACTION.replace("\n", "\r\n"));
        gateway = open(ca.issue("server"));
    }

    @AfterEach
    void tearDown() {
        gateway.close();
    }

    /** A port with STARTTLS, one with TLS from the start, and one for clients with a certificate of our authority. */
    private Gateway open(Issued server) throws IOException {
        String tls = """
                "listen": "127.0.0.1:0", "hostname": "gateway.example",
                "limits": {"close_grace_period": "0 seconds"},
                "tls_certificate": "%s", "tls_private_key": "%s"\
                """.formatted(server.certificate(), server.key());
        Path file =
                Files.writeString(folder.resolve("gateway.json"), """
                {
                  "esmtp_listeners": [
                    {%1$s},
                    {%1$s, "implicit_tls": true},
                    {%1$s, "tls_required_client_ca": "%2$s"}
                  ],
                  "deliver": {"maildir": "%3$s"}
                }
                """.formatted(tls, ca.certificate(), maildir.root()));
        return Gateway.start(GatewayFile.read(file), new ByteArrayOutputStream());
    }

    private int startTlsPort() {
        return gateway.addresses().get(0).getPort();
    }

    private int implicitPort() {
        return gateway.addresses().get(1).getPort();
    }

    private int clientCertificatePort() {
        return gateway.addresses().get(2).getPort();
    }

    // ---- openssl ----

    @ParameterizedTest
    @CsvSource({"-tls1_2,TLSv1.2", "-tls1_3,TLSv1.3"})
    void opensslStartsTls(String version, String agreed) throws Exception {
        Program.Ended ended = openssl(startTlsPort(), version, "-starttls", "smtp");

        assertThat(ended.output()).contains("New, " + agreed + ", Cipher is ", "Verify return code: 0 (ok)");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertDelivered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void opensslBeginsWithTls(String version) throws Exception {
        Program.Ended ended = openssl(implicitPort(), version);

        assertThat(ended.output()).contains("Verify return code: 0 (ok)");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertDelivered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientWithACertificateOfTheRequiredAuthorityIsServed(String version) throws Exception {
        Program.Ended ended = opensslAs(ca.issue("client"), version);

        assertThat(ended.output()).contains("Verify return code: 0 (ok)");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertDelivered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientWithoutACertificateIsRefusedWhereOneIsRequired(String version) throws Exception {
        Program.Ended ended = openssl(clientCertificatePort(), version, "-starttls", "smtp");

        assertThat(ended.output())
                .containsPattern("SSL alert number (40|116)"); // handshake failure, certificate required
        assertNothingDelivered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientWithACertificateOfAnotherAuthorityIsRefused(String version) throws Exception {
        Program.Ended ended = opensslAs(stranger.issue("client"), version);

        assertThat(ended.output()).contains("SSL alert number ");
        assertNothingDelivered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    void olderVersionsAreRefusedByTheServer(String version) throws Exception {
        // At the default security level openssl itself would refuse to say hello.
        Program.Ended ended = openssl(startTlsPort(), version, "-starttls", "smtp", "-cipher", "ALL:@SECLEVEL=0");

        assertThat(ended.output()).contains("SSL alert number 70"); // protocol version
        assertThat(ended.code()).isNotZero();
        assertNothingDelivered();
    }

    private Program.Ended opensslAs(Issued client, String version) throws Exception {
        return openssl(
                clientCertificatePort(),
                version,
                "-starttls",
                "smtp",
                "-cert",
                client.certificate().toString(),
                "-key",
                client.key().toString());
    }

    private Program.Ended openssl(int port, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "s_client",
                "-connect",
                "127.0.0.1:" + port,
                "-name",
                "client.example",
                "-CAfile",
                ca.certificate().toString(),
                "-verify_hostname",
                "localhost",
                "-verify_return_error",
                "-ign_eof"));
        arguments.addAll(List.of(more));
        return Program.named("openssl", "openssl").execute(transaction, arguments);
    }

    // ---- swaks ----

    @Test
    void swaksStartsTls() throws Exception {
        swaks(startTlsPort(), "--tls");

        assertDelivered();
    }

    @Test
    void swaksBeginsWithTls() throws Exception {
        swaks(implicitPort(), "--tlsc");

        assertDelivered();
    }

    private void swaks(int port, String how) throws Exception {
        Program.named("swaks", "swaks libnet-ssleay-perl")
                .run(
                        nothing,
                        List.of(
                                "--server",
                                "127.0.0.1:" + port,
                                how,
                                "--tls-verify",
                                "--tls-ca-path",
                                ca.certificate().toString(),
                                "--helo",
                                "client.example",
                                "--from",
                                SENDER,
                                "--to",
                                RECIPIENT,
                                "--data",
                                "@" + message));
    }

    // ---- msmtp ----

    @Test
    void msmtpStartsTls() throws Exception {
        Program.Ended ended = msmtp(startTlsPort(), ca, "--tls-starttls=on");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertDelivered();
    }

    @Test
    void msmtpBeginsWithTls() throws Exception {
        Program.Ended ended = msmtp(implicitPort(), ca, "--tls-starttls=off");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertDelivered();
    }

    @Test
    void msmtpSendsNothingToAServerOfAnotherAuthority() throws Exception {
        Program.Ended ended = msmtp(startTlsPort(), stranger, "--tls-starttls=on");

        assertThat(ended.code()).isNotZero();
        assertThat(ended.output()).containsIgnoringCase("certificate verification failed");
        assertNothingDelivered();
    }

    private Program.Ended msmtp(int port, TestCa trusted, String how) throws Exception {
        return Program.named("msmtp", "msmtp")
                .execute(
                        message,
                        List.of(
                                "--file=/dev/null",
                                "--host=localhost",
                                "--port=" + port,
                                "--domain=client.example",
                                "--tls=on",
                                how,
                                "--tls-trust-file=" + trusted.certificate(),
                                "--tls-certcheck=on",
                                "--auth=off",
                                "--from=" + SENDER,
                                "--",
                                RECIPIENT));
    }

    // ---- curl ----

    @Test
    void curlStartsTls() throws Exception {
        Program.Ended ended = curl("smtp://localhost:" + startTlsPort(), ca);

        assertThat(ended.code()).as(ended.output()).isZero();
        assertDelivered();
    }

    @Test
    void curlBeginsWithTls() throws Exception {
        Program.Ended ended = curl("smtps://localhost:" + implicitPort(), ca);

        assertThat(ended.code()).as(ended.output()).isZero();
        assertDelivered();
    }

    @Test
    void curlSendsNothingToAServerOfAnotherAuthority() throws Exception {
        Program.Ended ended = curl("smtp://localhost:" + startTlsPort(), stranger);

        assertThat(ended.code()).as(ended.output()).isEqualTo(60); // CURLE_PEER_FAILED_VERIFICATION
        assertNothingDelivered();
    }

    private Program.Ended curl(String url, TestCa trusted) throws Exception {
        return Program.named("curl", "curl")
                .execute(
                        nothing,
                        List.of(
                                "--silent",
                                "--show-error",
                                "--ssl-reqd",
                                "--cacert",
                                trusted.certificate().toString(),
                                url + "/client.example",
                                "--mail-from",
                                SENDER,
                                "--mail-rcpt",
                                RECIPIENT,
                                "--crlf",
                                "--upload-file",
                                message.toString()));
    }

    // ---- Python ----

    @Test
    void smtplibStartsTls() throws Exception {
        Path script = Files.writeString(folder.resolve("send.py"), """
                import smtplib, ssl, sys
                port, authority, sender, recipient, file = sys.argv[1:]
                with smtplib.SMTP("localhost", int(port), local_hostname="client.example", timeout=30) as server:
                    server.starttls(context=ssl.create_default_context(cafile=authority))
                    server.sendmail(sender, [recipient], open(file).read())
                """);

        Program.named("python3", "python3")
                .run(
                        nothing,
                        List.of(
                                "-I",
                                script.toString(),
                                "" + startTlsPort(),
                                ca.certificate().toString(),
                                SENDER,
                                RECIPIENT,
                                message.toString()));

        assertDelivered();
    }

    // ---- Postfix ----

    @Test
    void postfixVerifiesTheServerAndRelaysToIt() throws Exception {
        try (Postfix postfix = Postfix.client(folder, startTlsPort(), ca)) {
            postfix.send(SENDER, RECIPIENT, message);

            assertThat(postfix.logged("status=")).contains(" status=sent (250 ");
            assertThat(postfix.logged(" TLS connection established to "))
                    .contains(" Verified TLS connection established to localhost[127.0.0.1]:" + startTlsPort());
        }

        assertThat(received()).containsPattern("\tby gateway\\.example with ESMTPS id ");
        assertThat(received()).endsWith(MESSAGE.replace("\n", "\r\n"));
    }

    @Test
    void postfixKeepsItsMailIfTheServerIsOfAnotherAuthority() throws Exception {
        try (Postfix postfix = Postfix.client(folder, startTlsPort(), stranger)) {
            postfix.send(SENDER, RECIPIENT, message);

            assertThat(postfix.logged("status=")).contains(" status=deferred (Server certificate not ");
            assertThat(postfix.logged(" TLS connection established to ")).contains(" Untrusted TLS ");
        }

        assertNothingDelivered();
    }

    // ---- what has come ----

    private void assertDelivered() throws IOException {
        assertThat(received())
                .containsPattern("Received: from client\\.example \\(\\[127\\.0\\.0\\.1\\]\\)\r\n"
                        + "\t\\(using TLSv1\\.[23] TLS_[A-Z0-9_]+\\)\r\n\tby gateway\\.example with ESMTPS id ");
        // swaks ends the data of a file with a line break of its own.
        assertThat(received().replaceFirst("(\r\n)+$", "\r\n")).endsWith("\r\n" + MESSAGE.replace("\n", "\r\n"));
    }

    private String received() throws IOException {
        return new String(maildir.onlyMessage(), ISO_8859_1);
    }

    private void assertNothingDelivered() throws IOException {
        assertThat(maildir.messages()).isEmpty();
    }
}
