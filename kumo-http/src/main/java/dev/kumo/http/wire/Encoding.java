package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** How a body is compressed on its way, RFC 9110 section 8.4.1. */
enum Encoding {
    /** Not at all. */
    IDENTITY,
    /** RFC 1952. */
    GZIP,
    /** The format of zlib, RFC 1950. */
    DEFLATE;

    /** Below, compressing costs more than it saves. */
    private static final int SHORTEST = 256;

    private static final int BUFFER = 8192;

    /** The one that a client has used; empty if that is none of these, or several. */
    static Optional<Encoding> of(List<String> names) {
        if (names.size() != 1) {
            return Optional.empty();
        }
        return switch (names.get(0).strip().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> Optional.of(GZIP);
            case "deflate" -> Optional.of(DEFLATE);
            case "identity" -> Optional.of(IDENTITY);
            default -> Optional.empty();
        };
    }

    /** The one for an answer. */
    static Encoding chosen(HttpHeaders request, Answer answer) {
        if (answer.body().length < SHORTEST || answer.headers().stream().anyMatch(Encoding::isImage)) {
            return IDENTITY;
        }
        List<String> accepted = request.getAll(HttpHeaderNames.ACCEPT_ENCODING);
        if (accepts(accepted, "gzip")) {
            return GZIP;
        }
        return accepts(accepted, "deflate") ? DEFLATE : IDENTITY;
    }

    private static boolean isImage(Map.Entry<String, String> field) {
        return field.getKey().equalsIgnoreCase("Content-Type")
                && field.getValue().toLowerCase(Locale.ROOT).startsWith("image/");
    }

    /** RFC 9110 section 12.5.3; of all weights, only zero makes a difference. */
    private static boolean accepts(List<String> lists, String name) {
        for (String list : lists) {
            for (String item : list.toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] parts = item.split(";", 2);
                if (parts[0].strip().equals(name)) {
                    return parts.length == 1 || !parts[1].replace(" ", "").matches("q=0(\\.0{0,3})?");
                }
            }
        }
        return false;
    }

    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    byte[] compress(byte[] body) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4 + 64);
        try (var compressed =
                this == GZIP ? new GZIPOutputStream(out, BUFFER) : new DeflaterOutputStream(out, deflater, BUFFER)) {
            compressed.write(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }
}
