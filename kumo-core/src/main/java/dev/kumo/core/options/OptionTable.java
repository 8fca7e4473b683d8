package dev.kumo.core.options;

import java.util.Map;
import java.util.SortedSet;

/**
 * Sets the options of a builder from a table of their documented keys, be it read from Lua, JSON, YAML or properties.
 *
 * <p>The key {@code client_timeout} is the method {@code clientTimeout}: any public instance method of the builder that
 * returns the builder or nothing, and that takes one of these:
 *
 * <table>
 * <caption>Parameters and their values</caption>
 * <tr><th>parameter</th><th>value</th></tr>
 * <tr><td>{@code String}</td><td>a string</td></tr>
 * <tr><td>{@code boolean}</td><td>true or false</td></tr>
 * <tr><td>{@code int}, {@code long}</td><td>a whole number, of whatever number type ({@code 25.0} is whole)</td></tr>
 * <tr><td>{@code Duration}</td><td>a text that {@link dev.kumo.core.net.DurationText} reads, or a number of seconds,
 *     rounded to nanoseconds</td></tr>
 * <tr><td>an enum</td><td>the name of a constant in upper camel case, {@code LogThenDrop} for {@code LOG_THEN_DROP};
 *     case is ignored</td></tr>
 * <tr><td>{@code List<String>}, {@code String...}</td><td>a list of strings</td></tr>
 * <tr><td>{@code List<Map<String, ?>>}</td><td>a list of tables, which the builder reads itself</td></tr>
 * <tr><td>{@code List<?>}</td><td>a list of strings and tables, which the builder reads itself</td></tr>
 * <tr><td>{@code Consumer<X>}, X being a builder</td><td>a table, which is applied to the X</td></tr>
 * <tr><td>{@code (String, Consumer<X>)}</td><td>a table of tables; the method is called with each name and its table. Its
 *     key may be in the plural: {@code domains} is {@code domain(String, Consumer)}</td></tr>
 * </table>
 *
 * <p>Whole numbers and booleans may be spelled out as strings, since properties files know nothing else. An empty list is an
 * empty table, and the other way round, since Lua has but one of them. Of the overloads of a method, the one that fits the
 * shape of the value is called. Methods that take anything else are no keys.
 *
 * <p>Whatever does not fit is an {@link OptionException} that says where, what, and the mend: nothing is ever ignored.
 * Values of keys that tell of a token, a password, a secret, an authorization or {@code key_data} are never in its text.
 *
 * <p>The builder's class must be public and in an exported package.
 */
public final class OptionTable {

    private OptionTable() {}

    /**
     * Applies a table to a builder. Keys and types are checked before the first setter is called. The table is read once: a
     * builder that keeps a {@code Consumer} it is given can run it again, on any thread, whatever became of the table.
     *
     * @param <B> the class of the builder
     * @param where what the table is, for errors, such as {@code start_esmtp_listener}
     * @param table the values by key; of JSON, Lua, YAML or Java types
     * @param builder what to apply it to
     * @return the builder
     * @throws OptionException if a key is unknown, a value has the wrong type, or a setter refuses it with an {@link
     *     IllegalArgumentException}; of several errors, the first
     */
    public static <B> B apply(String where, Map<String, ?> table, B builder) {
        Plan.of(Place.of(where), table, Setters.of(builder.getClass())).applyTo(builder);
        return builder;
    }

    /**
     * The keys that a class of builders knows. A table of tables is known by two: the method's own name, and its plural.
     *
     * @param builder the class
     * @return the keys
     */
    public static SortedSet<String> keys(Class<?> builder) {
        return Setters.of(builder).keys();
    }
}
