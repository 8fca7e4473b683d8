package dev.kumo.smtp.client;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The TXT record that announces a policy, RFC 8461 section 3.1. */
final class MtaStsRecord {

    private static final Pattern VERSION = Pattern.compile("v=STSv1[ \\t]*;.*");
    private static final Pattern FIELD =
            Pattern.compile("(?<name>[A-Za-z0-9][A-Za-z0-9_.-]{0,31})=(?<value>[\\x21-\\x3a\\x3c\\x3e-\\x7e]+)");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");

    private MtaStsRecord() {}

    /** The id of the policy; empty if no record, several, or a malformed one says that there is a policy. */
    static Optional<String> id(List<String> texts) {
        List<String> records =
                texts.stream().filter(text -> VERSION.matcher(text).matches()).toList();
        return records.size() == 1 ? idOf(records.get(0)) : Optional.empty();
    }

    private static Optional<String> idOf(String record) {
        String id = null;
        String[] fields = record.split(";", -1);
        for (int i = 1; i < fields.length; i++) {
            String text = strip(fields[i]);
            Matcher field = FIELD.matcher(text);
            if (field.matches()) {
                if (id == null && field.group("name").equals("id")) {
                    id = field.group("value");
                }
            } else if (!text.isEmpty() || i < fields.length - 1) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(id).filter(value -> ID.matcher(value).matches());
    }

    private static String strip(String field) {
        int from = 0;
        int to = field.length();
        while (from < to && isBlank(field.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(field.charAt(to - 1))) {
            to--;
        }
        return field.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
