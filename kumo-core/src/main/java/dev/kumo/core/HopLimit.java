package dev.kumo.core;

import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses mail that goes round in circles: each system that it passes adds a Received field (RFC 5321 section 6.3). */
final class HopLimit implements Reception {

    private static final Logger LOG = LoggerFactory.getLogger(HopLimit.class);

    private static final Reply LOOP = Reply.of(554, "5.4.6", "too many hops, this looks like a mail loop");
    private static final byte[] RECEIVED = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd', ':'};
    private static final int BUFFER = 4096;

    private final Hall hall;
    private final int most;
    private final boolean reading;

    /** Lets in what has at most so many Received fields; {@code reading} content may block, or not. */
    HopLimit(Hall hall, int most, boolean reading) {
        this.hall = hall;
        this.most = most;
        this.reading = reading;
    }

    @Override
    public CompletionStage<Reply> receive(List<Message> messages) {
        @Nullable Content counted = null;
        for (Message message : messages) {
            if (!message.content().equals(counted)) {
                counted = message.content(); // a thousand recipients share it, and what is on top of it is alike
                if (isBeyond(message)) {
                    LOG.warn("message {} has more than {} Received fields", message.id(), most);
                    return CompletableFuture.completedFuture(LOOP);
                }
            }
        }
        return hall.receive(messages);
    }

    private boolean isBeyond(Message message) {
        try (InputStream in = message.open()) {
            return count(in, most + 1) > most;
        } catch (IOException e) {
            LOG.error("cannot read the header of message {}", message.id(), e);
            return false; // whoever stores or sends it will fail, and say so
        }
    }

    /** Counts the Received fields of a header, up to a number, without making anything of it. */
    static int count(InputStream in, int enough) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int count = 0;
        int column = 0;
        boolean same = true;
        for (int length = in.read(buffer); length > 0 && count < enough; length = in.read(buffer)) {
            for (int i = 0; i < length; i++) {
                byte b = buffer[i];
                if (b == '\n') {
                    if (column == 0) {
                        return count;
                    }
                    column = 0;
                    same = true;
                } else if (b != '\r') {
                    same = same && column < RECEIVED.length && lower(b) == RECEIVED[column];
                    column++;
                    if (same && column == RECEIVED.length) {
                        count++;
                    }
                }
            }
        }
        return count;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }

    @Override
    public boolean mayBlock() {
        return reading || hall.mayBlock();
    }

    @Override
    public Optional<String> trouble() {
        return hall.trouble();
    }

    @Override
    public boolean takesChores() {
        return hall.takesChores();
    }

    @Override
    public Draft draft() {
        return hall.draft();
    }

    @Override
    public MtaObserver observer() {
        return hall.observer();
    }
}
