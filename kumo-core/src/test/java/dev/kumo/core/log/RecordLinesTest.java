package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordLinesTest {

    private final TestMail.Log log = new TestMail.Log(RecordLinesTest.class);
    private final MtaObserver observer = MtaObserver.logging(RecordLinesTest.class.getName());

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void tellsARecordInOneLine() {
        observer.record(new LogRecord.TransientFailure(
                TestMail.NOW,
                MessageFacts.of(TestMail.message(1)),
                Reply.of(450, "4.2.1", "try\nlater"),
                Attempt.by("Maildir")));

        assertThat(log.lines())
                .containsExactly("TransientFailure id='" + TestMail.id(1) + "' from='sender@example.com'"
                        + " to='recipient@example.org' size=" + TestMail.TEXT.length()
                        + " queue='example.org' reply=450 4.2.1 'try later'");
    }

    @Test
    void quotesWhatStrangersSaid() {
        observer.record(new LogRecord.Rejection(
                TestMail.NOW,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 25),
                "evil\u001b[2J",
                Optional.of(EnvelopeAddress.parse("\"a b\"@example.com")),
                Optional.empty(),
                "MAIL",
                Reply.plain(550, "no"),
                "s-1",
                Map.of("a", List.of())));

        assertThat(log.lines())
                .containsExactly("Rejection from='\"a b\"@example.com' to='' peer='127.0.0.1' name='evil\\u001b[2J'"
                        + " command='MAIL' reply=550 'no' session='s-1'");
    }
}
