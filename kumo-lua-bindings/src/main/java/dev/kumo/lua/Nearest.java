package dev.kumo.lua;

import java.util.Collection;
import java.util.Comparator;

/** Finds what a script meant by a name that is not there. */
final class Nearest {

    private Nearest() {}

    /** {@code (did you mean 'x'?)} with a blank before it, or nothing. */
    static String hint(String typed, Collection<String> names) {
        int most = Math.max(1, typed.length() / 3);
        return names.stream()
                .filter(name -> distance(typed, name) <= most)
                .min(Comparator.<String>comparingInt(name -> distance(typed, name))
                        .thenComparing(name -> name))
                .map(name -> " (did you mean '" + name + "'?)")
                .orElse("");
    }

    /** How many letters must be put in, left out, or changed (Levenshtein). */
    private static int distance(String from, String to) {
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
            }
            last = row;
        }
        return last[to.length()];
    }
}
