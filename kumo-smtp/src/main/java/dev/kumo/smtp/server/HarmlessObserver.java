package dev.kumo.smtp.server;

import dev.kumo.core.log.Link;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observer whose exceptions go to the log alone. Observers decide nothing: a message that was received stays so, and a
 * connection goes on, whatever becomes of the telling.
 */
final class HarmlessObserver implements MtaObserver {

    private static final Logger LOG = LoggerFactory.getLogger(HarmlessObserver.class);

    private final MtaObserver observer;

    private HarmlessObserver(MtaObserver observer) {
        this.observer = observer;
    }

    static MtaObserver of(MtaObserver observer) {
        return NONE.equals(observer) ? NONE : new HarmlessObserver(observer);
    }

    @Override
    public void record(LogRecord record) {
        tell(() -> observer.record(record));
    }

    @Override
    public void connected(Link link) {
        tell(() -> observer.connected(link));
    }

    @Override
    public void disconnected(Link link, Instant at) {
        tell(() -> observer.disconnected(link, at));
    }

    @Override
    public Selection wantedHeaders() {
        return observer.wantedHeaders();
    }

    private static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.error("An observer failed", e);
        }
    }
}
