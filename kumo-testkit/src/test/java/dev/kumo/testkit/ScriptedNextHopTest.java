package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.net.IpLiteral;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScriptedNextHopTest {

    @Test
    void playsItsScript() throws IOException {
        try (ScriptedNextHop hop = ScriptedNextHop.playing("""
                S: 220-one
                S: 220 two
                C: DATA *
                S: 354 go
                C: (content)
                C: BDAT 3 LAST
                C: (chunk)
                C: (closed)
                """)) {
            assertThat(say(hop, "DATA x\r\na\r\n..\r\n.\r\nBDAT 3 LAST\r\n.\r\n", 18))
                    .isEqualTo("220-one\r\n220 two\r\n");
            hop.verify();
            assertThat(hop.said()).containsExactly("DATA x", "BDAT 3 LAST");
            assertThat(hop.contents()).containsExactly("a\r\n..\r\n", ".\r\n");
            assertThat(hop.connections()).isEqualTo(1);
        }
    }

    @Test
    void tellsWhatAClientSaidInstead() throws IOException {
        try (ScriptedNextHop hop = ScriptedNextHop.playing("C: EHLO *\n")) {
            say(hop, "HELO\tx\r\n", 0);

            fails(hop, "connection 1: line 1 of the script, EHLO *: the client said HELO\\tx");
        }
    }

    @Test
    void tellsOfAClientThatWentTooSoon() throws IOException {
        try (ScriptedNextHop hop = ScriptedNextHop.playing("C: EHLO *\n")) {
            say(hop, "", 0);

            fails(hop, "connection 1: line 1 of the script, EHLO *: the client has closed the connection");
        }
    }

    @Test
    void tellsOfAClientThatWentOn() throws IOException {
        try (ScriptedNextHop hop = ScriptedNextHop.playing("C: (closed)\n")) {
            say(hop, "QUIT\r\n", 0);

            fails(hop, "connection 1: line 1 of the script, (closed): the client said QUIT");
        }
    }

    @Test
    void tellsOfConnectionsThatWereNotMade() {
        try (ScriptedNextHop hop = ScriptedNextHop.playing("S: 220 one\n")) {
            fails(hop, "connection 1: was not made");
        }
    }

    @Test
    void tellsOfConnectionsThatNobodyExpected() throws IOException {
        try (ScriptedNextHop hop = ScriptedNextHop.playing()) {
            say(hop, "", 1);

            fails(hop, "connection 1 has no script");
        }
    }

    @Test
    void refusesALineThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScriptedNextHop.playing("S: 220 x\nEHLO\n"))
                .withMessage("line 2 of the script begins with none of C: S: and #: 'EHLO'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScriptedNextHop.playing("C: (drop)\n"))
                .withMessage("line 1 of the script: (drop) is none of [content, chunk, closed]");
    }

    private static void fails(ScriptedNextHop hop, String message) {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(hop::verify).withMessage(message);
    }

    /** Says a text, and hears as many octets, or the end. */
    private static String say(ScriptedNextHop hop, String text, int heard) throws IOException {
        try (Socket socket = new Socket(IpLiteral.parse("127.0.0.1"), hop.port())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String said = new String(in.readNBytes(heard), StandardCharsets.US_ASCII);
            socket.shutdownOutput();
            in.readAllBytes();
            return said;
        }
    }
}
