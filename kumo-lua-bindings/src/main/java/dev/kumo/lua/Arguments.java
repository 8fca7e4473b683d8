package dev.kumo.lua;

import dev.kumo.core.mail.EnvelopeAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call out of a script, counted from 1; for a method, 1 is its object. Read them before the call returns. */
final class Arguments {

    private final JavaCalls calls;
    private final LuaValues values;
    private final long stack;
    private final String function;

    Arguments(JavaCalls calls, long stack, String function) {
        this.calls = calls;
        this.stack = stack;
        this.function = function;
        values = calls.values();
    }

    int count() {
        return calls.count(stack);
    }

    /** The event that runs; empty while the script itself does. */
    String event() {
        return calls.call().event();
    }

    /**
     * Until the call has to end.
     *
     * @throws IllegalArgumentException if it should have
     */
    Duration timeLeft() {
        return calls.call().timeLeft();
    }

    boolean isNil(int at) {
        return values.isNil(stack, at);
    }

    boolean isText(int at) {
        return values.isText(stack, at);
    }

    /** A text, or a number as text. */
    String text(int at) {
        String text = values.textOrNull(stack, at);
        if (text == null) {
            throw wrong(at, "a string");
        }
        return text;
    }

    /** As {@link #text(int)}, for one that scripts use again and again. */
    String name(int at) {
        String name = calls.names().name(stack, at);
        if (name == null) {
            throw wrong(at, "a string");
        }
        return name;
    }

    String text(int at, String otherwise) {
        return isNil(at) ? otherwise : text(at);
    }

    byte[] bytes(int at) {
        byte[] bytes = values.bytesOrNull(stack, at);
        if (bytes == null) {
            throw wrong(at, "a string");
        }
        return bytes;
    }

    long whole(int at) {
        Object value = value(at);
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 53) {
            return number.longValue();
        }
        throw wrong(at, "a whole number");
    }

    int between(int at, int least, int most) {
        long number = whole(at);
        if (number < least || number > most) {
            throw new IllegalArgumentException(place(at) + " must be " + least + " to " + most + ", not " + number);
        }
        return (int) number;
    }

    boolean flag(int at) {
        return !isNil(at) && !Boolean.FALSE.equals(value(at));
    }

    @Nullable Object value(int at) {
        return values.value(stack, at);
    }

    /** As {@link #value(int)}, refused before Java holds more than so many bytes. */
    @Nullable Object value(int at, long most) {
        return values.value(stack, at, most);
    }

    /** A table with texts as keys; the empty table is one. */
    Map<String, ?> table(int at) {
        Object value = value(at);
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // what values() makes has no other keys
            Map<String, ?> table = (Map<String, ?>) map;
            return table;
        }
        throw wrong(at, "a table of named values, such as { name = 'value' }");
    }

    List<?> list(int at) {
        Object value = value(at);
        if (value instanceof List<?> list) {
            return list;
        }
        if (value instanceof Map<?, ?> map && map.isEmpty()) {
            return List.of();
        }
        throw wrong(at, "a list, such as { 'a', 'b' }");
    }

    /** An address: an object of ours, or its text. */
    EnvelopeAddress address(int at) {
        String text = text(value(at), at);
        return text.isEmpty() ? EnvelopeAddress.NULL_SENDER : EnvelopeAddress.parse(text);
    }

    private String text(@Nullable Object value, int at) {
        if (value instanceof String text) {
            return text;
        }
        throw wrong(at, "an address");
    }

    /** Whether there is an object of a type of ours. */
    boolean is(int at, Class<?> type) {
        return type.isInstance(calls.object(stack, at));
    }

    /** An object of a type of ours. */
    <T> T object(int at, Class<T> type) {
        Object object = calls.object(stack, at);
        if (type.isInstance(object)) {
            return type.cast(object);
        }
        throw wrong(at, at == 1 && isMethod() ? "the object (call it with a colon, as in object:method())" : "another");
    }

    /** Lua holds the object no longer. */
    void release() {
        calls.release(stack, 1);
    }

    private boolean isMethod() {
        return function.indexOf(':') >= 0;
    }

    IllegalArgumentException wrong(int at, String wanted) {
        String got = at > count() ? "nothing" : values.typeName(stack, at);
        return new IllegalArgumentException(place(at) + " must be " + wanted + ", not " + got);
    }

    private String place(int at) {
        int number = isMethod() ? at - 1 : at;
        return number == 0 ? function + ": what it is called on" : function + ": argument " + number;
    }
}
