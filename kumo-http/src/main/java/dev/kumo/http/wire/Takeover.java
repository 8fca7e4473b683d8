package dev.kumo.http.wire;

import dev.kumo.http.answer.RefusedException;
import io.netty.channel.Channel;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Answers a request by something that goes on, in place of an answer that ends. */
public abstract class Takeover {

    Takeover() {}

    /** Shows what is broadcast, as server-sent events (HTML standard, section 9.2). */
    public static Takeover events(Broadcast broadcast) {
        return new Takeover() {
            @Override
            Ongoing take(ServerContext server, RequestHead head, Channel channel, boolean http2) {
                EventStream stream = new EventStream(server, broadcast, channel, http2);
                broadcast.join(stream);
                return stream;
            }

            @Override
            int status() {
                return 200;
            }
        };
    }

    /**
     * Opens a WebSocket (RFC 6455).
     *
     * @param most how many there may be at once
     * @param dialogues makes what is said, given what is to be run when there is something to say again
     */
    public static Takeover socket(int most, Function<Runnable, Dialogue> dialogues) {
        Semaphore places = new Semaphore(most);
        return new Takeover() {
            @Override
            Ongoing take(ServerContext server, RequestHead head, Channel channel, boolean http2) {
                String key = TextSocket.key(head, http2);
                if (!places.tryAcquire()) {
                    throw new RefusedException(503, "there are " + most + " already; close one of them, or try later");
                }
                channel.closeFuture().addListener(closed -> places.release());
                return new TextSocket(server, channel, key, dialogues);
            }

            @Override
            int status() {
                return 101;
            }
        };
    }

    /**
     * Takes the connection of HTTP/1.1, or the stream of HTTP/2, of a request that was admitted and has come to its end. Called on the
     * event loop.
     *
     * @return what takes the place of the exchange, writes the head of the answer once it is added, and stays until the channel closes
     * @throws RefusedException if it will not; the exchange then answers
     */
    abstract Ongoing take(ServerContext server, RequestHead head, Channel channel, boolean http2);

    abstract int status();
}
