package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Content;
import dev.kumo.core.spool.Draft;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What many recipients of one transaction may cost. */
class RecipientsTest {

    private static final String MAIL = "EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n";
    private static final String RCPT = "RCPT TO:<b@here.example>\r\n";

    @Test
    void takeOfTheMemoryOfAllSessions() {
        try (Wire wire = new Wire(options -> options.limits(limits -> limits.maxContentMemory(3 * 2048)))) {
            wire.send(MAIL).writes();

            wire.send(RCPT.repeat(6));

            assertThat(wire.lines())
                    .startsWith("250 2.1.5 OK", "250 2.1.5 OK", "250 2.1.5 OK", "250 2.1.5 OK")
                    .endsWith("452 4.3.1 insufficient system storage", "452 4.3.1 insufficient system storage")
                    .hasSize(6);
        }
    }

    @Test
    void areNoErrorsOfTheClientWhereMemoryIsShort() {
        try (Wire wire = new Wire(options ->
                options.limits(limits -> limits.maxContentMemory(2048).maxRefusedCommands(3)))) {
            wire.send(MAIL).writes();

            wire.send(RCPT.repeat(10));

            assertThat(wire.lines()).hasSize(10).endsWith("452 4.3.1 insufficient system storage");
            assertThat(wire.isOpen()).isTrue();
        }
    }

    @Test
    void cannotBeNamedWithoutEndWhereMemoryIsShort() {
        try (Wire wire = new Wire(options ->
                options.limits(limits -> limits.maxContentMemory(2048).maxIdleCommands(5)))) {
            wire.send(MAIL).writes();

            wire.send(RCPT.repeat(20));

            assertThat(wire.lines()).last().asString().startsWith("421 4.7.0 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"RSET\r\n", "EHLO again.example\r\n", "QUIT\r\n", "DATA\r\n.\r\n", "DATA\r\nbare\n.\r\n.\r\n"})
    void giveTheMemoryBackWithTheirTransaction(String end) {
        try (Wire wire = Wire.greeted()) {
            wire.send(MAIL + RCPT.repeat(3));
            assertThat(wire.context.budget().used()).isEqualTo(2 * 2048);

            wire.send(end);

            assertThat(wire.context.budget().used()).isZero();
        }
    }

    /** RFC 5321 section 4.5.3.1.10: those that were taken get their mail, however many came after them. */
    @Test
    void beyondTheLimitDoNotEndTheTransaction() {
        try (Wire wire = limited()) {
            wire.send(MAIL + RCPT.repeat(10) + "DATA\r\n").writes();

            wire.send(".\r\n");

            assertThat(wire.inbox.messages).hasSize(5);
            assertThat(wire.isOpen()).isTrue();
        }
    }

    @Test
    void beyondTheLimitWithoutEndAreRefusals() {
        try (Wire wire = limited()) {
            wire.send(MAIL).writes();

            wire.send(RCPT.repeat(20));

            assertThat(wire.lines()).hasSize(5 + 5 + 2 + 1).last().asString().startsWith("421 4.7.0");
        }
    }

    private static Wire limited() {
        return new Wire(options -> options.maxRecipientsPerMessage(5).limits(limits -> limits.maxRefusedCommands(2)));
    }

    /** Else one content of a stranger would be read a thousand times. */
    @Test
    void haveTheContentReadOnceToTellAReport() {
        AtomicInteger reads = new AtomicInteger();
        Inbox inbox = new Inbox();
        inbox.drafts = () -> counting(Draft.inMemory(), reads);
        try (Wire wire = new Wire(inbox, options -> options.domain("bounce.example", domain -> domain.logOob(true)))) {
            wire.send(MAIL + RCPT.replace("here", "bounce").repeat(50) + "DATA\r\n" + ReportContent.OOB);
            wire.runSteps();

            assertThat(wire.heard()).endsWith("250 2.6.0 report logged\r\n");
            assertThat(reads).hasValue(1);
        }
    }

    private static Draft counting(Draft draft, AtomicInteger reads) {
        return new Draft() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                draft.append(bytes);
            }

            @Override
            public Content finish() throws IOException {
                Content content = draft.finish();
                return new Content() {
                    @Override
                    public long size() {
                        return content.size();
                    }

                    @Override
                    public InputStream open() throws IOException {
                        reads.incrementAndGet();
                        return content.open();
                    }

                    @Override
                    public void writeTo(OutputStream out) throws IOException {
                        content.writeTo(out);
                    }
                };
            }

            @Override
            public void discard() {
                draft.discard();
            }
        };
    }
}
