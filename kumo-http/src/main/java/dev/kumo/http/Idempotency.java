package dev.kumo.http;

import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.secret.Digests;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request that comes again as it was answered first, and does nothing more
 * (draft-ietf-httpapi-idempotency-key-header): a client that has lost the answer may send again without fear.
 *
 * <p>A key is the caller's own, and kept for its time: where there is no room, a new key is refused, as to forget an old
 * one would break its promise. A caller may hold as many keys as are still free, so one alone cannot shut out the others.
 * All ends with the process. An answer that did nothing is not kept: the request may be sent again to be tried again.
 */
final class Idempotency {

    static final String HEADER = "Idempotency-Key";

    private static final int LONGEST_KEY = 255;
    private static final long LEAST_ROOM = 16L * 1024 * 1024;
    private static final long ROOM_FOR_EACH = 1024;
    private static final int OVERHEAD = 512;

    private static final Response TOO_LONG_TO_KEEP = Response.problem(
            409,
            "the same request, by its " + HEADER + ", was worked on before; its answer was too long to be kept, and"
                    + " nothing is done again");

    private final int mostKeys;
    private final long mostBytes;
    private final Duration kept;
    private final InstantSource time;

    /** A user may be called like the address of a host, and is not that host. */
    private record Owner(boolean isUser, String name) {}

    /** Whose key it is, and for what. */
    private record Name(Owner owner, String path, String key) {}

    /** What one owner's keys take. */
    private static final class Share {
        private int keys;
        private long bytes;
    }

    private final Map<Name, Entry> entries = new LinkedHashMap<>();
    private final Map<Owner, Share> shares = new HashMap<>();
    private long bytes;

    Idempotency(int mostKeys, Duration kept, InstantSource time) {
        this.mostKeys = mostKeys;
        this.mostBytes = Math.max(LEAST_ROOM, mostKeys * ROOM_FOR_EACH);
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

    /** What is to be done once for each key. If it throws, nothing was done. */
    @FunctionalInterface
    interface Work {
        Outcome handle(Request request) throws Exception;
    }

    /**
     * What became of it.
     *
     * @param done whether something was done, or may have been, that a repeat must not do again
     */
    record Outcome(Response answer, boolean done) {}

    /** A handler that does some work once for each key. */
    Handler around(Work work) {
        return request -> {
            Optional<String> key = key(request);
            if (key.isEmpty()) {
                return work.handle(request).answer();
            }
            Caller caller = request.caller();
            Owner owner = new Owner(caller.user().isPresent(), caller.name());
            Name name = new Name(owner, request.path(), key.get());
            Entry entry = new Entry(Digests.sha256(request.body()), time.instant());
            Optional<Response> known = begin(name, entry);
            if (known.isPresent()) {
                return known.get();
            }
            Outcome outcome = null;
            try {
                outcome = work.handle(request);
                return outcome.answer();
            } finally {
                end(name, entry, outcome != null && outcome.done() ? outcome.answer() : null);
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
        Entry first = entries.get(name);
        if (first == null) {
            requireRoom(name, entry);
            entries.put(name, entry);
            account(name, 1, entry.size());
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

    private void requireRoom(Name name, Entry entry) {
        Share share = shares.getOrDefault(name.owner, new Share());
        if (share.keys >= mostKeys - entries.size() || share.bytes + entry.size() > mostBytes - bytes) {
            throw new RefusedException(
                    503,
                    "there is no room for another " + HEADER
                            + " of this caller before earlier ones expire, which are kept for " + kept.toSeconds()
                            + " s");
        }
    }

    private void account(Name name, int keys, long size) {
        Share share = shares.computeIfAbsent(name.owner, first -> new Share());
        share.keys += keys;
        share.bytes += size;
        bytes += size;
        if (share.keys == 0) {
            shares.remove(name.owner);
        }
    }

    private synchronized void end(Name name, Entry entry, @Nullable Response answer) {
        if (answer == null) {
            entries.remove(name);
            account(name, -1, -entry.size());
        } else {
            long before = entry.size();
            entry.answer = bytes + answer.body().length > mostBytes ? TOO_LONG_TO_KEEP : answer;
            account(name, 0, entry.size() - before);
        }
    }

    /** What is too old; never a request that is still worked on. */
    private void forget() {
        Instant oldest = time.instant().minus(kept);
        Iterator<Map.Entry<Name, Entry>> all = entries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Name, Entry> next = all.next();
            Entry entry = next.getValue();
            if (!entry.since.isBefore(oldest)) {
                return;
            }
            if (entry.answer != null) {
                all.remove();
                account(next.getKey(), -1, -entry.size());
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
