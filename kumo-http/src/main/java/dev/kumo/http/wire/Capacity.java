package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.RefusedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all requests of a listener may cost at once. */
final class Capacity {

    private final int maxRequests;
    private final long maxBodyMemory;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong memory = new AtomicLong();

    Capacity(int maxRequests, long maxBodyMemory) {
        this.maxRequests = maxRequests;
        this.maxBodyMemory = maxBodyMemory;
    }

    /**
     * Looks whether a request could be worked on.
     *
     * @throws RefusedException if there are too many already
     */
    void requireRoom() {
        if (requests.get() >= maxRequests) {
            throw tooMany();
        }
    }

    /**
     * A request is worked on from now on.
     *
     * @throws RefusedException if there are too many; it is then not to be ended
     */
    void begin() {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            throw tooMany();
        }
    }

    void end() {
        requests.decrementAndGet();
    }

    void take(int bytes) {
        if (memory.addAndGet(bytes) > maxBodyMemory) {
            memory.addAndGet(-bytes);
            throw busy("the bodies of other requests fill the memory for them");
        }
    }

    void give(long bytes) {
        memory.addAndGet(-bytes);
    }

    /** Bytes of bodies that are held now. */
    long memory() {
        return memory.get();
    }

    int requests() {
        return requests.get();
    }

    private static RefusedException tooMany() {
        return busy("too many requests are worked on");
    }

    private static RefusedException busy(String why) {
        return new RefusedException(
                Answer.problem(503, why + "; try again later").header("Retry-After", "1"));
    }
}
