package dev.kumo.http.secret;

import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Secrets by owner, of which only digests under a random key are kept. No time tells which part of a guess was right. */
public final class Secrets {

    private final byte[] key = Digests.newKey();
    private final Map<String, byte[]> digests = new LinkedHashMap<>();
    private final byte[] nobodys = Digests.newKey();

    public Secrets(Map<String, String> secrets) {
        secrets.forEach((owner, secret) -> digests.put(owner, Digests.keyed(key, secret)));
    }

    public boolean fit(String owner, String secret) {
        byte[] digest = digests.get(owner);
        boolean equal = MessageDigest.isEqual(digest == null ? nobodys : digest, Digests.keyed(key, secret));
        return equal && digest != null;
    }

    /** Looks at all of them, so that no time tells whose it is. */
    public Optional<String> owner(String secret) {
        byte[] guess = Digests.keyed(key, secret);
        Optional<String> found = Optional.empty();
        for (Map.Entry<String, byte[]> entry : digests.entrySet()) {
            if (MessageDigest.isEqual(entry.getValue(), guess)) {
                found = Optional.of(entry.getKey());
            }
        }
        return found;
    }
}
