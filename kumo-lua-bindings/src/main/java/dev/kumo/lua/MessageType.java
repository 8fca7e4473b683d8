package dev.kumo.lua;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.report.BounceReport;
import dev.kumo.core.report.FeedbackReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The object {@code msg} of the events of a message. */
final class MessageType {

    static final LuaType TYPE = new LuaType("message", Message.class, false, methods());

    private static final long MOST_ON_TOP = 1 << 20;

    private static final String TOO_LONG = "the header has more than 10000 fields, or more than 1 MiB";

    private MessageType() {}

    private static Map<String, LuaFunction> methods() {
        Map<String, LuaFunction> methods = new HashMap<>();
        methods.put("__tostring", arguments -> message(arguments).toString());
        methods.put("id", arguments -> message(arguments).id().text());
        methods.put("sender", arguments -> message(arguments).sender());
        methods.put("set_sender", MessageType::setSender);
        methods.put("recipient", MessageType::recipient);
        methods.put("recipient_list", arguments -> message(arguments).recipients());
        methods.put("set_recipient", MessageType::setRecipient);
        methods.put(
                "get_meta",
                arguments -> message(arguments).meta().get(arguments.name(2)).orElse(null));
        methods.put("set_meta", MessageType::setMeta);
        methods.put("get_data", arguments -> data(message(arguments)));
        methods.put("set_data", MessageType::setData);
        methods.put("queue_name", arguments -> message(arguments).queue().toString());
        methods.put("num_attempts", arguments -> message(arguments).schedule().attempts());
        methods.put("prepend_header", MessageType::prependHeader);
        methods.put("dkim_sign", DkimFunctions::sign);
        methods.put("append_header", MessageType::appendHeader);
        methods.put("get_first_named_header_value", MessageType::firstValue);
        methods.put("get_all_named_header_values", MessageType::allValues);
        methods.put("get_all_headers", MessageType::allHeaders);
        methods.put("remove_all_named_headers", MessageType::removeAllNamedHeaders);
        methods.put("remove_x_headers", MessageType::removeXHeaders);
        methods.put("import_x_headers", MessageType::importXHeaders);
        methods.put("import_headers", HeaderImport::run);
        methods.put("from_header", arguments -> addresses(arguments, "From"));
        methods.put("to_header", arguments -> addresses(arguments, "To"));
        methods.put("get_address_header", arguments -> addresses(arguments, arguments.text(2)));
        MessageSchedule.addTo(methods);
        methods.put("parse_rfc3464", MessageType::parseBounce);
        methods.put("parse_rfc5965", MessageType::parseFeedback);
        return Map.copyOf(methods);
    }

    static Message message(Arguments arguments) {
        return arguments.object(1, Message.class);
    }

    /**
     * The header fields of the message.
     *
     * @throws LuaRefusal if not all of them were read: what a script looks for may be among the others
     * @throws IllegalArgumentException if so for a message in a queue, which was taken as it is and is not to bounce for that
     */
    static Headers headers(Arguments arguments) {
        Headers headers = message(arguments).headers();
        if (headers.isTruncated()) {
            if (Events.OF_A_QUEUED_MESSAGE.contains(arguments.event())) {
                throw new IllegalArgumentException(TOO_LONG + ", and is not read to its end");
            }
            throw new LuaRefusal(Verdict.reject(Reply.of(554, EnhancedStatus.parse("5.6.0"), List.of(TOO_LONG))));
        }
        return headers;
    }

    private static @Nullable Object firstValue(Arguments arguments) {
        String name = arguments.name(2);
        for (Headers.Field field : headers(arguments).fields()) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.decoded();
            }
        }
        return null;
    }

    private static Object allValues(Arguments arguments) {
        String name = arguments.name(2);
        return headers(arguments).fields().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Headers.Field::decoded)
                .toList();
    }

    private static @Nullable Object setSender(Arguments arguments) {
        message(arguments).setSender(arguments.address(2));
        return null;
    }

    private static Object recipient(Arguments arguments) {
        List<EnvelopeAddress> recipients = message(arguments).recipients();
        return recipients.size() == 1 ? recipients.get(0) : recipients;
    }

    private static @Nullable Object setRecipient(Arguments arguments) {
        Message message = message(arguments);
        if (arguments.value(2) instanceof List<?> list) {
            List<EnvelopeAddress> recipients = new ArrayList<>();
            LuaValues.texts("set_recipient", list).forEach(text -> recipients.add(EnvelopeAddress.parse(text)));
            message.setRecipients(recipients);
        } else {
            message.setRecipients(List.of(arguments.address(2)));
        }
        return null;
    }

    private static @Nullable Object setMeta(Arguments arguments) {
        MetaData.set(message(arguments).meta(), arguments);
        return null;
    }

    private static byte[] data(Message message) {
        try (InputStream in = message.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Header fields that were put on top here are part of what a script reads, and so of what it writes back; those that it does not
     * write back stay all the same, as a trace must (RFC 5321 section 4.4).
     */
    private static @Nullable Object setData(Arguments arguments) {
        Message message = message(arguments);
        byte[] bytes = arguments.bytes(2);
        byte[] before = data(message);
        int top = (int) (message.size() - message.content().size());
        boolean withTop = top <= bytes.length && Arrays.equals(before, 0, top, bytes, 0, top);
        setContent(arguments, withTop ? Arrays.copyOfRange(bytes, top, bytes.length) : bytes);
        return null;
    }

    private static void setContent(Arguments arguments, byte[] bytes) {
        if (Events.OF_A_QUEUED_MESSAGE.contains(arguments.event())) {
            throw new IllegalArgumentException("the content of a message that is in a queue stays as it is;"
                    + " change it when the message comes, or put a header field on top with prepend_header");
        }
        message(arguments).setContent(Content.of(bytes));
    }

    private static @Nullable Object prependHeader(Arguments arguments) {
        prepend(message(arguments), arguments.text(2), headerValue(arguments));
        return null;
    }

    static void prepend(Message message, String name, String value) {
        if (message.size() - message.content().size() + value.length() > MOST_ON_TOP) {
            throw new IllegalArgumentException(
                    "there would be more than " + MOST_ON_TOP + " bytes of header fields on top");
        }
        message.prependHeader(name, value);
    }

    private static @Nullable Object appendHeader(Arguments arguments) {
        Message message = message(arguments);
        byte[] field = HeaderEdit.field(message, arguments.text(2), headerValue(arguments));
        setContent(arguments, HeaderEdit.append(content(message), field));
        return null;
    }

    private static String headerValue(Arguments arguments) {
        String value = arguments.text(3);
        String line = value.endsWith("\r\n") ? value.substring(0, value.length() - 2) : value;
        return arguments.flag(4) ? HeaderEdit.encoded(line) : line;
    }

    private static byte[] content(Message message) {
        try (InputStream in = message.content().open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object allHeaders(Arguments arguments) {
        return headers(arguments).fields().stream()
                .map(field -> List.of(field.name(), field.decoded()))
                .toList();
    }

    private static @Nullable Object addresses(Arguments arguments, String field) {
        return headers(arguments).first(field).map(AddressList::read).orElse(null);
    }

    private static @Nullable Object removeAllNamedHeaders(Arguments arguments) {
        String name = arguments.text(2);
        remove(arguments, name::equalsIgnoreCase);
        return null;
    }

    private static @Nullable Object removeXHeaders(Arguments arguments) {
        remove(arguments, named(arguments));
        return null;
    }

    static void remove(Arguments arguments, Predicate<String> names) {
        Message message = message(arguments);
        setContent(arguments, HeaderEdit.without(content(message), names));
        // Those on top were put there by this server, or by the script itself.
        message.headers().fields().stream()
                .filter(field -> names.test(field.name()))
                .findFirst()
                .ifPresent(field -> {
                    throw new IllegalArgumentException("the header field '" + field.name()
                            + "' was added here and cannot be removed again; do not add it");
                });
    }

    /** X- fields: those of the names given as a list, or all. */
    private static Predicate<String> named(Arguments arguments) {
        if (arguments.isNil(2)) {
            return name -> name.regionMatches(true, 0, "X-", 0, 2);
        }
        List<String> names = LuaValues.texts("the names of header fields", arguments.list(2));
        return name -> names.stream().anyMatch(name::equalsIgnoreCase);
    }

    private static @Nullable Object importXHeaders(Arguments arguments) {
        Message message = message(arguments);
        Predicate<String> names = named(arguments);
        headers(arguments).fields().stream()
                .filter(field -> names.test(field.name()))
                .forEach(field -> MetaData.put(
                        message.meta(), field.name().toLowerCase(Locale.ROOT).replace('-', '_'), field.decoded()));
        return null;
    }

    private static @Nullable Object parseBounce(Arguments arguments) throws UncheckedIOException {
        return report(message(arguments), BounceReport::read)
                .map(BounceReport::asMap)
                .orElse(null);
    }

    private static @Nullable Object parseFeedback(Arguments arguments) {
        return report(message(arguments), FeedbackReport::read)
                .map(FeedbackReport::asMap)
                .orElse(null);
    }

    /** Reads a report out of a message. */
    private interface Reader<T> {
        Optional<T> read(Content content) throws IOException;
    }

    private static <T> Optional<T> report(Message message, Reader<T> reader) {
        try {
            return reader.read(message.content());
        } catch (IOException e) {
            throw new IllegalArgumentException("the report cannot be read: " + e.getMessage(), e);
        }
    }
}
