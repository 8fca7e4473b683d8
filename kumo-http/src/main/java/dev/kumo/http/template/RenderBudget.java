package dev.kumo.http.template;

import java.time.Duration;
import java.util.function.LongSupplier;

/** What filling the templates of one message may cost: characters of output, and time. */
public final class RenderBudget {

    private final int most;
    private final Duration longest;
    private final LongSupplier nanoTime;
    private final long deadline;
    private long left;

    public RenderBudget(int most, Duration longest, LongSupplier nanoTime) {
        this.most = most;
        this.longest = longest;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + longest.toNanos();
        this.left = most;
    }

    /** Takes a text into account. */
    String spent(String text) throws TemplateException {
        spend(text.length());
        return text;
    }

    void spend(int characters) throws TemplateException {
        left -= characters;
        requireSize(most - left);
    }

    /** Gives back what was spent for a text that does not go out. */
    public void refund(String text) {
        left += text.length();
    }

    /** Looks at the length of the whole message. */
    public void requireSize(long bytes) throws TemplateException {
        if (bytes > most) {
            throw new TemplateException(
                    "the message becomes longer than max_message_size, which is " + most + " bytes");
        }
    }

    boolean isLate() {
        return nanoTime.getAsLong() - deadline > 0;
    }

    void requireTime() throws TemplateException {
        if (isLate()) {
            throw TemplateException.late(
                    "to fill the templates took longer than render_timeout, which is " + longest.toMillis() + " ms");
        }
    }
}
