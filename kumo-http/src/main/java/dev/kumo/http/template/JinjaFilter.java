package dev.kumo.http.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A filter of jinjava whose work and result are bounded, whatever it is told. */
record JinjaFilter(Filter filter) implements Filter {

    /** Those whose cost grows with what they are given alone; of what jinjava adds later, none is here by itself. */
    private static final Set<String> ALLOWED = Set.of(
            "abs",
            "add",
            "attr",
            "b64decode",
            "b64encode",
            "batch",
            "bool",
            "capitalize",
            "center",
            "count",
            "cut",
            "d",
            "datetimeformat",
            "default",
            "dictsort",
            "difference",
            "divide",
            "divisible",
            "e",
            "escape",
            "escape_jinjava",
            "escapejs",
            "escapejson",
            "filesizeformat",
            "first",
            "float",
            "force_escape",
            "format_currency",
            "format_date",
            "format_datetime",
            "format_time",
            "groupby",
            "indent",
            "int",
            "intersect",
            "join",
            "last",
            "length",
            "list",
            "log",
            "lower",
            "map",
            "md5",
            "minus_time",
            "multiply",
            "plus_time",
            "random",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "root",
            "round",
            "safe",
            "select",
            "selectattr",
            "shuffle",
            "slice",
            "sort",
            "string",
            "strtodate",
            "strtotime",
            "sum",
            "symmetric_difference",
            "title",
            "tojson",
            "trim",
            "truncate",
            "unescape_html",
            "union",
            "unique",
            "unixtimestamp",
            "upper",
            "urldecode",
            "urlencode",
            "wordcount",
            "wordwrap",
            "xmlattr",
            "format",
            "format_number",
            "between_times");

    /** Those that make numbers of texts, where few characters can stand for many digits. */
    private static final Set<String> NUMERIC = Set.of(
            "abs",
            "add",
            "divide",
            "divisible",
            "filesizeformat",
            "float",
            "format_number",
            "int",
            "log",
            "multiply",
            "root",
            "round",
            "sum");

    private static final int WIDEST = 1000;

    /** Those for which a number says how much they make. */
    private static final Map<String, Integer> LARGEST = Map.of(
            "batch",
            1000,
            "center",
            1000,
            "indent",
            1000,
            "round",
            50,
            "slice",
            1000,
            "truncate",
            100_000_000,
            "wordwrap",
            100_000_000);

    private static final Pattern MANY_DIGITS = Pattern.compile("[eE][-+]?[0-9]{4}|[0-9]{400}");
    private static final Pattern WIDE_FORMAT = Pattern.compile("%[^a-zA-Z%]*[0-9]{4}");

    @Override
    public String getName() {
        return filter.getName();
    }

    @Override
    public boolean preserveSafeString() {
        return filter.preserveSafeString();
    }

    @Override
    public @Nullable Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... args) {
        return filter(value, interpreter, args, Map.of());
    }

    @Override
    public @Nullable Object filter(
            @Nullable Object value, JinjavaInterpreter given, Object[] args, Map<String, Object> named) {
        if (!(given instanceof JinjaInterpreter interpreter)) {
            throw new JinjaInterpreter.Stop("no time is known");
        }
        if (!ALLOWED.contains(getName())) {
            throw interpreter.refuse("there is no filter '" + getName() + "' here");
        }
        interpreter.charge(value);
        int largest = LARGEST.getOrDefault(getName(), Integer.MAX_VALUE);
        for (Object arg : args) {
            check(arg, largest, interpreter);
        }
        named.values().forEach(arg -> check(arg, largest, interpreter));
        if (NUMERIC.contains(getName())) {
            checkNumber(value, interpreter);
        }
        checkGrowth(value, args, named, interpreter);
        Object result = filter.filter(value, interpreter, args, named);
        interpreter.charge(result);
        return result;
    }

    private void check(@Nullable Object arg, int largest, JinjaInterpreter interpreter) {
        if (NUMERIC.contains(getName()) || LARGEST.containsKey(getName())) {
            checkNumber(arg, interpreter);
        }
        if (arg instanceof Number number && Math.abs(number.doubleValue()) > largest || isMore(arg, largest)) {
            throw interpreter.refuse("filter '" + getName() + "' takes no number beyond " + largest);
        }
    }

    /** Jinjava takes texts for numbers too. */
    private static boolean isMore(@Nullable Object arg, int largest) {
        if (largest == Integer.MAX_VALUE || !(arg instanceof CharSequence)) {
            return false;
        }
        try {
            return Math.abs(Double.parseDouble(arg.toString())) > largest;
        } catch (NumberFormatException none) {
            return false;
        }
    }

    private void checkNumber(@Nullable Object value, JinjaInterpreter interpreter) {
        if (value instanceof Collection<?> values) {
            values.forEach(inner -> checkNumber(inner, interpreter));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(inner -> checkNumber(inner, interpreter));
        } else if (value instanceof CharSequence text
                && MANY_DIGITS.matcher(text).find()) {
            throw interpreter.refuse("filter '" + getName() + "' takes no number of so many digits");
        }
    }

    /** What would be multiplied is looked at before it is. */
    private void checkGrowth(
            @Nullable Object value, Object[] args, Map<String, Object> named, JinjaInterpreter interpreter) {
        long parts;
        switch (getName()) {
            case "format" -> {
                String format = String.valueOf(value);
                if (WIDE_FORMAT.matcher(format).find()) {
                    throw interpreter.refuse("filter 'format' takes no width beyond 999");
                }
                parts = count(format, "%");
                interpreter.requireRoom(parts * 1000);
            }
            case "indent" -> {
                parts = count(String.valueOf(value), "\n") + 1L;
                interpreter.requireRoom(parts * number(args, named));
            }
            case "replace" ->
                parts = args.length < 1 || String.valueOf(args[0]).isEmpty()
                        ? 0
                        : count(String.valueOf(value), String.valueOf(args[0]));
            case "join" ->
                parts = value instanceof Collection<?> list
                        ? list.size()
                        : String.valueOf(value).length();
            default -> parts = 0;
        }
        for (Object arg : args) {
            interpreter.requireRoom(parts * String.valueOf(arg).length());
        }
        for (Object arg : named.values()) {
            interpreter.requireRoom(parts * String.valueOf(arg).length());
        }
    }

    private static long count(String text, String part) {
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static long number(Object[] args, Map<String, Object> named) {
        return args.length == 0 && named.isEmpty() ? 4 : WIDEST;
    }
}
