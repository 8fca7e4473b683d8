package dev.kumo.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.SessionTrace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the listeners of an MTA see of the house. */
class HouseReceptionTest {

    private static final class Door implements Listener {

        private final List<LogRecord> heard = new ArrayList<>();
        private final MtaObserver observer = MtaObserver.of(heard::add);
        private final int connections;
        private @Nullable Reception reception;

        Door(int connections) {
            this.connections = connections;
        }

        @Override
        public void open(Reception hall) {
            reception = hall;
        }

        @Override
        public void close() {
            reception = null;
        }

        @Override
        public MtaObserver observer() {
            return observer;
        }

        @Override
        public ListenerState state(int links) {
            return new ListenerState(
                    "DOOR", Optional.of(InetSocketAddress.createUnresolved("door", 1)), connections, List.of());
        }

        Reception reception() {
            return Objects.requireNonNull(reception);
        }
    }

    @Test
    void aListenerHearsOfMailOnceEvenIfItIsGivenAsAnObserverToo() throws IOException {
        Door door = new Door(0);
        try (Mta mta = Mta.builder()
                .listener(door)
                .delivery(Delivery.discard())
                .observer(door.observer)
                .build()) {
            mta.start();
            assertThat(door.reception().receive(TestMail.messages(1))).isCompleted();
        }

        assertThat(door.heard).extracting(LogRecord::type).containsExactly("Reception", "Delivery");
    }

    @Test
    void eachListenerSeesHowItStandsWithAllOfThem() throws IOException {
        Door first = new Door(3);
        Door second = new Door(5);
        try (Mta mta = Mta.builder().listener(first).listener(second).build()) {
            mta.start();
            assertThat(second.reception().listeners(10))
                    .isEqualTo(mta.listeners(10))
                    .extracting(ListenerState::connections)
                    .containsExactly(3, 5);
        }
    }

    @Test
    void theListenersShareOneTrace() throws IOException {
        Door first = new Door(0);
        Door second = new Door(0);
        try (Mta mta = Mta.builder().listener(first).listener(second).build()) {
            mta.start();
            SessionTrace trace = first.reception().trace();
            assertThat(second.reception().trace()).isSameAs(trace);
        }
    }
}
