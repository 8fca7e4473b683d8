package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.report.BounceReport;
import dev.kumo.core.report.FeedbackReport;
import dev.kumo.smtp.client.SmtpDelivery;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mail leaves with a trace header; what comes back of it, by real mail programs, tells whose it was. */
@Timeout(120)
class ReportsIT {

    @TempDir
    Path folder;

    private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();

    private final EsmtpListener listener = EsmtpListener.builder()
            .listen("127.0.0.1:0")
            .hostname("mx.sender.example")
            .domain("bounce.sender.example", domain -> domain.logOob(true))
            .domain("fbl.sender.example", domain -> domain.logArf(true))
            .traceHeaders(trace -> trace.includeMetaNames(List.of("tenant", "campaign")))
            .policy(Policy.onMessageReceived((peer, message) -> {
                message.meta().put("tenant", "acme").put("campaign", "spring");
                return Verdict.proceed();
            }))
            .build();

    private Mta mta;

    private void start(Delivery delivery) throws Exception {
        mta = Mta.builder()
                .listener(listener)
                .delivery(delivery)
                .observer(MtaObserver.of(records::add))
                .build();
        mta.start();
    }

    @AfterEach
    void stop() {
        mta.close();
    }

    private void swaks(String from, String to, Path data) throws Exception {
        Program.named("swaks", "swaks")
                .run(
                        Files.writeString(folder.resolve("nothing"), ""),
                        List.of(
                                "--server",
                                "127.0.0.1:" + listener.address().getPort(),
                                "--from",
                                from,
                                "--to",
                                to,
                                "--data",
                                "@" + data));
    }

    private <R extends LogRecord> R next(Class<R> kind) throws InterruptedException {
        LogRecord record = records.poll(60, TimeUnit.SECONDS);
        while (record != null && !kind.isInstance(record)) {
            record = records.poll(60, TimeUnit.SECONDS);
        }
        return kind.cast(record);
    }

    @Test
    void aComplaintTellsWhoseMailItIsAbout() throws Exception {
        Path mail = Files.writeString(folder.resolve("mail"), "Subject: buy\nFrom: shop@sender.example\n\nnow\n");
        start(Delivery.maildir(folder.resolve("mailbox")));
        swaks("news@bounce.sender.example", "joe@example.com", mail);
        String delivered = new String(new MaildirFolder(folder.resolve("mailbox")).onlyMessage(), UTF_8);
        assertThat(delivered).contains("X-KumoRef: ");
        Path complaint = Files.writeString(folder.resolve("complaint"), """
                From: <fbl@mailbox.example>
                To: <fbl@fbl.sender.example>
                Subject: a complaint
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=feedback-report; boundary="b"

                --b
                Content-Type: text/plain

                One of ours did not want this.
                --b
                Content-Type: message/feedback-report

                Feedback-Type: abuse
                User-Agent: Mailbox/1.0
                Version: 1

                --b
                Content-Type: message/rfc822

                %s
                --b--
                """.formatted(delivered.replace("\r\n", "\n")));

        swaks("fbl@mailbox.example", "fbl@fbl.sender.example", complaint);

        FeedbackReport report = next(LogRecord.Feedback.class).report();
        assertThat(report.supplementalTrace())
                .hasValueSatisfying(trace -> assertThat(trace.toString())
                        .contains("recipient=joe@example.com", "tenant=acme", "campaign=spring"));
    }

    @Test
    void aBounceOfPostfixTellsWhoseMailDidNotArrive() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path mail = Files.writeString(folder.resolve("mail"), "Subject: buy\nFrom: shop@sender.example\n\nnow\n");
        start(SmtpDelivery.to("127.0.0.1:" + port));
        try (Postfix postfix = Postfix.bouncing(folder, port, listener.address().getPort())) {
            swaks("news@bounce.sender.example", "joe@gone.example", mail);
            assertThat(next(LogRecord.Delivery.class)).isNotNull();
            postfix.logged("status=bounced");

            LogRecord.Oob bounce = next(LogRecord.Oob.class);

            BounceReport.Recipient recipient = bounce.recipient();
            assertThat(recipient.address()).contains("joe@gone.example");
            assertThat(recipient.status()).hasToString("5.1.1");
            assertThat(bounce.report().supplementalTrace())
                    .hasValueSatisfying(trace -> assertThat(trace.toString())
                            .contains("recipient=joe@gone.example", "tenant=acme", "campaign=spring"));
        }
    }
}
