package dev.kumo.examples;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.report.BounceReport;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Writes one line per message, and one per refusal, in UTF-8. What strangers said is escaped, so that a line stays a
 * line and shows what is there.
 *
 * <p>Lines leave when the buffer is full, or a moment after the first of them: a person sees a line at once, and 30,000
 * lines a second are not 30,000 system calls.
 */
final class MessageLines implements MtaObserver, AutoCloseable {

    private static final int BUFFER = 1 << 16;
    private static final long MOMENT_MILLIS = 20;

    private final PrintStream out;
    private final ScheduledThreadPoolExecutor flusher;
    private final AtomicBoolean flushIsDue = new AtomicBoolean();

    MessageLines(OutputStream out) {
        // A PrintStream does not throw: that nobody reads the lines any more is no reason to stop taking mail.
        this.out = new PrintStream(new BufferedOutputStream(out, BUFFER), false, StandardCharsets.UTF_8);
        this.flusher = new ScheduledThreadPoolExecutor(1, MessageLines::daemon, new ThreadPoolExecutor.DiscardPolicy());
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "gateway-flush");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void record(LogRecord record) {
        if (record instanceof LogRecord.Delivery delivery) {
            write(
                    delivery.at(),
                    "delivered",
                    delivery.message(),
                    delivery.reply().toString());
        } else if (record instanceof LogRecord.TransientFailure failure) {
            write(failure.at(), "deferred", failure.message(), failure.reply().toString());
        } else if (record instanceof LogRecord.Bounce bounce) {
            write(bounce.at(), "refused", bounce.message(), bounce.reply().toString());
        } else if (record instanceof LogRecord.Feedback feedback) {
            write(
                    feedback.at(),
                    "complaint",
                    feedback.message(),
                    feedback.report().feedbackType());
        } else if (record instanceof LogRecord.Oob oob) {
            BounceReport.Response response = oob.recipient().response();
            write(
                    oob.at(),
                    "bounce",
                    oob.message(),
                    oob.recipient().address() + ": " + response.code() + " " + response.status() + " "
                            + response.content());
        } else if (record instanceof LogRecord.Rejection rejection) {
            write(rejection);
        }
    }

    private void write(Instant at, String what, MessageFacts message, String reply) {
        String recipients =
                message.recipients().stream().map(MessageLines::path).collect(Collectors.joining(","));
        Object client = message.meta().getOrDefault("received_from", "-");
        print(at + " " + what + " id=" + message.id() + " from=" + path(message.sender()) + " to=" + recipients
                + " size=" + message.size() + " client=" + escaped(client.toString()) + " reply=\"" + escaped(reply)
                + "\"");
    }

    private void write(LogRecord.Rejection rejection) {
        InetSocketAddress client = rejection.client();
        print(rejection.at() + " rejected " + (rejection.verb().isEmpty() ? "-" : rejection.verb()) + " from="
                + rejection.sender().map(MessageLines::path).orElse("-") + " to="
                + rejection.recipient().map(MessageLines::path).orElse("-") + " client="
                + client.getAddress().getHostAddress() + ":" + client.getPort() + " reply=\""
                + escaped(rejection.reply().toString()) + "\"");
    }

    private static String path(EnvelopeAddress address) {
        return "<" + escaped(address.toString()) + ">";
    }

    /** What strangers said, as it may be shown. */
    static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                safe.append('\\').append((char) c);
            } else if (isShown(c)) {
                safe.appendCodePoint(c);
            } else {
                safe.append(String.format(Locale.ROOT, Character.isBmpCodePoint(c) ? "\\u%04x" : "\\u{%x}", c));
            }
        });
        return safe.toString();
    }

    /** Not what moves a cursor, ends a line, turns the direction of writing, or cannot be written in UTF-8. */
    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private void print(String line) {
        out.println(line);
        if (flushIsDue.compareAndSet(false, true)) {
            flusher.schedule(this::flush, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void flush() {
        flushIsDue.set(false); // first: a line that comes while the buffer is written asks for a flush of its own
        out.flush();
    }

    /** Writes lines of the gateway's own, which leave now. */
    void say(List<String> own) {
        own.forEach(out::println);
        out.flush();
    }

    /** Writes what waits, and leaves the stream open. */
    @Override
    public void close() {
        flusher.shutdownNow();
        out.flush();
    }
}
