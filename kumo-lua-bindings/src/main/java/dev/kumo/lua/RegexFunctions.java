package dev.kumo.lua;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * {@code kumo.regex}. Java's matcher goes back over every way to match, which a stranger's text can make endless; so it is given a text
 * that counts how often it is looked at.
 */
final class RegexFunctions {

    private static final Pattern NAME = Pattern.compile("\\(\\?<([A-Za-z][A-Za-z0-9]*)>");
    private static final int LONGEST = 10_000;
    private static final int MOST_LOOKS = 20_000_000;

    static final List<LuaType> TYPES = List.of(new LuaType(
            "regex",
            Pattern.class,
            true,
            Map.of(
                    "is_match",
                    arguments -> matcher(arguments).find(),
                    "find",
                    RegexFunctions::find,
                    "find_all",
                    RegexFunctions::findAll,
                    "captures",
                    RegexFunctions::captures,
                    "replace",
                    arguments -> replace(arguments, Integer.MAX_VALUE),
                    "replacen",
                    arguments -> replace(arguments, arguments.between(4, 0, Integer.MAX_VALUE)),
                    "split",
                    RegexFunctions::split,
                    "__tostring",
                    arguments -> arguments.object(1, Pattern.class).pattern())));

    private RegexFunctions() {}

    static void addTo(Map<String, LuaFunction> functions) {
        functions.put("kumo.regex.compile", RegexFunctions::compile);
        functions.put("kumo.regex.escape", arguments -> arguments.text(1).replaceAll("([^A-Za-z0-9_\\s])", "\\\\$1"));
    }

    private static Pattern compile(Arguments arguments) {
        String text = arguments.text(1).replace("(?P<", "(?<");
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a regex has at most " + LONGEST + " characters");
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "kumo.regex.compile: " + e.getDescription() + " in '" + Shown.of(text) + "'", e);
        }
    }

    private static Matcher matcher(Arguments arguments) {
        return arguments.object(1, Pattern.class).matcher(new Counted(arguments.text(2)));
    }

    private static @Nullable Object find(Arguments arguments) {
        Matcher matcher = matcher(arguments);
        return matcher.find() ? matcher.group() : null;
    }

    private static Object findAll(Arguments arguments) {
        return matcher(arguments).results().map(result -> result.group()).toList();
    }

    /** By number, 0 being the whole, and by name. */
    private static @Nullable Object captures(Arguments arguments) {
        Matcher matcher = matcher(arguments);
        if (!matcher.find()) {
            return null;
        }
        Map<Object, @Nullable Object> groups = new HashMap<>();
        for (int i = 0; i <= matcher.groupCount(); i++) {
            groups.put(i, matcher.group(i));
        }
        Matcher names = NAME.matcher(matcher.pattern().pattern());
        while (names.find()) {
            groups.put(names.group(1), matcher.group(names.group(1)));
        }
        return groups;
    }

    private static Object replace(Arguments arguments, int most) {
        Matcher matcher = matcher(arguments);
        String by = arguments.text(3);
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < most && matcher.find(); i++) {
            matcher.appendReplacement(result, by);
            if (result.length() > LuaBounds.DEFAULT.text()) {
                throw new IllegalArgumentException(
                        "the result would have more than " + LuaBounds.DEFAULT.text() + " characters");
            }
        }
        return matcher.appendTail(result).toString();
    }

    private static Object split(Arguments arguments) {
        Matcher matcher = matcher(arguments);
        String text = arguments.text(2);
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (matcher.find()) {
            parts.add(text.substring(from, matcher.start()));
            from = matcher.end();
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** A text that can be looked at so often and no more. */
    private static final class Counted implements CharSequence {

        private final String text;
        private int looks;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > MOST_LOOKS) {
                throw new IllegalArgumentException(
                        "the regex takes too long on a text of " + text.length() + " characters");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
