package dev.kumo.http;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Message;
import dev.kumo.http.answer.Printable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The injections that a listener has still to make messages of, known before it is open. */
final class GeneratorChores implements Chores {

    private static final Logger LOG = LoggerFactory.getLogger(Inject.class);

    private final String listener;
    private final Set<String> gone = ConcurrentHashMap.newKeySet();
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

    static String requireName(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name " + Printable.quoted(name)
                    + " is empty; give one by which the listener is known after a restart");
        }
        return name;
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
        if (open == null) {
            return Generator.CLOSING;
        }
        if (!isOurs(chore)) {
            warn(Promise.listenerOf(chore).orElse(""));
        }
        return open.generator().attempt(chore);
    }

    /** Once for each, as there may be thousands of chores. */
    private void warn(String other) {
        if (gone.add(other)) {
            LOG.warn(
                    "injections that {} promised are made by {}, by its policies and limits: no listener of that name is there",
                    Printable.quoted(other),
                    Printable.quoted(listener));
        }
    }
}
