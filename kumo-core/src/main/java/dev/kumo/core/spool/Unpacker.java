package dev.kumo.core.spool;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what {@link Packer} wrote. Whatever else it is given ends in some {@link RuntimeException}. */
final class Unpacker {

    private final ByteBuffer in;

    Unpacker(ByteBuffer in) {
        this.in = in;
    }

    int octet() {
        return in.get() & 0xff;
    }

    int count() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = in.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a count of more than five bytes");
    }

    long number() {
        return in.getLong();
    }

    String text() {
        int length = count();
        String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    Object value() {
        int kind = octet();
        return switch (kind) {
            case Packer.TEXT -> text();
            case Packer.TRUE -> true;
            case Packer.FALSE -> false;
            case Packer.INTEGER -> (int) number();
            case Packer.LONG -> number();
            case Packer.DOUBLE -> Double.longBitsToDouble(number());
            case Packer.FLOAT -> Float.intBitsToFloat((int) number());
            case Packer.SHORT -> (short) number();
            case Packer.BYTE -> (byte) number();
            case Packer.BIG_INTEGER -> new BigInteger(text());
            case Packer.BIG_DECIMAL -> new BigDecimal(text());
            case Packer.LIST -> list();
            case Packer.TABLE -> table();
            default -> throw new IllegalArgumentException("a value of kind " + kind);
        };
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        for (int left = count(); left > 0; left--) {
            list.add(value());
        }
        return list;
    }

    Map<String, Object> table() {
        Map<String, Object> table = new TreeMap<>();
        for (int left = count(); left > 0; left--) {
            table.put(text(), value());
        }
        return table;
    }
}
