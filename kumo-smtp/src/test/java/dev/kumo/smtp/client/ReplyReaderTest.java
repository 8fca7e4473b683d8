package dev.kumo.smtp.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumo.core.mail.Reply;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {

    @Test
    void aReplyIsACodeAndItsLines() throws IOException {
        ServerReply reply = read("250-mx.example.com\r\n250-SIZE 1000\r\n250\r\n");

        assertThat(reply).isEqualTo(new ServerReply(250, List.of("mx.example.com", "SIZE 1000", "")));
    }

    @Test
    void repliesFollowEachOther() throws IOException {
        ReplyReader reader = reader("250 one\r\n250 two\n354\r\n");

        assertThat(reader.read().lines()).containsExactly("one");
        assertThat(reader.hasMore()).isTrue();
        assertThat(reader.read().lines()).containsExactly("two");
        assertThat(reader.read().code()).isEqualTo(354);
        assertThat(reader.hasMore()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n",
                "25\r\n",
                "\r\n",
                "2500 ok\r\n",
                "250_ok\r\n",
                "199 ok\r\n",
                "600 ok\r\n",
                "250-a\r\n251 b\r\n",
                "250-a\r\nb\r\n",
                "\u0662\u0665\u0660 ok\r\n",
                "-25 ok\r\n"
            })
    void whatIsNoReplyIsAnError(String text) {
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> read(text));
    }

    @Test
    void aLineHasItsBound() throws IOException {
        String longest = "a".repeat(ReplyReader.LONGEST_LINE - 5);

        assertThat(read("250 " + longest + "\r\n").lines()).containsExactly(longest);
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> read("250 " + longest + "aa\r\n"));
    }

    @Test
    void theNumberOfLinesHasItsBound() throws IOException {
        assertThat(read("250-a\r\n".repeat(99) + "250 b\r\n").lines()).hasSize(100);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> read("250-a\r\n".repeat(100) + "250 b\r\n"));
    }

    @Test
    void theWholeHasItsBound() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> read(("250-" + "a".repeat(1_500) + "\r\n").repeat(60) + "250 b\r\n"));
    }

    @Test
    void anEndBeforeTheEndIsOne() {
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> read("250-a\r\n250 b"));
    }

    @ParameterizedTest
    @CsvSource({
        "550 5.1.1 nobody here,550 5.1.1 nobody here",
        "550 nobody here,550 nobody here",
        "550 4.1.1 contradicts,550 4.1.1 contradicts",
        "550 5.1.01 no status,550 5.1.01 no status",
        "550 5.1.1,'550 5.1.1 '",
        "250 a\u0007b\u009fc,250 a?b?c",
        "250 sch\u00f6n,250 sch\u00f6n"
    })
    void whatIsKeptIsFitToBeShown(String said, String kept) throws IOException {
        assertThat(read(said + "\r\n").reply()).hasToString(kept);
    }

    @Test
    void theStatusIsTakenFromEachLine() throws IOException {
        assertThat(read("550-5.7.1 go\r\n550 5.7.1 away\r\n").reply()).isEqualTo(Reply.of(550, "5.7.1", "go\naway"));
    }

    @Test
    void longLinesAreCutAndManyLeftOut() throws IOException {
        Reply reply = read(("550-" + "\u00e4".repeat(600) + "\r\n").repeat(20) + "550 end\r\n")
                .reply();

        assertThat(reply.lines()).hasSize(10).containsOnly("\u00e4".repeat(240));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void repliesThatAreLegalAreReadAsTheyWereMade(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3_000; i++) {
            int code = 200 + random.nextInt(400);
            List<String> lines = random.ints(1 + random.nextInt(5), 0, 30)
                    .mapToObj(length -> text(random, length))
                    .toList();
            StringBuilder wire = new StringBuilder();
            for (int line = 0; line < lines.size(); line++) {
                wire.append(code)
                        .append(line == lines.size() - 1 ? ' ' : '-')
                        .append(lines.get(line))
                        .append("\r\n");
            }

            ServerReply reply = read(wire.toString());

            assertThat(reply).isEqualTo(new ServerReply(code, lines));
            assertThat(reply.reply().code()).isEqualTo(code);
        }
    }

    private static String text(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("5.1 \t-\u00e4\u0001az\u20ac".charAt(random.nextInt(11)));
        }
        return text.toString();
    }

    private static ServerReply read(String text) throws IOException {
        return reader(text).read();
    }

    private static ReplyReader reader(String text) {
        return new ReplyReader(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }
}
