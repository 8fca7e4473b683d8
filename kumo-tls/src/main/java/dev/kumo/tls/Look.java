package dev.kumo.tls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One look at the sources: what they gave, and all that is wrong with it. */
final class Look {

    private final Map<KeySource, byte[]> contents = new HashMap<>();
    private final Set<KeySource> failed = new HashSet<>();
    private final List<TlsException> troubles = new ArrayList<>();

    void read(KeySource source) {
        try {
            contents.put(source, source.read());
        } catch (TlsException e) {
            failed.add(source);
            troubles.add(e);
        }
    }

    Map<KeySource, byte[]> contents() {
        return contents;
    }

    boolean failedAnyOf(List<KeySource> sources) {
        return sources.stream().anyMatch(failed::contains);
    }

    void trouble(TlsException e) {
        troubles.add(e);
    }

    /** Says what is wrong, if anything is: one trouble as it is, several of them together. */
    void requireNone() throws TlsException {
        if (troubles.size() == 1) {
            throw troubles.get(0);
        }
        if (!troubles.isEmpty()) {
            String text = troubles.stream().map(TlsException::getMessage).collect(Collectors.joining("; and "));
            TlsException all = troubles.stream().allMatch(TlsException::mayPass)
                    ? new TlsException.Passing(text, null)
                    : new TlsException(text);
            troubles.forEach(all::addSuppressed);
            throw all;
        }
    }
}
