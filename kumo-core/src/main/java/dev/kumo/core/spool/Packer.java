package dev.kumo.core.spool;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Values as bytes, for {@link Unpacker} to read.
 *
 * <p>Counts and lengths have seven bits a byte, the lowest first; texts are their length and UTF-8.
 */
final class Packer {

    /** What follows the byte that tells the kind of a value. */
    static final int TEXT = 1;

    static final int TRUE = 2;
    static final int FALSE = 3;
    static final int INTEGER = 4;
    static final int LONG = 5;
    static final int DOUBLE = 6;
    static final int FLOAT = 7;
    static final int SHORT = 8;
    static final int BYTE = 9;
    static final int BIG_INTEGER = 10;
    static final int BIG_DECIMAL = 11;
    static final int LIST = 12;
    static final int TABLE = 13;

    private byte[] bytes = new byte[1024];
    private int size;

    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    Packer octet(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    Packer count(int value) {
        int left = value;
        while (left >>> 7 != 0) {
            octet(left & 0x7f | 0x80);
            left >>>= 7;
        }
        return octet(left);
    }

    Packer number(long value) {
        reserve(Long.BYTES);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    Packer text(String text) {
        return block(text.getBytes(StandardCharsets.UTF_8));
    }

    Packer block(byte[] block) {
        count(block.length);
        reserve(block.length);
        System.arraycopy(block, 0, bytes, size, block.length);
        size += block.length;
        return this;
    }

    /** A value as meta data have them. */
    Packer value(Object value) {
        if (value instanceof String text) {
            return octet(TEXT).text(text);
        }
        if (value instanceof Boolean flag) {
            return octet(flag ? TRUE : FALSE);
        }
        if (value instanceof Number number) {
            return packNumber(number);
        }
        if (value instanceof List<?> list) {
            octet(LIST).count(list.size());
            list.forEach(this::value);
            return this;
        }
        octet(TABLE);
        return table((Map<?, ?>) value);
    }

    Packer table(Map<?, ?> table) {
        count(table.size());
        table.forEach((name, value) -> text((String) name).value(value));
        return this;
    }

    private Packer packNumber(Number number) {
        if (number instanceof Integer) {
            return octet(INTEGER).number(number.longValue());
        }
        if (number instanceof Long) {
            return octet(LONG).number(number.longValue());
        }
        if (number instanceof Double) {
            return octet(DOUBLE).number(Double.doubleToRawLongBits(number.doubleValue()));
        }
        if (number instanceof Float) {
            return octet(FLOAT).number(Float.floatToRawIntBits(number.floatValue()));
        }
        if (number instanceof Short) {
            return octet(SHORT).number(number.longValue());
        }
        if (number instanceof Byte) {
            return octet(BYTE).number(number.longValue());
        }
        if (number instanceof BigInteger) {
            return octet(BIG_INTEGER).text(number.toString());
        }
        return octet(BIG_DECIMAL).text(decimal(number).toString());
    }

    /** A number of a kind that nobody knows is what it prints as. */
    private static BigDecimal decimal(Number number) {
        try {
            return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
        } catch (NumberFormatException e) {
            return BigDecimal.valueOf(number.doubleValue());
        }
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length)));
        }
    }
}
