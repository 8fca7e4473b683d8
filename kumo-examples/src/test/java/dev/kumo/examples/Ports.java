package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;

/** Ports of processes, seen from outside. */
final class Ports {

    private Ports() {}

    /** Nothing but a refused connection shows from outside that a process has heard the signal. */
    static void awaitClosed(int port) throws IOException {
        long start = System.nanoTime();
        while (accepts(port)) {
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("the port closes")
                    .isLessThan(Duration.ofMinutes(1));
        }
    }

    private static boolean accepts(int port) throws IOException {
        try {
            new RawClient(port).close();
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (SocketException reset) {
            return true; // the port closed with this connection in its queue: the next look tells
        }
    }
}
