package dev.kumo.core.options;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what someone meant who mistyped a key. */
final class Nearest {

    private Nearest() {}

    /** The key nearest to what was typed, if one is near: a third of the letters may be wrong, one always. */
    static Optional<String> to(String typed, Collection<String> keys) {
        String lower = typed.toLowerCase(Locale.ROOT);
        int most = Math.max(1, lower.length() / 3);
        return keys.stream()
                .filter(key -> Math.abs(key.length() - lower.length()) <= most && distance(lower, key) <= most)
                .min(Comparator.comparingInt(key -> distance(lower, key)));
    }

    /** How many letters must be put in, left out, changed, or swapped with their neighbour (optimal string alignment). */
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[to.length()];
    }
}
