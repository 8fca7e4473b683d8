package dev.kumo.core.options;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A method of a builder that sets an option. */
sealed interface Setter {

    /** Whether a value has the shape that this setter takes. */
    boolean fits(Object value);

    /**
     * The calls that set a value.
     *
     * @throws OptionException if the value fits but is wrong
     */
    List<Call> calls(Place place, Object value);

    /** What fits, as alternatives to be listed in an error. */
    List<String> wanted();

    /** Of several setters that a value fits, the one of the lowest rank gets it. */
    int rank();

    /** A method as a setter, if it is one. */
    static Optional<Setter> of(Method method, Class<?> builder) {
        Class<?> returned = method.getReturnType();
        boolean returnsBuilder = returned != Object.class && returned.isAssignableFrom(builder);
        if (!returnsBuilder && returned != void.class
                || Modifier.isStatic(method.getModifiers())
                || method.isBridge()
                || method.getDeclaringClass() == Object.class) {
            return Optional.empty();
        }
        Type[] types = method.getGenericParameterTypes();
        if (types.length == 1) {
            return Parameter.of(types[0]).map(parameter -> new One(method, parameter));
        }
        return types.length == 2 && types[0] == String.class
                ? Parameter.builderTakenBy(types[1]).map(taken -> new EachEntry(method, taken))
                : Optional.empty();
    }

    /** Sets an option to a value. */
    record One(Method method, Parameter parameter) implements Setter {

        @Override
        public boolean fits(Object value) {
            return parameter.fits(value);
        }

        @Override
        public List<Call> calls(Place place, Object value) {
            return List.of(new Call(place, method, parameter.argument(place, value)));
        }

        @Override
        public List<String> wanted() {
            return parameter.wanted();
        }

        @Override
        public int rank() {
            return parameter.rank();
        }
    }

    /** Is called with the name and the table of each entry of a table of tables. */
    record EachEntry(Method method, Class<?> builder) implements Setter {

        @Override
        public boolean fits(Object value) {
            return Parameter.Table.isTable(value);
        }

        @Override
        public List<Call> calls(Place place, Object value) {
            Setters setters = Setters.of(builder);
            List<Call> calls = new ArrayList<>();
            for (Map.Entry<?, ?> entry : Parameter.Table.table(value).entrySet()) {
                if (!(entry.getKey() instanceof String name)) {
                    throw place.error("a key must be a string, not " + place.show(entry.getKey()));
                }
                Place inner = place.entry(name);
                Object table = entry.getValue();
                if (table == null || !Parameter.Table.isTable(table)) {
                    throw inner.error("must be a table, not " + inner.show(table));
                }
                Plan plan = Plan.of(inner, Parameter.Table.table(table), setters);
                calls.add(new Call(inner, method, name, plan.asConsumer()));
            }
            return calls;
        }

        @Override
        public List<String> wanted() {
            return List.of("a table of tables");
        }

        @Override
        public int rank() {
            return Integer.MAX_VALUE;
        }
    }
}
