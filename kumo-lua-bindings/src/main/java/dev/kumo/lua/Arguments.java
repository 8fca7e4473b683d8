package dev.kumo.lua;

import dev.kumo.core.mail.EnvelopeAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call out of a script, counted from 1; for a method, 1 is its object. Read them before the call returns. */
final class Arguments {

    private final NativeLua engine;
    private final long stack;
    private final String function;
    private final int count;

    Arguments(NativeLua engine, long stack, String function, int count) {
        this.engine = engine;
        this.stack = stack;
        this.function = function;
        this.count = count;
    }

    int count() {
        return count;
    }

    /** The event that runs; empty while the script itself does. */
    String event() {
        return engine.event();
    }

    /** Until the call has to end. */
    Duration timeLeft() {
        return engine.timeLeft();
    }

    boolean isNil(int at) {
        return at > count || engine.values().isNil(stack, at);
    }

    boolean isText(int at) {
        return at <= count && engine.values().isText(stack, at);
    }

    /** A text, or a number as text. */
    String text(int at) {
        if (!isText(at)) {
            throw wrong(at, "a string");
        }
        return engine.values().text(stack, at);
    }

    String text(int at, String otherwise) {
        return isNil(at) ? otherwise : text(at);
    }

    byte[] bytes(int at) {
        if (!isText(at)) {
            throw wrong(at, "a string");
        }
        return engine.values().bytes(stack, at);
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
        return isNil(at) ? null : engine.values().value(stack, at);
    }

    /** As {@link #value(int)}, refused before Java holds more than so many bytes. */
    @Nullable Object value(int at, long most) {
        return isNil(at) ? null : engine.values().value(stack, at, most);
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
        return at <= count && type.isInstance(engine.object(stack, at));
    }

    /** An object of a type of ours. */
    <T> T object(int at, Class<T> type) {
        Object object = at > count ? null : engine.object(stack, at);
        if (type.isInstance(object)) {
            return type.cast(object);
        }
        throw wrong(at, at == 1 && isMethod() ? "the object (call it with a colon, as in object:method())" : "another");
    }

    /** Lua holds the object no longer. */
    void release() {
        engine.release(stack, 1);
    }

    private boolean isMethod() {
        return function.indexOf(':') >= 0;
    }

    IllegalArgumentException wrong(int at, String wanted) {
        String got = at > count ? "nothing" : engine.values().typeName(stack, at);
        return new IllegalArgumentException(place(at) + " must be " + wanted + ", not " + got);
    }

    private String place(int at) {
        int number = isMethod() ? at - 1 : at;
        return number == 0 ? function + ": what it is called on" : function + ": argument " + number;
    }
}
