package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.report.BounceReport;
import dev.kumo.core.report.DsnWriter;
import dev.kumo.core.report.DsnWriter.IncludeOriginal;
import dev.kumo.core.report.FailedDelivery;
import dev.kumo.core.report.MtaName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a {@link DsnWriter} writes, as another parser of mail reads it. */
@Timeout(120)
class BouncesInPythonIT {

    private static final Instant NOW = Instant.parse("2026-07-02T18:55:38Z");

    /** Prints the types of the parts, the fields of the status and the subject of what was returned; no part may have a defect. */
    private static final String SCRIPT = """
            import email, email.policy, sys
            sys.stdout.reconfigure(encoding="utf-8")
            with open(sys.argv[1], "rb") as file:
                report = email.message_from_binary_file(file, policy=email.policy.default)
            for part in report.walk():
                if part.defects:
                    sys.exit(repr(part.defects))
            print("To:", report["To"])
            print("Date:", report["Date"].datetime.isoformat())
            print(report.get_content_type(), report["Content-Type"].params["report-type"])
            parts = list(report.iter_parts())
            for part in parts:
                print("part", part.get_content_type())
            if "could not be delivered" not in parts[0].get_content():
                sys.exit("nothing for people")
            status = parts[1].get_payload()
            if isinstance(status, list) and len(status) == 1:
                blocks = [status[0].as_bytes(policy=email.policy.default.clone(utf8=True)).decode()]
            else:
                blocks = ["".join("%s: %s\\n" % field for field in block.items()) for block in status]
            for block in blocks:
                print("block")
                print(block.strip())
            if len(parts) > 2:
                returned = parts[2].get_payload()
                if isinstance(returned, list):
                    print("returned", returned[0]["Subject"])
                else:
                    print("returned", parts[2].get_payload(decode=True).decode().splitlines()[0])
            """;

    @TempDir
    Path folder;

    @Test
    void aBounceWithItsOriginal() throws Exception {
        assertThat(python(
                        mail("sender@example.com", false, "Subject: hello\r\n\r\nbody\r\n"),
                        "user@example.org",
                        IncludeOriginal.FULL_CONTENT))
                .isEqualTo("""
                        To: sender@example.com
                        Date: 2026-07-02T18:55:38+00:00
                        multipart/report delivery-status
                        part text/plain
                        part message/delivery-status
                        part message/rfc822
                        block
                        Original-Envelope-Id: QQ314159
                        Reporting-MTA: dns; mx.example.com
                        Arrival-Date: Thu, 02 Jul 2026 18:55:38 +0000
                        block
                        Final-Recipient: rfc822; user@example.org
                        Action: failed
                        Status: 5.1.1
                        Remote-MTA: dns; mx.example.org
                        Diagnostic-Code: smtp; 550 5.1.1 this is a rather long explanation of why nobody here has ever heard of this user
                        Last-Attempt-Date: Thu, 02 Jul 2026 18:55:38 +0000
                        returned hello
                        """);
    }

    @Test
    void aBounceWithAHeaderThatIsEightBit() throws Exception {
        assertThat(python(
                        mail("sender@example.com", false, "Subject: caf\u00e9\r\n\r\nbody\r\n"),
                        "user@example.org",
                        IncludeOriginal.HEADERS_ONLY))
                .contains("part text/rfc822-headers")
                .endsWith("returned Subject: caf\u00e9\n");
    }

    @Test
    void aBounceAlone() throws Exception {
        assertThat(python(
                        mail("sender@example.com", false, "Subject: hello\r\n\r\nbody\r\n"),
                        "user@example.org",
                        IncludeOriginal.NO))
                .contains("part message/delivery-status\nblock")
                .doesNotContain("returned");
    }

    @Test
    void anInternationalBounce() throws Exception {
        assertThat(python(
                        mail("j\u00fcrgen@example.com", true, "Subject: gr\u00fc\u00dfe\r\n\r\nbody\r\n"),
                        "\u0434\u0438\u043c\u0430@example.org",
                        IncludeOriginal.FULL_CONTENT))
                .contains("part message/global-delivery-status\npart message/global\n")
                .contains("Final-Recipient: utf-8; \u0434\u0438\u043c\u0430@example.org")
                .endsWith("returned gr\u00fc\u00dfe\n");
    }

    private String python(Message message, String recipient, IncludeOriginal include)
            throws IOException, InterruptedException {
        Reply reply = Reply.of(
                550, "5.1.1", "this is a rather long explanation of why\nnobody here has ever heard of this user");
        FailedDelivery failure = new FailedDelivery(
                message,
                List.of(new FailedDelivery.Recipient(
                        EnvelopeAddress.parse(recipient),
                        BounceReport.Action.FAILED,
                        new EnhancedStatus(5, 1, 1),
                        Optional.of(reply),
                        Optional.of(MtaName.dns("mx.example.org")),
                        Optional.of(NOW),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                Optional.of(NOW),
                Optional.of("QQ314159"),
                Optional.empty());
        DsnWriter writer = new DsnWriter(
                MtaName.dns("mx.example.com"), include, InstantSource.fixed(NOW), new SplittableRandom(1));
        Path file = folder.resolve("bounce.eml");
        try (OutputStream out = Files.newOutputStream(file)) {
            writer.write(failure).orElseThrow().writeTo(out);
        }
        Path script = Files.writeString(folder.resolve("read.py"), SCRIPT);
        Path nothing = Files.writeString(folder.resolve("nothing"), "");
        return Program.named("python3", "python3").run(nothing, List.of("-I", script.toString(), file.toString()));
    }

    private static Message mail(String sender, boolean utf8, String text) {
        return new Message(
                MessageId.next(NOW, new SplittableRandom(2)),
                new Envelope(EnvelopeAddress.parse(sender), List.of(EnvelopeAddress.parse("list@example.org")), utf8),
                new Meta(),
                Content.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
