package dev.kumo.http;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Message;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The injections that a listener has still to make messages of, known before it is open. */
final class GeneratorChores implements Chores {

    private final String listener;
    private final Supplier<@Nullable Injector> injector;

    /**
     * Those of a listener.
     *
     * @param listener what it is called, also after a restart
     * @param injector none while it is not open
     */
    GeneratorChores(String listener, Supplier<@Nullable Injector> injector) {
        this.listener = listener;
        this.injector = injector;
    }

    @Override
    public String queue() {
        return Generator.QUEUE;
    }

    @Override
    public boolean isOurs(Message chore) {
        return Promise.isOf(listener, chore);
    }

    @Override
    public Outcome attempt(Message chore) {
        Injector open = injector.get();
        return open == null ? Generator.CLOSING : open.generator().attempt(chore);
    }
}
