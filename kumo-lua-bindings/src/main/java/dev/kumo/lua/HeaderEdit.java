package dev.kumo.lua;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Meta;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Predicate;

/** Changes the header block of a message's bytes, and nothing after it. */
final class HeaderEdit {

    /** Octets of UTF-8 that fit into an encoded word of 75 (RFC 2047 section 2), and that divide into whole groups of Base64. */
    private static final int OCTETS_PER_WORD = 45;

    private static final int LARGEST_HEADER = 1 << 20;

    private HeaderEdit() {}

    /** The content without the fields of some names. */
    static byte[] without(byte[] content, Predicate<String> names) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream(content.length);
        int at = 0;
        boolean removing = false;
        while (at < content.length) {
            int end = endOfLine(content, at);
            if (isEmptyLine(content, at, end)) {
                break;
            }
            if (content[at] != ' ' && content[at] != '\t') {
                removing = names.test(name(content, at, end));
            }
            if (!removing) {
                rest.write(content, at, end - at);
            }
            at = end;
        }
        rest.write(content, at, content.length - at);
        return rest.toByteArray();
    }

    /**
     * The content with a field after the last one.
     *
     * @throws IllegalArgumentException if no empty line ends the header block, or it would be longer than anybody reads
     */
    static byte[] append(byte[] content, byte[] field) {
        int at = 0;
        while (at < content.length) {
            int end = endOfLine(content, at);
            if (isEmptyLine(content, at, end)) {
                if (at + field.length > LARGEST_HEADER) {
                    throw new IllegalArgumentException(
                            "append_header: the header would have more than " + LARGEST_HEADER + " bytes");
                }
                ByteArrayOutputStream longer = new ByteArrayOutputStream(content.length + field.length);
                longer.write(content, 0, at);
                longer.writeBytes(field);
                longer.write(content, at, content.length - at);
                return longer.toByteArray();
            }
            at = end;
        }
        throw new IllegalArgumentException("append_header: the message has no empty line that ends its header");
    }

    private static int endOfLine(byte[] content, int from) {
        int at = from;
        while (at < content.length && content[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, content.length);
    }

    private static boolean isEmptyLine(byte[] content, int from, int end) {
        return content[from] == '\n' || content[from] == '\r' && end - from == 2 && content[from + 1] == '\n';
    }

    private static String name(byte[] content, int from, int end) {
        for (int at = from; at < end; at++) {
            if (content[at] == ':') {
                return new String(content, from, at - from, StandardCharsets.UTF_8).stripTrailing();
            }
        }
        return "";
    }

    /** A header field as {@link Message#prependHeader} would write it, with its checks. */
    static byte[] field(Message of, String name, String value) {
        Message alone = new Message(of.id(), of.envelope(), new Meta(), Content.of(new byte[0]));
        alone.prependHeader(name, value);
        try (InputStream in = alone.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A value as encoded words (RFC 2047), folded between them; as it is if it is ASCII. */
    static String encoded(String value) {
        if (value.chars().allMatch(c -> c < 0x80)) {
            return value;
        }
        StringBuilder words = new StringBuilder();
        StringBuilder piece = new StringBuilder();
        int octets = 0;
        for (int at = 0; at < value.length(); at += Character.charCount(value.codePointAt(at))) {
            String character = Character.toString(value.codePointAt(at));
            int more = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + more > OCTETS_PER_WORD) {
                words.append(word(piece)).append("\r\n ");
                piece.setLength(0);
                octets = 0;
            }
            piece.append(character);
            octets += more;
        }
        return words.append(word(piece)).toString();
    }

    private static String word(StringBuilder piece) {
        byte[] bytes = piece.toString().getBytes(StandardCharsets.UTF_8);
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes) + "?=";
    }
}
