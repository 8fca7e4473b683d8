package dev.kumo.core.report;

import dev.kumo.core.mail.Headers;
import dev.kumo.core.trace.SupplementalHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The message that a report is about, as far as the report returns it: all of it, or only its header block.
 *
 * <p>Only the first {@value #MOST_BYTES} bytes are kept, up to the last whole line; what a record of a report says must not
 * depend on how large a mail somebody sends.
 */
public final class OriginalMessage {

    /** How many bytes of an original are kept: 128 KiB. */
    public static final int MOST_BYTES = 1 << 17;

    private final byte[] bytes;
    private final boolean cut;

    private OriginalMessage(byte[] bytes, boolean cut) {
        this.bytes = bytes;
        this.cut = cut;
    }

    /** Takes the bytes over, without copying unless they are to be cut. */
    static OriginalMessage of(byte[] bytes, boolean cut) {
        if (!cut) {
            return new OriginalMessage(bytes, false);
        }
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return new OriginalMessage(end == 0 ? bytes : Arrays.copyOf(bytes, end), true);
    }

    /**
     * The message as the report holds it, transfer encoding undone.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Whether there was more than is kept.
     *
     * @return true if the original is longer than {@value #MOST_BYTES} bytes
     */
    public boolean isCut() {
        return cut;
    }

    /**
     * Reads the header fields.
     *
     * @return those that are kept
     */
    public Headers headers() {
        try {
            return Headers.read(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What we wrote into a header of the message, whatever the header is called as long as that begins with X-. */
    Optional<Map<String, Object>> supplementalTrace() {
        return headers().fields().stream()
                .filter(field -> field.name().toUpperCase(Locale.ROOT).startsWith("X-"))
                .map(field -> SupplementalHeader.decode(field.value()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** As KumoMTA logs it: text with LF, or a list of octets if it is not UTF-8. */
    Object asJson() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replace("\r\n", "\n");
        } catch (CharacterCodingException notText) {
            return octets();
        }
    }

    private List<Integer> octets() {
        byte[] octets = new byte[bytes.length];
        int count = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\r' || i + 1 == bytes.length || bytes[i + 1] != '\n') {
                octets[count++] = bytes[i];
            }
        }
        return new Octets(Arrays.copyOf(octets, count));
    }

    /** A list over an array, as a list of that many boxes would take sixteen times the memory. */
    private static final class Octets extends AbstractList<Integer> {

        private final byte[] octets;

        Octets(byte[] octets) {
            this.octets = octets;
        }

        @Override
        public Integer get(int index) {
            return octets[index] & 0xff;
        }

        @Override
        public int size() {
            return octets.length;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OriginalMessage that && cut == that.cut && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The length alone; the message is somebody's mail. */
    @Override
    public String toString() {
        return "OriginalMessage of " + bytes.length + " bytes" + (cut ? ", cut" : "");
    }
}
