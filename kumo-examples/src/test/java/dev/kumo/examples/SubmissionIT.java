package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real clients show who they are and hand over a mail; with a wrong password they do not. */
@Timeout(120)
class SubmissionIT {

    @TempDir
    Path folder;

    private Path message;
    private MaildirFolder maildir;
    private SubmissionServer server;

    @BeforeEach
    void start() throws Exception {
        message = Files.writeString(folder.resolve("mail.eml"), "Subject: sealed\n\nhello\n");
        maildir = new MaildirFolder(folder.resolve("mail"));
        server = SubmissionServer.start("127.0.0.1:0", folder.resolve("mail"), Map.of("daniel", "tiger and lion"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int port() {
        return server.listener().address().getPort();
    }

    private Program.Ended swaks(String password) throws Exception {
        return Program.named("swaks", "swaks libnet-ssleay-perl")
                .execute(
                        message,
                        List.of(
                                "--server",
                                "127.0.0.1:" + port(),
                                "--tls",
                                "--auth",
                                "PLAIN",
                                "--auth-user",
                                "daniel",
                                "--auth-password",
                                password,
                                "--from",
                                "daniel@example.com",
                                "--to",
                                "b@example.org",
                                "--data",
                                "@" + message));
    }

    private Program.Ended curl(String password) throws Exception {
        return Program.named("curl", "curl")
                .execute(
                        message,
                        List.of(
                                "--silent",
                                "--show-error",
                                "--crlf",
                                "--ssl-reqd",
                                "--insecure",
                                "--user",
                                "daniel:" + password,
                                "smtp://127.0.0.1:" + port(),
                                "--mail-from",
                                "daniel@example.com",
                                "--mail-rcpt",
                                "b@example.org",
                                "--upload-file",
                                "-"));
    }

    private Program.Ended msmtp(String password) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--file=/dev/null",
                "--host=127.0.0.1",
                "--port=" + port(),
                "--tls=on",
                "--tls-starttls=on",
                "--tls-certcheck=off",
                "--auth=plain",
                "--user=daniel",
                "--passwordeval=echo " + password,
                "--from=daniel@example.com",
                "--",
                "b@example.org"));
        return Program.named("msmtp", "msmtp").execute(message, arguments);
    }

    private void assertTaken(Program.Ended ended) throws Exception {
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(new String(maildir.onlyMessage(), UTF_8)).contains("with ESMTPSA", "Subject: sealed");
    }

    private void assertRefused(Program.Ended ended) throws Exception {
        assertThat(ended.code()).isNotZero();
        assertThat(ended.output()).contains("535");
        assertThat(maildir.messages()).isEmpty();
    }

    @Test
    void swaksSubmits() throws Exception {
        assertTaken(swaks("tiger and lion"));
    }

    @Test
    void swaksWithAWrongPasswordDoesNot() throws Exception {
        assertRefused(swaks("mouse"));
    }

    @Test
    void curlSubmits() throws Exception {
        assertTaken(curl("tiger and lion"));
    }

    @Test
    void msmtpSubmits() throws Exception {
        assertTaken(msmtp("tiger and lion"));
    }

    @Test
    void msmtpWithAWrongPasswordDoesNot() throws Exception {
        assertRefused(msmtp("mouse"));
    }
}
