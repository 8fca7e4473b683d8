package dev.kumo.lua;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kumo.string}: what Lua's own library cannot do without patterns. What is searched for is plain text. */
final class TextFunctions {

    private static final int UNLIMITED = Integer.MAX_VALUE;
    private static final Pattern WORD = Pattern.compile("(\\s*)(\\S+)");
    private static final String BREAK = "\r\n\t";
    private static final long MOST_COMPARISONS = 1_000_000_000;

    private TextFunctions() {}

    static void addTo(Map<String, LuaFunction> functions) {
        functions.put("kumo.string.split", a -> split(a.text(1), separator(a, 2), UNLIMITED));
        functions.put("kumo.string.splitn", a -> split(a.text(1), separator(a, 3), limit(a)));
        functions.put("kumo.string.rsplit", a -> rsplit(a.text(1), separator(a, 2), UNLIMITED));
        functions.put("kumo.string.rsplitn", a -> rsplit(a.text(1), separator(a, 3), limit(a)));
        functions.put("kumo.string.starts_with", a -> a.text(1).startsWith(a.text(2)));
        functions.put("kumo.string.ends_with", a -> a.text(1).endsWith(a.text(2)));
        functions.put("kumo.string.split_whitespace", a -> words(a.text(1)));
        functions.put("kumo.string.split_ascii_whitespace", a -> words(a.text(1)));
        functions.put("kumo.string.replace", a -> replace(a, UNLIMITED));
        functions.put("kumo.string.replacen", a -> replace(a, a.between(4, 0, UNLIMITED)));
        functions.put("kumo.string.wrap", TextFunctions::wrap);
        functions.put("kumo.string.trim", a -> a.text(1).strip());
        functions.put("kumo.string.trim_start", a -> a.text(1).stripLeading());
        functions.put("kumo.string.trim_end", a -> a.text(1).stripTrailing());
    }

    private static int limit(Arguments arguments) {
        return arguments.between(2, 1, UNLIMITED);
    }

    private static String separator(Arguments arguments, int at) {
        String separator = arguments.text(at);
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("an empty text separates nothing");
        }
        if ((long) separator.length() * arguments.text(1).length() > MOST_COMPARISONS) {
            throw new IllegalArgumentException("the text and what separates it are too long");
        }
        return separator;
    }

    private static List<String> split(String text, String separator, int limit) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && parts.size() < limit - 1;
                at = text.indexOf(separator, from)) {
            LuaValues.requireRoom(parts.size());
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> rsplit(String text, String separator, int limit) {
        List<String> parts = new ArrayList<>();
        int to = text.length();
        for (int at = text.lastIndexOf(separator); at >= 0 && parts.size() < limit - 1; ) {
            LuaValues.requireRoom(parts.size());
            parts.add(text.substring(at + separator.length(), to));
            to = at;
            at = text.lastIndexOf(separator, at - separator.length());
        }
        parts.add(text.substring(0, to));
        return parts;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(text);
        while (tokens.hasMoreTokens()) {
            LuaValues.requireRoom(words.size());
            words.add(tokens.nextToken());
        }
        return words;
    }

    private static String replace(Arguments arguments, int most) {
        List<String> parts = split(arguments.text(1), separator(arguments, 2), most == UNLIMITED ? most : most + 1);
        String by = arguments.text(3);
        long size = (long) by.length() * (parts.size() - 1) + arguments.text(1).length();
        if (size > LuaBounds.DEFAULT.text()) {
            throw new IllegalArgumentException(
                    "the result would have more than " + LuaBounds.DEFAULT.text() + " characters");
        }
        return String.join(by, parts);
    }

    /** Breaks lines at white space where they would pass a soft limit, and words only where they pass a hard one. */
    private static String wrap(Arguments arguments) {
        String text = arguments.text(1).stripTrailing();
        int soft = arguments.isNil(2) ? 75 : arguments.between(2, 1, UNLIMITED);
        int hard = arguments.isNil(3) ? Math.max(soft, 900) : arguments.between(3, soft, UNLIMITED);
        StringBuilder wrapped = new StringBuilder(text.length());
        int length = 0;
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            String gap = words.group(1).matches("[ \t]*") ? words.group(1) : " ";
            String word = words.group(2);
            if (length > 0 && length + (long) gap.length() + word.length() > soft) {
                wrapped.append(BREAK);
                length = 0;
            } else {
                wrapped.append(gap);
                length += gap.length();
            }
            for (int from = 0; from < word.length(); ) {
                int room = Math.max(1, hard - length);
                int to = room < word.length() - from ? from + room : word.length();
                if (to < word.length() && to - from > 1 && Character.isLowSurrogate(word.charAt(to))) {
                    to--;
                }
                wrapped.append(word, from, to);
                length += to - from;
                from = to;
                if (from < word.length()) {
                    wrapped.append(BREAK);
                    length = 0;
                }
                if (wrapped.length() > LuaBounds.DEFAULT.text()) {
                    throw new IllegalArgumentException(
                            "the result would have more than " + LuaBounds.DEFAULT.text() + " characters");
                }
            }
        }
        return wrapped.toString();
    }
}
