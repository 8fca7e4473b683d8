package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void allBlocksOfAContentHaveATimeTogether() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(deaf.getInetAddress(), deaf.getLocalPort());
            Wire wire = Wire.connect(address, Optional.empty(), LONG, new Watchdog());
            OutputStream content = wire.content(LONG, Duration.ofMillis(200));
            byte[] block = new byte[1 << 16];

            assertThatThrownBy(() -> {
                        while (true) {
                            content.write(block);
                        }
                    })
                    .isInstanceOf(BrokenLinkException.class)
                    .hasMessage("no answer to the content within 200ms");
        }
    }
}
