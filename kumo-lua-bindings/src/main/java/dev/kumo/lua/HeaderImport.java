package dev.kumo.lua;

import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Message;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code msg:import_headers}: header fields become meta data, and may be taken out. */
final class HeaderImport {

    private static final String WHERE = "import_headers";

    private HeaderImport() {}

    static @Nullable Object run(Arguments arguments) {
        List<Spec> specs = new ArrayList<>();
        for (Object table : arguments.list(2)) {
            specs.add(spec("import_headers[" + specs.size() + "]", table));
        }
        Message message = MessageType.message(arguments);
        Map<String, Found> found = new LinkedHashMap<>();
        for (Headers.Field field : MessageType.headers(arguments).fields()) {
            specs.stream()
                    .filter(spec -> spec.matches(field.name()))
                    .findFirst()
                    .ifPresent(spec -> found.computeIfAbsent(
                                    spec.key(field.name()), unused -> new Found(spec.which, new ArrayList<>()))
                            .values
                            .add(field.decoded()));
        }
        found.forEach((key, all) -> MetaData.put(message.meta(), key, all.which.of(all.values)));
        if (specs.stream().anyMatch(spec -> spec.remove)) {
            MessageType.remove(
                    arguments,
                    name -> specs.stream()
                            .filter(spec -> spec.matches(name))
                            .findFirst()
                            .map(spec -> spec.remove)
                            .orElse(false));
        }
        return null;
    }

    private static Spec spec(String where, Object table) {
        if (table instanceof Map<?, ?> map) {
            Map<String, Object> keys = new LinkedHashMap<>();
            map.forEach((key, value) -> keys.put(String.valueOf(key), value));
            return OptionTable.apply(where, keys, new Spec()).checked(where);
        }
        throw new OptionException(WHERE, "a list of tables is wanted, such as { { name = 'X-Tenant' } }");
    }

    /** The values for a key. */
    private record Found(Which which, List<String> values) {}

    /** Which of several values. */
    public enum Which {
        FIRST,
        LAST,
        ALL;

        Object of(List<String> values) {
            return switch (this) {
                case FIRST -> values.get(0);
                case LAST -> values.get(values.size() - 1);
                case ALL -> values;
            };
        }
    }

    /** The keys of one table. */
    public static final class Spec {

        private String name = "";
        private Which which = Which.LAST;
        private String transform = "snake_case";
        private @Nullable String target;
        private boolean remove;

        private Spec() {}

        /**
         * Key {@code name}.
         *
         * @param pattern the name of a field, or its beginning and {@code *}
         */
        public void name(String pattern) {
            name = pattern;
        }

        /**
         * Key {@code match}.
         *
         * @param values which of several
         */
        public void match(Which values) {
            which = values;
        }

        /**
         * Key {@code transform}.
         *
         * @param style how the key is made of the name
         */
        public void transform(String style) {
            if (!List.of("snake_case", "kebab_case", "camel_case", "pascal_case")
                    .contains(style)) {
                throw new IllegalArgumentException(
                        "must be snake_case, kebab_case, camel_case or pascal_case, not '" + Shown.of(style) + "'");
            }
            transform = style;
        }

        /**
         * Key {@code target}.
         *
         * @param key of the meta data
         */
        public void target(String key) {
            target = key;
        }

        /**
         * Key {@code remove}.
         *
         * @param afterwards whether the field is taken out
         */
        public void remove(boolean afterwards) {
            remove = afterwards;
        }

        private Spec checked(String where) {
            int star = name.indexOf('*');
            if (name.isEmpty() || star == 0 || star > 0 && star < name.length() - 1) {
                throw new OptionException(
                        where + ".name",
                        "must be the name of a header field, or its beginning and *, not '" + Shown.of(name) + "'");
            }
            if (star > 0 && target != null) {
                throw new OptionException(where + ".target", "has no place beside a name with *; leave it out");
            }
            return this;
        }

        private boolean matches(String field) {
            return name.endsWith("*")
                    ? field.regionMatches(true, 0, name, 0, name.length() - 1)
                    : field.equalsIgnoreCase(name);
        }

        private String key(String field) {
            if (target != null) {
                return target;
            }
            String lower = field.toLowerCase(Locale.ROOT);
            return switch (transform) {
                case "kebab_case" -> lower;
                case "snake_case" -> lower.replace('-', '_');
                default -> camel(lower, transform.startsWith("pascal"));
            };
        }

        private static String camel(String lower, boolean first) {
            StringBuilder key = new StringBuilder();
            boolean upper = first;
            for (int i = 0; i < lower.length(); i++) {
                char c = lower.charAt(i);
                if (c == '-') {
                    upper = true;
                } else {
                    key.append(upper ? Character.toUpperCase(c) : c);
                    upper = false;
                }
            }
            return key.toString();
        }
    }
}
