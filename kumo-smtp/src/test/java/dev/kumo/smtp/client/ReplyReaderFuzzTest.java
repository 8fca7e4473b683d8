package dev.kumo.smtp.client;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.core.mail.Reply;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;

/** Without {@code JAZZER_FUZZ=1} this runs over the inputs that are kept beside it. */
class ReplyReaderFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void whatAServerSaysIsARowOfRepliesOrAnError(byte[] octets) throws IOException {
        ReplyReader reader = new ReplyReader(new ByteArrayInputStream(octets));
        try {
            while (true) {
                ServerReply said = reader.read();
                Reply kept = said.reply();
                require(kept.code() == said.code() && !kept.lines().isEmpty(), said);
                require(kept.wire().length() <= 10 * 512, said);
                require(said.as(451).isTransient(), said);
                Capabilities offered = Capabilities.of(said);
                require(offered.largestMessage() > 0, said);
                require(offered.limit("RCPTMAX").orElse(1) > 0, said);
            }
        } catch (ProtocolException | EOFException expected) {
            require(!expected.getMessage().isEmpty(), expected);
        }
    }

    private static void require(boolean held, Object what) {
        if (!held) {
            throw new AssertionError(what.toString());
        }
    }
}
