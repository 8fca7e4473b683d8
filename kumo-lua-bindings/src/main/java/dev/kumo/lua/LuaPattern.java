package dev.kumo.lua;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Patterns of Lua (manual, section 6.4.1) with a bound on their steps: Lua's own matcher goes back over every way to divide a text
 * among several repetitions, for hours if a stranger chose the text, and nothing can stop it.
 */
final class LuaPattern {

    /** Up to so many steps Lua's own matcher may do; it is faster. */
    static final long CHEAP = 20_000_000;

    private static final long MOST_STEPS = 50_000_000;
    private static final int DEEPEST = 200;
    private static final int MOST_CAPTURES = 32;
    private static final int OPEN = -1;
    private static final int POSITION = -2;
    private static final int FAIL = -1;

    private final byte[] text;
    private final byte[] pattern;
    private final int[] starts = new int[MOST_CAPTURES];
    private final int[] lengths = new int[MOST_CAPTURES];
    private int captures;
    private int depth;
    private long steps;

    private LuaPattern(byte[] text, byte[] pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /**
     * Finds matches.
     *
     * @param init where to begin, from 1; negative counts from the end
     * @param last where a match ended before, from 1, so that an empty one there is no other; 0 if none did
     * @return for each: where it begins and ends, from 1 and with the end in it, and what it captured
     * @throws IllegalArgumentException if the pattern is malformed, or takes too long
     */
    static List<List<Object>> matches(byte[] text, byte[] pattern, long init, long last, int most) {
        LuaPattern matcher = new LuaPattern(text, pattern);
        long from = init > 0 ? init - 1 : init == 0 ? 0 : Math.max(0, text.length + init);
        boolean anchored = pattern.length > 0 && pattern[0] == '^';
        List<List<Object>> found = new ArrayList<>();
        int lastEnd = (int) last - 1;
        for (int at = (int) Math.min(from, text.length + 1L); at <= text.length && found.size() < most; ) {
            matcher.captures = 0;
            matcher.depth = 0;
            int end = matcher.match(at, anchored ? 1 : 0);
            if (end != FAIL && end != lastEnd) {
                found.add(matcher.result(at, end));
                lastEnd = end;
                at = end;
            } else {
                at++;
            }
            if (anchored) {
                break;
            }
        }
        return found;
    }

    private List<Object> result(int from, int to) {
        List<Object> result = new ArrayList<>(captures + 2);
        result.add((long) from + 1);
        result.add((long) to);
        for (int i = 0; i < captures; i++) {
            if (lengths[i] == OPEN) {
                throw new IllegalArgumentException("unfinished capture");
            }
            result.add(
                    lengths[i] == POSITION
                            ? (Object) ((long) starts[i] + 1)
                            : Arrays.copyOfRange(text, starts[i], starts[i] + lengths[i]));
        }
        return result;
    }

    private void step() {
        if (++steps > MOST_STEPS) {
            throw new IllegalArgumentException("the pattern takes too long on a text of " + text.length
                    + " bytes; use fewer repetitions, or anchor it with ^");
        }
    }

    /** The end of a match of the rest of the pattern at a place of the text, or {@link #FAIL}. */
    private int match(int from, int patternFrom) {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("pattern too complex");
        }
        try {
            int s = from;
            int p = patternFrom;
            while (p < pattern.length) {
                step();
                switch (pattern[p]) {
                    case '(' -> {
                        return pattern.length > p + 1 && pattern[p + 1] == ')'
                                ? open(s, p + 2, POSITION)
                                : open(s, p + 1, OPEN);
                    }
                    case ')' -> {
                        return shut(s, p + 1);
                    }
                    case '$' -> {
                        if (p + 1 == pattern.length) {
                            return s == text.length ? s : FAIL;
                        }
                    }
                    case '%' -> {
                        int next = p + 1 < pattern.length ? pattern[p + 1] : 0;
                        if (next == 'b') {
                            s = balanced(s, p + 2);
                            p += 4;
                        } else if (next == 'f') {
                            p += 2;
                            if (p >= pattern.length || pattern[p] != '[') {
                                throw new IllegalArgumentException(
                                        "malformed pattern (a frontier needs a set in brackets)");
                            }
                            int end = classEnd(p);
                            int before = s == 0 ? 0 : text[s - 1];
                            int here = s < text.length ? text[s] : 0;
                            s = !inSet(before, p, end - 1) && inSet(here, p, end - 1) ? s : FAIL;
                            p = end;
                        } else if (next >= '0' && next <= '9') {
                            s = repeated(s, next);
                            p += 2;
                        } else {
                            break;
                        }
                        if (s == FAIL) {
                            return FAIL;
                        }
                        continue;
                    }
                    default -> {}
                }
                int end = classEnd(p);
                byte suffix = end < pattern.length ? pattern[end] : 0;
                if (suffix == '*' || suffix == '+' || suffix == '-' || suffix == '?') {
                    return simple(s, p, end);
                }
                if (!single(s, p, end)) {
                    return FAIL;
                }
                s++;
                p = end;
            }
            return s;
        } finally {
            depth--;
        }
    }

    /** A class of one character with what follows it: how often it may come. */
    private int simple(int s, int p, int end) {
        byte suffix = end < pattern.length ? pattern[end] : 0;
        switch (suffix) {
            case '?' -> {
                if (single(s, p, end)) {
                    int result = match(s + 1, end + 1);
                    if (result != FAIL) {
                        return result;
                    }
                }
                return match(s, end + 1);
            }
            case '+' -> {
                return single(s, p, end) ? most(s + 1, p, end) : FAIL;
            }
            case '*' -> {
                return most(s, p, end);
            }
            case '-' -> {
                return least(s, p, end);
            }
            default -> {
                return single(s, p, end) ? match(s + 1, end) : FAIL;
            }
        }
    }

    private int most(int s, int p, int end) {
        int count = 0;
        while (single(s + count, p, end)) {
            step();
            count++;
        }
        for (; count >= 0; count--) {
            int result = match(s + count, end + 1);
            if (result != FAIL) {
                return result;
            }
        }
        return FAIL;
    }

    private int least(int from, int p, int end) {
        for (int s = from; ; s++) {
            int result = match(s, end + 1);
            if (result != FAIL) {
                return result;
            }
            if (!single(s, p, end)) {
                return FAIL;
            }
        }
    }

    private int open(int s, int p, int what) {
        if (captures >= MOST_CAPTURES) {
            throw new IllegalArgumentException("too many captures");
        }
        starts[captures] = s;
        lengths[captures] = what;
        captures++;
        int result = match(s, p);
        if (result == FAIL) {
            captures--;
        }
        return result;
    }

    private int shut(int s, int p) {
        int which = captures - 1;
        while (which >= 0 && lengths[which] != OPEN) {
            which--;
        }
        if (which < 0) {
            throw new IllegalArgumentException("invalid pattern capture");
        }
        lengths[which] = s - starts[which];
        int result = match(s, p);
        if (result == FAIL) {
            lengths[which] = OPEN;
        }
        return result;
    }

    private int balanced(int s, int p) {
        if (p + 1 >= pattern.length) {
            throw new IllegalArgumentException("malformed pattern (a balanced match needs two characters)");
        }
        if (s >= text.length || text[s] != pattern[p]) {
            return FAIL;
        }
        int open = 1;
        for (int at = s + 1; at < text.length; at++) {
            step();
            if (text[at] == pattern[p + 1]) {
                if (--open == 0) {
                    return at + 1;
                }
            } else if (text[at] == pattern[p]) {
                open++;
            }
        }
        return FAIL;
    }

    private int repeated(int s, int digit) {
        int which = digit - '1';
        if (which < 0 || which >= captures || lengths[which] == OPEN) {
            throw new IllegalArgumentException("invalid capture index %" + (which + 1));
        }
        if (lengths[which] == POSITION) {
            return FAIL; // a place is no text that could be repeated
        }
        int length = lengths[which];
        for (int i = 0; i < length; i++) {
            step();
            if (s + i >= text.length || text[s + i] != text[starts[which] + i]) {
                return FAIL;
            }
        }
        return s + length;
    }

    private int classEnd(int from) {
        int p = from;
        byte first = pattern[p++];
        if (first == '%') {
            if (p >= pattern.length) {
                throw new IllegalArgumentException("malformed pattern (ends with '%')");
            }
            return p + 1;
        }
        if (first == '[') {
            if (p < pattern.length && pattern[p] == '^') {
                p++;
            }
            do {
                if (p >= pattern.length) {
                    throw new IllegalArgumentException("malformed pattern (missing ']')");
                }
                if (pattern[p++] == '%') {
                    p++;
                }
            } while (p >= pattern.length || pattern[p] != ']');
            return p + 1;
        }
        return p;
    }

    private boolean single(int s, int p, int end) {
        if (s >= text.length) {
            return false;
        }
        return switch (pattern[p]) {
            case '.' -> true;
            case '%' -> inClass(text[s], pattern[p + 1]);
            case '[' -> inSet(text[s], p, end - 1);
            default -> text[s] == pattern[p];
        };
    }

    /** Whether a character is in the set that begins with the bracket at {@code p} and ends with that at {@code end}. */
    private boolean inSet(int c, int p, int end) {
        step();
        boolean wanted = true;
        int at = p + 1;
        if (pattern[at] == '^') {
            wanted = false;
            at++;
        }
        for (; at < end; at++) {
            if (pattern[at] == '%') {
                at++;
                if (inClass(c, pattern[at])) {
                    return wanted;
                }
            } else if (pattern[at + 1] == '-' && at + 2 < end) {
                if ((pattern[at] & 0xff) <= (c & 0xff) && (c & 0xff) <= (pattern[at + 2] & 0xff)) {
                    return wanted;
                }
                at += 2;
            } else if (pattern[at] == c) {
                return wanted;
            }
        }
        return !wanted;
    }

    /** The classes of the C locale: ASCII alone has letters. */
    private static boolean inClass(int c, int type) {
        boolean in;
        switch (type | 0x20) {
            case 'a' -> in = isLetter(c);
            case 'c' -> in = c >= 0 && c < ' ' || c == 0x7f;
            case 'd' -> in = c >= '0' && c <= '9';
            case 'g' -> in = c > ' ' && c < 0x7f;
            case 'l' -> in = c >= 'a' && c <= 'z';
            case 'p' -> in = c > ' ' && c < 0x7f && !isLetter(c) && !(c >= '0' && c <= '9');
            case 's' -> in = c == ' ' || c >= '\t' && c <= '\r';
            case 'u' -> in = c >= 'A' && c <= 'Z';
            case 'w' -> in = isLetter(c) || c >= '0' && c <= '9';
            case 'x' -> in = c >= '0' && c <= '9' || (c | 0x20) >= 'a' && (c | 0x20) <= 'f' && isLetter(c);
            default -> {
                return type == c;
            }
        }
        return (type & 0x20) != 0 ? in : !in;
    }

    private static boolean isLetter(int c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c >= 0;
    }
}
