package dev.kumo.core.options;

import dev.kumo.core.net.DurationText;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a setter takes: which values of a table fit it, and what it is given for them. */
sealed interface Parameter {

    /** That of the smallest {@code double} is 1074 when written out. */
    int LARGEST_SCALE = 1_100;

    /** Whether a value has the shape of this parameter, so that it is meant for it even if it is wrong. */
    boolean fits(Object value);

    /**
     * The argument for a value that fits.
     *
     * @throws OptionException if it is wrong all the same
     */
    Object argument(Place place, Object value);

    /** What fits, as alternatives to be listed in an error. */
    List<String> wanted();

    /** Of several parameters that a value fits, the one of the lowest rank gets it. */
    int rank();

    /** The parameter of a type; empty if no value of a table can become one. */
    static Optional<Parameter> of(Type type) {
        if (type == String.class) {
            return Optional.of(new Text());
        }
        if (type == boolean.class) {
            return Optional.of(new Flag());
        }
        if (type == int.class || type == long.class) {
            return Optional.of(new Whole(type == int.class));
        }
        if (type == Duration.class) {
            return Optional.of(new Time());
        }
        if (type instanceof Class<?> choice && choice.isEnum()) {
            return Optional.of(new Choice(choice));
        }
        if (type == String[].class) {
            return Optional.of(new Texts(true));
        }
        if (type instanceof ParameterizedType generic
                && generic.getRawType() == List.class
                && generic.getActualTypeArguments()[0] == String.class) {
            return Optional.of(new Texts(false));
        }
        if (type instanceof ParameterizedType generic
                && generic.getRawType() == List.class
                && generic.getActualTypeArguments()[0] instanceof ParameterizedType item
                && item.getRawType() == Map.class) {
            return Optional.of(new Tables());
        }
        if (type instanceof ParameterizedType generic
                && generic.getRawType() == List.class
                && generic.getActualTypeArguments()[0] instanceof WildcardType) {
            return Optional.of(new Items());
        }
        return builderTakenBy(type).map(Table::new);
    }

    /** A number as it is meant; null if it is none, or of a size that only an attacker writes. */
    private static @Nullable BigDecimal number(Object value) {
        if (!(value instanceof Number)) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(value.toString());
            return Math.abs((long) number.scale()) <= LARGEST_SCALE ? number : null;
        } catch (NumberFormatException e) { // not a number, or infinite
            return null;
        }
    }

    /** The {@code X} of a {@code Consumer<X>}, if it is a builder. */
    static Optional<Class<?>> builderTakenBy(Type type) {
        if (!(type instanceof ParameterizedType generic) || generic.getRawType() != Consumer.class) {
            return Optional.empty();
        }
        Type taken = generic.getActualTypeArguments()[0];
        if (taken instanceof WildcardType wildcard && wildcard.getLowerBounds().length == 1) {
            taken = wildcard.getLowerBounds()[0];
        }
        return taken instanceof Class<?> builder && Setters.isBuilder(builder)
                ? Optional.of(builder)
                : Optional.empty();
    }

    /** {@code String}. */
    record Text() implements Parameter {

        @Override
        public boolean fits(Object value) {
            return value instanceof String;
        }

        @Override
        public Object argument(Place place, Object value) {
            return value;
        }

        @Override
        public List<String> wanted() {
            return List.of("a string");
        }

        @Override
        public int rank() {
            return 0;
        }
    }

    /** {@code boolean}; also spelled out, since a properties file has nothing but strings. */
    record Flag() implements Parameter {

        @Override
        public boolean fits(Object value) {
            return value instanceof Boolean || value.equals("true") || value.equals("false");
        }

        @Override
        public Object argument(Place place, Object value) {
            return value.equals(true) || value.equals("true");
        }

        @Override
        public List<String> wanted() {
            return List.of("true", "false");
        }

        @Override
        public int rank() {
            return 1;
        }
    }

    /** An enum, whose constant {@code LOG_THEN_DROP} is written {@code LogThenDrop}, in any case. */
    record Choice(Class<?> type) implements Parameter {

        @Override
        public boolean fits(Object value) {
            return constant(value).isPresent();
        }

        @Override
        public Object argument(Place place, Object value) {
            return constant(value).orElseThrow();
        }

        private Optional<Object> constant(Object value) {
            return constants()
                    .filter(constant -> constant.equals(value)
                            || value instanceof String text && text.equalsIgnoreCase(spelling((Enum<?>) constant)))
                    .findFirst();
        }

        private Stream<Object> constants() {
            return Arrays.stream((Object[]) type.getEnumConstants());
        }

        private static String spelling(Enum<?> constant) {
            return Arrays.stream(constant.name().split("_", -1))
                    .filter(word -> !word.isEmpty())
                    .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining());
        }

        @Override
        public List<String> wanted() {
            return constants()
                    .map(constant -> "'" + spelling((Enum<?>) constant) + "'")
                    .toList();
        }

        @Override
        public int rank() {
            return 2;
        }
    }

    /** {@code int} or {@code long}. */
    record Whole(boolean small) implements Parameter {

        @Override
        public boolean fits(Object value) {
            BigDecimal number = value instanceof String text && text.matches("-?[0-9]{1,40}")
                    ? new BigDecimal(text)
                    : number(value);
            return number != null && number.stripTrailingZeros().scale() <= 0;
        }

        @Override
        public Object argument(Place place, Object value) {
            BigDecimal number = new BigDecimal(value.toString());
            long least = small ? Integer.MIN_VALUE : Long.MIN_VALUE;
            long most = small ? Integer.MAX_VALUE : Long.MAX_VALUE;
            if (number.compareTo(BigDecimal.valueOf(least)) < 0 || number.compareTo(BigDecimal.valueOf(most)) > 0) {
                throw place.error("must be from " + least + " to " + most + ", not " + place.show(value));
            }
            return small ? (Object) number.intValueExact() : (Object) number.longValueExact();
        }

        @Override
        public List<String> wanted() {
            return List.of("a whole number");
        }

        @Override
        public int rank() {
            return small ? 3 : 4;
        }
    }

    /** {@code Duration}: a text that {@link DurationText} reads, or a number of seconds. */
    record Time() implements Parameter {

        private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

        @Override
        public boolean fits(Object value) {
            return value instanceof Duration || value instanceof String || number(value) != null;
        }

        @Override
        public Object argument(Place place, Object value) {
            if (value instanceof Duration) {
                return value;
            }
            if (value instanceof String text) {
                try {
                    return DurationText.parse(text);
                } catch (IllegalArgumentException e) {
                    throw place.refused(e);
                }
            }
            BigDecimal seconds = new BigDecimal(value.toString());
            if (seconds.signum() < 0 || seconds.compareTo(MOST) > 0) {
                throw place.error("must be from 0 to " + MOST + " seconds, not " + place.show(value));
            }
            // Rounded, since a sum of binary fractions rarely is a whole number of nanoseconds.
            BigDecimal nanos = seconds.movePointRight(9).setScale(0, RoundingMode.HALF_UP);
            BigInteger[] parts = nanos.toBigInteger().divideAndRemainder(BigInteger.valueOf(1_000_000_000));
            return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
        }

        @Override
        public List<String> wanted() {
            return List.of("a duration such as '1 minute'", "a number of seconds");
        }

        @Override
        public int rank() {
            return 5;
        }
    }

    /** {@code List<String>} or {@code String...}. An empty table fits, because in Lua it is an empty list as well. */
    record Texts(boolean array) implements Parameter {

        @Override
        public boolean fits(Object value) {
            return value instanceof Collection || value instanceof Map<?, ?> table && table.isEmpty();
        }

        @Override
        public Object argument(Place place, Object value) {
            List<String> texts = new ArrayList<>();
            for (Object item : value instanceof Collection<?> items ? items : List.of()) {
                if (!(item instanceof String text)) {
                    throw place.error("item " + (texts.size() + 1) + " must be a string, not " + place.show(item));
                }
                texts.add(text);
            }
            return array ? texts.toArray(String[]::new) : List.copyOf(texts);
        }

        @Override
        public List<String> wanted() {
            return List.of("a list of strings");
        }

        @Override
        public int rank() {
            return 6;
        }
    }

    /** {@code List<Map<String, ?>>}: tables that the builder reads itself. */
    record Tables() implements Parameter {

        @Override
        public boolean fits(Object value) {
            return value instanceof Collection<?> items && items.stream().allMatch(Map.class::isInstance);
        }

        @Override
        public Object argument(Place place, Object value) {
            return List.copyOf((Collection<?>) value);
        }

        @Override
        public List<String> wanted() {
            return List.of("a list of tables");
        }

        @Override
        public int rank() {
            return 8;
        }
    }

    /** {@code List<?>}: texts and tables that the builder reads itself. */
    record Items() implements Parameter {

        @Override
        public boolean fits(Object value) {
            return value instanceof Collection<?> items
                    && items.stream().allMatch(item -> item instanceof String || item instanceof Map);
        }

        @Override
        public Object argument(Place place, Object value) {
            return List.copyOf((Collection<?>) value);
        }

        @Override
        public List<String> wanted() {
            return List.of("a list of strings and tables");
        }

        @Override
        public int rank() {
            return 9;
        }
    }

    /** {@code Consumer<X>} of a builder X, which gets a table within the table. */
    record Table(Class<?> builder) implements Parameter {

        @Override
        public boolean fits(Object value) {
            return isTable(value);
        }

        @Override
        public Object argument(Place place, Object value) {
            return Plan.of(place, table(value), Setters.of(builder)).asConsumer();
        }

        @Override
        public List<String> wanted() {
            return List.of("a table");
        }

        @Override
        public int rank() {
            return 7;
        }

        /** Whether a value is a table; an empty list is one, because in Lua it is. */
        static boolean isTable(Object value) {
            return value instanceof Map || value instanceof Collection<?> items && items.isEmpty();
        }

        static Map<?, ?> table(Object value) {
            return value instanceof Map<?, ?> table ? table : Map.of();
        }
    }
}
