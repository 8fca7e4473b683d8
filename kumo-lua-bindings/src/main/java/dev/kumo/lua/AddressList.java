package dev.kumo.lua;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a header field of addresses (RFC 5322 section 3.4), as far as it is one: what a stranger wrote wrongly is left out. */
final class AddressList {

    private static final int MOST = 1000;

    private final String text;
    private final List<Map<String, Object>> mailboxes = new ArrayList<>();
    private final StringBuilder words = new StringBuilder();
    private String bracketed = "";
    private int at;

    private AddressList(String text) {
        this.text = text;
    }

    /** All mailboxes under {@code list}; if there is but one, its parts beside it, and if there are several, {@link Several}. */
    static Object read(String value) {
        AddressList reader = new AddressList(value);
        reader.read();
        if (reader.mailboxes.size() > 1) {
            return new Several(reader.mailboxes);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        reader.mailboxes.forEach(result::putAll);
        result.put("list", reader.mailboxes);
        return result;
    }

    /** Mailboxes among which a script has to choose. */
    record Several(List<Map<String, Object>> list) {

        static final LuaType TYPE = new LuaType(
                "address_header",
                Several.class,
                true,
                several -> MetaData.size(((Several) several).list),
                Map.of("__index", Several::part));

        private static Object part(Arguments arguments) {
            Several several = arguments.object(1, Several.class);
            String key = arguments.text(2);
            if (key.equals("list")) {
                return several.list;
            }
            throw new IllegalArgumentException("the header field has " + several.list.size()
                    + " mailboxes, so it has no one '" + Shown.of(key) + "'; use .list");
        }
    }

    private void read() {
        while (at < text.length() && mailboxes.size() < MOST) {
            char c = text.charAt(at++);
            switch (c) {
                case '"' -> words.append(quoted());
                case '(' -> comment();
                case '<' -> bracketed = upTo('>');
                case ':' -> words.setLength(0); // the name of a group
                case ',', ';' -> end();
                default -> words.append(c);
            }
        }
        end();
    }

    private String quoted() {
        StringBuilder inner = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            inner.append(text.charAt(at++));
        }
        at++;
        // A quoted local part keeps its quotes, a display name does not.
        return at < text.length() && text.charAt(at) == '@' ? '"' + inner.toString() + '"' : inner.toString();
    }

    private void comment() {
        int depth = 1;
        while (at < text.length() && depth > 0) {
            char c = text.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
        }
    }

    private String upTo(char end) {
        int to = text.indexOf(end, at);
        String inner = text.substring(at, to < 0 ? text.length() : to);
        at = to < 0 ? text.length() : to + 1;
        return inner.strip();
    }

    private void end() {
        String shown = words.toString().strip().replaceAll("\\s+", " ");
        String address = bracketed.isEmpty() ? shown : bracketed;
        String name = bracketed.isEmpty() ? "" : shown;
        words.setLength(0);
        bracketed = "";
        if (!address.isEmpty()) {
            add(address, name);
        }
    }

    private void add(String address, String name) {
        EnvelopeAddress parsed;
        try {
            parsed = EnvelopeAddress.parse(address);
        } catch (IllegalArgumentException e) {
            return;
        }
        Map<String, Object> mailbox = new LinkedHashMap<>();
        mailbox.put("user", parsed.localPart());
        mailbox.put("domain", parsed.domain());
        mailbox.put("email", parsed.toString());
        if (!name.isEmpty()) {
            mailbox.put("name", new Headers.Field("name", name).decoded());
        }
        mailboxes.add(mailbox);
    }
}
