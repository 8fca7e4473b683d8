package dev.kumo.lua;

import dev.kumo.core.mail.EnvelopeAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import party.iroiro.luajava.lua54.Lua54Natives;

/**
 * Brings values across the border of Java and Lua.
 *
 * <p>An error that Lua raises while Java is between it and the {@code pcall} that catches it jumps over Java's frames and breaks the
 * process. So nothing is called here that can raise one: no metamethod runs, and types are looked at before values.
 */
final class LuaValues {

    private static final int TYPE_BOOLEAN = 1;
    private static final int TYPE_NUMBER = 3;
    private static final int TYPE_STRING = 4;
    private static final int TYPE_TABLE = 5;

    private static final int DEEPEST = 40;
    private static final int MOST_ENTRIES = 1_000_000;
    private static final int BYTES_OF_ENTRY = 32;
    private static final int SHORT = 128;
    private static final int MOST_PIECES = 200;

    private final Lua54Natives lua;
    private final int registry;
    private final long most;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(16 << 10);
    private int addresses;
    private int entries;
    private long bytes;
    private long mostNow;

    /**
     * Begins without the metatable of addresses.
     *
     * @param most bytes that cross the border at once
     */
    LuaValues(Lua54Natives lua, long most) {
        this.most = most;
        this.lua = lua;
        this.registry = lua.getRegistryIndex();
    }

    /** The reference of the metatable of addresses. */
    void addresses(int reference) {
        addresses = reference;
    }

    boolean isNil(long stack, int at) {
        return lua.lua_type(stack, at) <= 0;
    }

    boolean isText(long stack, int at) {
        int type = lua.lua_type(stack, at);
        return type == TYPE_STRING || type == TYPE_NUMBER;
    }

    String typeName(long stack, int at) {
        return switch (lua.lua_type(stack, at)) {
            case TYPE_BOOLEAN -> "a boolean";
            case TYPE_NUMBER -> "a number";
            case TYPE_STRING -> "a string";
            case TYPE_TABLE -> "a table";
            case 6 -> "a function";
            case 7 -> "an object of another kind";
            case 8 -> "a coroutine";
            default -> "nil";
        };
    }

    /** A text, or a number as text; empty if there is another value. */
    String text(long stack, int at) {
        String text = textOrNull(stack, at);
        return text == null ? "" : text;
    }

    /** A text, or a number as text; null if there is another value. */
    @Nullable String textOrNull(long stack, int at) {
        return switch (lua.lua_type(stack, at)) {
            case TYPE_STRING -> string(stack, at, lua.lua_rawlen(stack, at));
            case TYPE_NUMBER -> String.valueOf(number(stack, at));
            default -> null;
        };
    }

    private String string(long stack, int at, long length) {
        if (length <= SHORT) {
            // What JNI makes of the bytes is right for ASCII without NUL only.
            String text = lua.lua_tostring(stack, at);
            if (text.length() == length && isAscii(text)) {
                return text;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(binary(stack, at)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a string is not UTF-8", e);
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of a text, or of a number as text; null if there is another value. */
    byte @Nullable [] bytesOrNull(long stack, int at) {
        return switch (lua.lua_type(stack, at)) {
            case TYPE_STRING -> binary(stack, at);
            case TYPE_NUMBER -> String.valueOf(number(stack, at)).getBytes(StandardCharsets.US_ASCII);
            default -> null;
        };
    }

    private byte[] binary(long stack, int at) {
        ByteBuffer buffer = (ByteBuffer) lua.luaJ_todirectbuffer(stack, at);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private Number number(long stack, int at) {
        if (lua.luaJ_isinteger(stack, at) != 0) {
            return lua.lua_tointeger(stack, at);
        }
        return lua.lua_tonumber(stack, at);
    }

    /** A text, number, boolean, list or map; null for nil. */
    @Nullable Object value(long stack, int at) {
        return value(stack, at, most);
    }

    /** As {@link #value(long, int)}, with at most so many bytes. */
    @Nullable Object value(long stack, int at, long bound) {
        beginCount(Math.min(most, bound));
        return value(stack, at > 0 ? at : lua.lua_absindex(stack, at), 0);
    }

    private @Nullable Object value(long stack, int at, int depth) {
        return switch (lua.lua_type(stack, at)) {
            case -1, 0 -> null;
            case TYPE_BOOLEAN -> lua.lua_toboolean(stack, at) != 0;
            case TYPE_NUMBER -> number(stack, at);
            case TYPE_STRING -> {
                long length = lua.lua_rawlen(stack, at);
                countBytes(length); // a list may have one text many times, which Lua holds once
                yield string(stack, at, length);
            }
            case TYPE_TABLE -> table(stack, at, depth);
            default ->
                throw new IllegalArgumentException(typeName(stack, at) + " is no plain value; plain are texts, numbers,"
                        + " booleans, and tables of these");
        };
    }

    private Object table(long stack, int at, int depth) {
        if (depth == DEEPEST) {
            throw new IllegalArgumentException(
                    "tables are nested more than " + DEEPEST + " deep, or contain themselves");
        }
        if (lua.lua_checkstack(stack, 8) == 0) {
            throw new IllegalArgumentException("Lua has no room left on its stack");
        }
        if (isAddress(stack, at)) {
            lua.lua_rawgeti(stack, at, 3);
            String email = string(stack, -1, lua.lua_rawlen(stack, -1));
            lua.lua_settop(stack, -2);
            return email;
        }
        long length = lua.lua_rawlen(stack, at);
        @Nullable Object[] items = new @Nullable Object[(int) Math.min(length, MOST_ENTRIES)];
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        int listed = 0;
        lua.lua_pushnil(stack);
        while (lua.lua_next(stack, at) != 0) {
            countEntry();
            countBytes(BYTES_OF_ENTRY);
            Object value = value(stack, lua.lua_gettop(stack), depth + 1);
            if (lua.lua_type(stack, -2) == TYPE_STRING) {
                long bytesOfKey = lua.lua_rawlen(stack, -2);
                countBytes(bytesOfKey);
                map.put(string(stack, -2, bytesOfKey), value);
            } else {
                long index = lua.luaJ_isinteger(stack, -2) != 0 ? lua.lua_tointeger(stack, -2) : 0;
                if (index < 1 || index > items.length) {
                    throw new IllegalArgumentException(
                            "the keys of a table are texts, or numbers from 1 without a gap");
                }
                items[(int) index - 1] = value;
                listed++;
            }
            lua.lua_settop(stack, -2);
        }
        if (listed > 0 && !map.isEmpty() || listed < items.length) {
            throw new IllegalArgumentException("a table is a list or has named values, not both: the key '"
                    + Shown.of(String.valueOf(map.keySet().stream().findFirst().orElse("1"))) + "' is out of place");
        }
        return listed > 0 ? Arrays.asList(items) : map;
    }

    private void beginCount(long bound) {
        entries = 0;
        bytes = 0;
        mostNow = bound;
    }

    private void countEntry() {
        requireRoom(entries++);
    }

    /** Refuses one more entry of a table that has so many. */
    static void requireRoom(int entries) {
        if (entries >= MOST_ENTRIES) {
            throw new IllegalArgumentException("a table has more than " + MOST_ENTRIES + " entries");
        }
    }

    private void countBytes(long length) {
        bytes += length;
        if (bytes > mostNow) {
            throw new IllegalArgumentException("a value has more than " + mostNow + " bytes");
        }
    }

    private boolean isAddress(long stack, int at) {
        if (lua.lua_getmetatable(stack, at) == 0) {
            return false;
        }
        lua.lua_rawgeti(stack, registry, addresses);
        boolean same = lua.lua_rawequal(stack, -1, -2) != 0;
        lua.lua_settop(stack, -3);
        return same;
    }

    /** Puts a plain value, bytes or an address on the stack; false if it is none of these. */
    boolean push(long stack, @Nullable Object value) {
        beginCount(most);
        return put(stack, value);
    }

    private boolean put(long stack, @Nullable Object value) {
        if (value == null) {
            lua.lua_pushnil(stack);
        } else if (value instanceof String text) {
            putBytes(stack, text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof byte[] binary) {
            putBytes(stack, binary);
        } else if (value instanceof Boolean flag) {
            lua.lua_pushboolean(stack, flag ? 1 : 0);
        } else if (value instanceof Double || value instanceof Float || value instanceof java.math.BigDecimal) {
            lua.lua_pushnumber(stack, ((Number) value).doubleValue());
        } else if (value instanceof java.math.BigInteger big && big.bitLength() > 63) {
            lua.lua_pushnumber(stack, big.doubleValue());
        } else if (value instanceof Number number) {
            lua.lua_pushinteger(stack, number.longValue());
        } else if (value instanceof EnvelopeAddress address) {
            pushAddress(stack, address);
        } else if (value instanceof Collection<?> items) {
            pushList(stack, items);
        } else if (value instanceof Map<?, ?> map) {
            pushMap(stack, map);
        } else {
            return false;
        }
        return true;
    }

    /** The caller has made room for one value more than it has put on the stack, or Lua has, of which there is some for each call. */
    private void putBytes(long stack, byte[] text) {
        countBytes(text.length);
        if (text.length <= scratch.capacity()) {
            scratch.clear().put(text);
            lua.luaJ_pushlstring(stack, scratch, 0, text.length);
        } else {
            putPieces(stack, text);
        }
    }

    private void putPieces(long stack, byte[] text) {
        if (lua.lua_checkstack(stack, MOST_PIECES + 2) == 0) {
            throw new IllegalArgumentException("Lua has no room left on its stack");
        }
        int pieces = 0;
        for (int at = 0; at < text.length; ) {
            int length = Math.min(scratch.capacity(), text.length - at);
            scratch.clear().put(text, at, length);
            lua.luaJ_pushlstring(stack, scratch, 0, length);
            at += length;
            if (++pieces == MOST_PIECES) {
                lua.lua_concat(stack, pieces);
                pieces = 1;
            }
        }
        lua.lua_concat(stack, pieces);
    }

    private void pushAddress(long stack, EnvelopeAddress address) {
        lua.lua_createtable(stack, 3, 0);
        putBytes(stack, address.localPart().getBytes(StandardCharsets.UTF_8));
        lua.lua_rawseti(stack, -2, 1);
        putBytes(stack, address.domain().getBytes(StandardCharsets.UTF_8));
        lua.lua_rawseti(stack, -2, 2);
        putBytes(stack, address.toString().getBytes(StandardCharsets.UTF_8));
        lua.lua_rawseti(stack, -2, 3);
        lua.lua_rawgeti(stack, registry, addresses);
        lua.lua_setmetatable(stack, -2);
    }

    private void pushList(long stack, Collection<?> items) {
        room(stack);
        lua.lua_createtable(stack, Math.min(items.size(), MOST_ENTRIES), 0);
        int at = 0;
        for (Object item : items) {
            pushPlain(stack, item);
            lua.lua_rawseti(stack, -2, ++at);
        }
    }

    private void pushMap(long stack, Map<?, ?> map) {
        room(stack);
        lua.lua_createtable(stack, 0, Math.min(map.size(), MOST_ENTRIES));
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            pushPlain(stack, entry.getKey());
            pushPlain(stack, entry.getValue());
            lua.lua_rawset(stack, -3);
        }
    }

    private void pushPlain(long stack, @Nullable Object value) {
        countEntry();
        if (!put(stack, value)) {
            put(stack, String.valueOf(value));
        }
    }

    private void room(long stack) {
        if (lua.lua_checkstack(stack, 8) == 0) {
            throw new IllegalArgumentException("a value is nested too deeply");
        }
    }

    /** What lists of a script are like, for functions that take them. */
    static List<String> texts(String where, List<?> list) {
        return list.stream()
                .map(item -> {
                    if (item instanceof String text) {
                        return text;
                    }
                    throw new IllegalArgumentException(where + ": a list of strings is wanted");
                })
                .toList();
    }
}
