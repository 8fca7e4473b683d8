package dev.kumo.smtp.client;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * One name for a set of hosts, so that all domains with the same hosts share it: {@code (alt1|alt2)?.mx.example.com}.
 *
 * <p>The name is a pattern that matches exactly the hosts of the set, written from their common right end to the left;
 * so two sets have one name only if they are equal. KumoMTA's names are the same where hosts differ in one label; where
 * they differ in several it writes {@code (a|b).(c|d)} for a.c and b.d, which is also its name for a.d and b.c.
 */
final class SiteName {

    private static final int LONGEST = 255;

    /** Labels from the right, each with what stands to the left of it. */
    private final Map<String, SiteName> labels = new TreeMap<>();

    private boolean isHost;

    private SiteName() {}

    /** The name of a set of host names in normal form; neither their order nor repetition matters. */
    static String of(Collection<String> hosts) {
        SiteName root = new SiteName();
        for (String host : hosts) {
            root.add(host);
        }
        return bounded(root.inside());
    }

    /** A name that is not longer than others may rely on, and still that of no other site. */
    static String bounded(String name) {
        return name.length() <= LONGEST ? name : shortened(name);
    }

    private void add(String host) {
        SiteName node = this;
        String[] parts = host.split("\\.", -1);
        for (int i = parts.length - 1; i >= 0; i--) {
            node = node.labels.computeIfAbsent(parts[i], label -> new SiteName());
        }
        node.isHost = true;
    }

    /** The alternatives at this place, without what is to the right. */
    private String inside() {
        StringBuilder names = new StringBuilder();
        labels.forEach((label, left) -> {
            names.append(names.isEmpty() ? "" : "|");
            if (!left.labels.isEmpty()) {
                names.append(left.group()).append('.');
            }
            names.append(label);
        });
        return names.toString();
    }

    private String group() {
        boolean single = labels.size() == 1 && !isHost;
        return single ? inside() : "(" + inside() + ")" + (isHost ? "?" : "");
    }

    private static String shortened(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.US_ASCII));
            String tail = new BigInteger(1, Arrays.copyOf(digest, 16)).toString(36);
            return name.substring(0, LONGEST - tail.length() - 1) + '~' + tail;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
