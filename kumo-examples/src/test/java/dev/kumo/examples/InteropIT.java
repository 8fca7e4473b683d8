package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.trace.SupplementalHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real clients hand a mail to the gateway, and it lands as they sent it, byte for byte. */
@Timeout(120)
class InteropIT {

    private static final String SENDER = "sender@client.example";
    private static final String RECIPIENT = "recipient@example.org";

    private static final Pattern ADDED = Pattern.compile("""
            Return-Path: <sender@client\\.example>\r
            X-KumoRef: (?<reference>[A-Za-z0-9+/=]+)\r
            Received: from client\\.example \\(\\[127\\.0\\.0\\.1\\]\\)\r
            \tby gateway\\.example with (?<with>ESMTP|SMTP) id (?<id>[0-9a-f]{32})\r
            \tfor <recipient@example\\.org>;\r
            \t(?<date>[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} \\+0000)\r
            """);

    /** What clients and servers get wrong: dots, long lines, bytes beyond ASCII, and white space at the end. */
    private static final String MESSAGE = """
            From: Sender <sender@client.example>
            To: Recipient <recipient@example.org>
            Date: Sun, 22 Nov 2026 01:02:03 +0000
            Message-ID: <1@client.example>
            Subject: Caf\u00e9
            MIME-Version: 1.0
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: 8bit

            .
            ..
            ...three
            .QUIT
            From here it is body.

            \u00e4\u00f6\u00fc\u00ff\u0080\u00a0\tand a tab
            %s
            .%s
            blanks at the end  \040

            the end


            """.formatted("x".repeat(998), "y".repeat(997));

    @TempDir
    Path folder;

    private Gateway gateway;
    private MaildirFolder maildir;
    private Path nothing;
    private Path withCrlf;
    private Path withLf;

    @BeforeEach
    void setUp() throws IOException {
        maildir = new MaildirFolder(folder.resolve("mail"));
        nothing = Files.createFile(folder.resolve("nothing"));
        withLf = Files.write(folder.resolve("lf.eml"), MESSAGE.getBytes(ISO_8859_1));
        withCrlf = Files.write(folder.resolve("crlf.eml"), crlf(MESSAGE));
        GatewayFile file = GatewayFile.of(Map.of(
                "esmtp_listeners",
                List.of(Map.of(
                        "listen",
                        "127.0.0.1:0",
                        "hostname",
                        "gateway.example",
                        "limits",
                        Map.of("close_grace_period", "0 seconds"))),
                "deliver",
                Map.of("maildir", maildir.root().toString())));
        gateway = Gateway.start(file, new ByteArrayOutputStream());
    }

    @AfterEach
    void tearDown() {
        gateway.close();
    }

    @Test
    void curl() throws Exception {
        Program.named("curl", "curl")
                .run(
                        nothing,
                        List.of(
                                "--silent",
                                "--show-error",
                                "smtp://127.0.0.1:" + port() + "/client.example",
                                "--mail-from",
                                SENDER,
                                "--mail-rcpt",
                                RECIPIENT,
                                "--upload-file",
                                withCrlf.toString()));

        assertDelivered("ESMTP", MESSAGE);
    }

    @Test
    void swaks() throws Exception {
        Program.named("swaks", "swaks")
                .run(
                        nothing,
                        List.of(
                                "--server",
                                "127.0.0.1:" + port(),
                                "--helo",
                                "client.example",
                                "--from",
                                SENDER,
                                "--to",
                                RECIPIENT,
                                "--data",
                                "@" + withLf));

        // swaks ends the data of a file with a line break of its own.
        assertDelivered("ESMTP", MESSAGE + "\n");
    }

    @Test
    void msmtp() throws Exception {
        Program.named("msmtp", "msmtp")
                .run(
                        withLf,
                        List.of(
                                "--file=/dev/null",
                                "--host=127.0.0.1",
                                "--port=" + port(),
                                "--domain=client.example",
                                "--tls=off",
                                "--auth=off",
                                "--from=" + SENDER,
                                "--",
                                RECIPIENT));

        assertDelivered("ESMTP", MESSAGE);
    }

    @Test
    void smtplib() throws Exception {
        Path script = Files.writeString(folder.resolve("send.py"), """
                import smtplib, sys
                port, sender, recipient, file = sys.argv[1:]
                with smtplib.SMTP("127.0.0.1", int(port), local_hostname="client.example", timeout=30) as server:
                    server.sendmail(sender, [recipient], open(file, "rb").read())
                """);

        Program.named("python3", "python3")
                .run(nothing, List.of("-I", script.toString(), "" + port(), SENDER, RECIPIENT, withCrlf.toString()));

        assertDelivered("ESMTP", MESSAGE);
    }

    @Test
    void smtpSource() throws Exception {
        Program.named("smtp-source", "postfix")
                .run(
                        nothing,
                        List.of(
                                "-M",
                                "client.example",
                                "-f",
                                SENDER,
                                "-t",
                                RECIPIENT,
                                "-F",
                                withLf.toString(),
                                "127.0.0.1:" + port()));

        // It says HELO, and ends the data of a file with a line break of its own.
        assertDelivered("SMTP", MESSAGE + "\n");
    }

    @Test
    void aThousandMessagesOverTwentyConnectionsAreAThousandFiles() throws Exception {
        Program.named("smtp-source", "postfix")
                .run(
                        nothing,
                        List.of(
                                "-s",
                                "20",
                                "-m",
                                "1000",
                                "-l",
                                "2000",
                                "-d",
                                "-M",
                                "client.example",
                                "-f",
                                SENDER,
                                "-t",
                                RECIPIENT,
                                "127.0.0.1:" + port()));

        assertThat(distinctIds()).hasSize(1000);
        assertThat(maildir.messages()).hasSize(1000);
    }

    @Test
    void pipelinedTransactionsAreAllKept() throws Exception {
        int transactions = 100;
        StringBuilder everything = new StringBuilder("EHLO client.example\n");
        for (int i = 1; i <= transactions; i++) {
            everything
                    .append("MAIL FROM:<" + SENDER + ">\nRCPT TO:<" + RECIPIENT + ">\nDATA\n")
                    .append("Subject: " + i + "\n\n..\n.\n");
        }
        List<String> replies = new ArrayList<>();

        try (RawClient client = new RawClient(port())) {
            client.send(everything + "QUIT\n");
            for (String reply = client.reply(); !reply.equals("closed"); reply = client.reply()) {
                replies.add(reply);
            }
        }

        assertThat(replies).hasSize(2 + 4 * transactions + 1);
        assertThat(replies)
                .filteredOn(reply -> reply.startsWith("250 2.6.0 accepted, id "))
                .hasSize(transactions);
        assertThat(distinctIds()).hasSize(transactions);
        Set<String> contents = new HashSet<>();
        for (Path message : maildir.messages()) {
            contents.add(afterAdded(Files.readAllBytes(message)));
        }
        assertThat(contents).hasSize(transactions).contains("Subject: 1\r\n\r\n.\r\n", "Subject: 100\r\n\r\n.\r\n");
    }

    private Set<String> distinctIds() throws IOException {
        Set<String> ids = new HashSet<>();
        for (Path message : maildir.messages()) {
            ids.add(added(Files.readAllBytes(message)).group("id"));
        }
        return ids;
    }

    private void assertDelivered(String with, String sent) throws IOException {
        byte[] file = maildir.onlyMessage();
        Matcher added = added(file);

        assertThat(added.group("with")).isEqualTo(with);
        assertThat(SupplementalHeader.decode(added.group("reference")))
                .isEqualTo(Optional.of(Map.of("recipient", RECIPIENT)));
        assertThat(OffsetDateTime.parse(added.group("date"), DateTimeFormatter.RFC_1123_DATE_TIME))
                .isNotNull();
        // In this charset a character is a byte, and a difference can be read.
        assertThat(afterAdded(file)).isEqualTo(new String(crlf(sent), ISO_8859_1));
    }

    private static Matcher added(byte[] file) {
        String text = new String(file, ISO_8859_1);
        Matcher added = ADDED.matcher(text);
        assertThat(added.lookingAt()).as(text).isTrue();
        return added;
    }

    private static String afterAdded(byte[] file) {
        return new String(file, ISO_8859_1).substring(added(file).end());
    }

    private int port() {
        return gateway.addresses().get(0).getPort();
    }

    private static byte[] crlf(String text) {
        return text.replace("\n", "\r\n").getBytes(ISO_8859_1);
    }
}
