package dev.kumo.core.delivery;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.util.Collections;
import java.util.List;

/** Throws messages away. */
final class Discard implements Delivery {

    private static final Outcome DISCARDED = new Outcome.Delivered(Reply.of(250, "2.0.0", "discarded"));

    @Override
    public List<Outcome> deliver(List<Message> batch) {
        return Collections.nCopies(batch.size(), DISCARDED);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }
}
