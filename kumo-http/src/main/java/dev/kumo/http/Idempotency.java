package dev.kumo.http;

import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.secret.Digests;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request that comes again as it was answered first, and does nothing more
 * (draft-ietf-httpapi-idempotency-key-header): a client that has lost the answer may send again without fear.
 *
 * <p>A key is the caller's own. What is kept is bounded by number, size and time, the oldest being forgotten first, and
 * ends with the process. An answer that did nothing is not kept: the request may be sent again to be tried again.
 */
final class Idempotency {

    static final String HEADER = "Idempotency-Key";

    private static final int LONGEST_KEY = 255;
    private static final long MOST_BYTES = 16L * 1024 * 1024;
    private static final int OVERHEAD = 256;

    private final int mostKeys;
    private final Duration kept;
    private final InstantSource time;
    /** Whose key it is, and for what. */
    private record Name(String caller, String path, String key) {}

    private final Map<Name, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    Idempotency(int mostKeys, Duration kept, InstantSource time) {
        this.mostKeys = mostKeys;
        this.kept = kept;
        this.time = time;
    }

    /** A request under a key; without an answer while it is worked on. */
    private static final class Entry {
        private final byte[] fingerprint;
        private final Instant since;
        private @Nullable Response answer;

        Entry(byte[] fingerprint, Instant since) {
            this.fingerprint = fingerprint;
            this.since = since;
        }

        long size() {
            return (long) OVERHEAD + (answer == null ? 0 : answer.body().length);
        }
    }

    /**
     * A handler that does the work of another once for each key.
     *
     * @param worthKeeping whether an answer says that something was done
     */
    Handler around(Handler handler, Predicate<Response> worthKeeping) {
        return request -> {
            Optional<String> key = key(request);
            if (key.isEmpty()) {
                return handler.handle(request);
            }
            Name name = new Name(request.caller().name(), request.path(), key.get());
            Entry entry = new Entry(Digests.sha256(request.body()), time.instant());
            Optional<Response> known = begin(name, entry);
            if (known.isPresent()) {
                return known.get();
            }
            Response answer = null;
            try {
                answer = handler.handle(request);
                return answer;
            } finally {
                end(name, entry, answer != null && worthKeeping.test(answer) ? answer : null);
            }
        };
    }

    /** The key, a string of RFC 9651 section 3.3.3; the quotes may be left out, as most clients do. */
    private static Optional<String> key(Request request) {
        if (request.headers(HEADER).isEmpty()) {
            return Optional.empty();
        }
        String value = String.join(",", request.headers(HEADER)).strip();
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        String key = quoted ? value.substring(1, value.length() - 1) : value;
        boolean fit = !key.isEmpty()
                && key.length() <= LONGEST_KEY
                && key.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\' && (quoted || c != ','));
        if (!fit) {
            throw new RefusedException(
                    400,
                    HEADER + " is one string of 1 to " + LONGEST_KEY
                            + " printable ASCII characters without quotes and backslashes, such as a UUID");
        }
        return Optional.of(key);
    }

    /** Finds what is known of a key, or makes it known. */
    private synchronized Optional<Response> begin(Name name, Entry entry) {
        forget();
        Entry first = entries.putIfAbsent(name, entry);
        if (first == null) {
            bytes += entry.size();
            return Optional.empty();
        }
        if (!MessageDigest.isEqual(first.fingerprint, entry.fingerprint)) {
            throw new RefusedException(422, HEADER + " was used before with another body; take a new key");
        }
        if (first.answer == null) {
            throw new RefusedException(
                    409, "the same request, by its " + HEADER + ", is still worked on; ask again later");
        }
        return Optional.of(first.answer);
    }

    private synchronized void end(Name name, Entry entry, @Nullable Response answer) {
        bytes -= entry.size();
        entry.answer = answer;
        if (answer == null) {
            entries.remove(name, entry);
        } else {
            bytes += entry.size();
            forget();
        }
    }

    /** What is too old or too much; never a request that is still worked on. */
    private void forget() {
        Instant oldest = time.instant().minus(kept);
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            Entry entry = all.next();
            boolean tooMuch = entries.size() > mostKeys || bytes > MOST_BYTES;
            if (!tooMuch && !entry.since.isBefore(oldest)) {
                return;
            }
            if (entry.answer != null) {
                bytes -= entry.size();
                all.remove();
            }
        }
    }

    /** How many keys are known. */
    synchronized int size() {
        return entries.size();
    }

    /** What its keys are made of, for the OpenAPI document. */
    static Map<String, Object> schema() {
        return Map.of("type", "string", "minLength", 1, "maxLength", LONGEST_KEY);
    }
}
