package dev.kumo.http;

import dev.kumo.core.Reception;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether mail would be taken now, and why not: by the listener, by its embedder, by those who keep it. */
final class Liveness {

    private final Supplier<Optional<String>> given;
    private volatile @Nullable Reception reception;
    private volatile boolean closing;

    Liveness(Supplier<Optional<String>> given) {
        this.given = given;
    }

    void open(Reception house) {
        reception = house;
    }

    void beginClosing() {
        closing = true;
    }

    /** Why none would be; looked at anew each time, so that it recovers by itself. */
    Optional<String> trouble() {
        if (closing) {
            return Optional.of("shutting down");
        }
        Reception house = reception;
        return given.get().or(() -> house == null ? Optional.empty() : house.trouble());
    }
}
