package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HeardRecordsTest {

    @RegisterExtension
    final TestMta mta = TestMta.listening(listener -> {});

    private static LogRecord rejection() {
        return new LogRecord.Rejection(
                TestClock.START,
                InetSocketAddress.createUnresolved("192.0.2.1", 25),
                "",
                Optional.empty(),
                Optional.empty(),
                "",
                Reply.plain(554, "no"),
                "",
                Map.of());
    }

    @RepeatedTest(2)
    void hearWhatAnMtaTells() throws IOException {
        SocketClient.send(mta.address(), "a@client.example", "b@example.com", "Subject: Hello", "", "World");

        assertThat(mta.log().await(1)).extracting(LogRecord::type).containsExactly("Reception");
        assertThat(mta.log().records(LogRecord.Reception.class))
                .singleElement()
                .satisfies(reception -> assertThat(reception.message().sender()).hasToString("a@client.example"));
        assertThat(mta.log().records(LogRecord.Bounce.class)).isEmpty();
    }

    @Test
    void areWaitedFor() throws InterruptedException {
        HeardRecords heard = new HeardRecords();
        Thread teller = new Thread(() -> heard.record(rejection()));
        teller.start();

        assertThat(heard.await(1)).containsExactly(rejection());
        teller.join();
    }

    @Test
    void whatDoesNotComeIsAFailureThatSaysWhatCame() {
        HeardRecords heard = new HeardRecords();
        heard.record(rejection());
        Thread.currentThread().interrupt(); // or it would wait for ten seconds

        assertThatThrownBy(() -> heard.await(2))
                .isInstanceOf(AssertionError.class)
                .hasMessage("expected 2 records, heard [Rejection]");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void areBounded() {
        HeardRecords heard = new HeardRecords();
        for (int i = 0; i < HeardRecords.MOST + 10; i++) {
            heard.record(rejection());
        }

        assertThat(heard.records()).hasSize(HeardRecords.MOST);
    }
}
