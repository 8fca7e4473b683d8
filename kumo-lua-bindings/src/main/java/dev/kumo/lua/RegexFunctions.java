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
    private static final Pattern COUNT = Pattern.compile("\\{(\\d+)");
    private static final int MOST_REPETITIONS = 1_000_000;

    static final List<LuaType> TYPES = List.of(new LuaType(
            "regex",
            Pattern.class,
            true,
            pattern -> 64L * ((Pattern) pattern).pattern().length(),
            Map.of(
                    "is_match",
                    arguments -> matching(a -> matcher(a).find(), arguments),
                    "find",
                    arguments -> matching(RegexFunctions::find, arguments),
                    "find_all",
                    arguments -> matching(RegexFunctions::findAll, arguments),
                    "captures",
                    arguments -> matching(RegexFunctions::captures, arguments),
                    "replace",
                    arguments -> matching(a -> replace(a, Integer.MAX_VALUE), arguments),
                    "replacen",
                    arguments -> matching(a -> replace(a, a.between(4, 0, Integer.MAX_VALUE)), arguments),
                    "split",
                    arguments -> matching(RegexFunctions::split, arguments),
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
        requireFewRepetitions(text);
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "kumo.regex.compile: " + e.getDescription() + " in '" + Shown.of(text) + "'", e);
        }
    }

    /** What has to be repeated is repeated without a look at the text, if it matches what is empty. */
    private static void requireFewRepetitions(String text) {
        double product = 1;
        Matcher counts = COUNT.matcher(text);
        while (counts.find()) {
            product *= Math.max(1, Double.parseDouble(counts.group(1)));
        }
        if (product > MOST_REPETITIONS) {
            throw new IllegalArgumentException(
                    "a regex has at most " + MOST_REPETITIONS + " repetitions, those within each other multiplied");
        }
    }

    /** Java's matcher calls itself for each repetition of a group. */
    private static @Nullable Object matching(LuaFunction function, Arguments arguments) {
        try {
            return function.call(arguments);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(
                    "the regex repeats a group too often on a text of "
                            + arguments.text(2).length() + " characters",
                    e);
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
        Matcher matcher = matcher(arguments);
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            LuaValues.requireRoom(found.size());
            found.add(matcher.group());
        }
        return found;
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
            LuaValues.requireRoom(parts.size());
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
