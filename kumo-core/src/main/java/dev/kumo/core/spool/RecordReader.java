package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/** Reads records where the index says they are, wherever that is by then. */
final class RecordReader {

    private final Index index;
    private final ReadChannels channels;
    private final Damage damage;

    /** The numbers of the contents that were found damaged. */
    private final Set<Long> damaged = ConcurrentHashMap.newKeySet();

    RecordReader(Index index, ReadChannels channels, Damage damage) {
        this.index = index;
        this.channels = channels;
        this.damage = damage;
    }

    /** Remembers that a content is not what was written; so no message that has it is tried again. */
    DamagedException damaged(Index.ContentPlace place, long number) {
        if (damaged.add(number)) {
            damage.setAside(
                    place.segment(), place.offset(), RecordHeader.SIZE + place.length(), "the content of a message");
        }
        return new DamagedException(place.segment(), place.offset(), RecordHeader.SIZE + place.length());
    }

    /** Whether a content was found damaged. */
    boolean isDamaged(long number) {
        return damaged.contains(number);
    }

    /**
     * Reads the body of a message's record.
     *
     * @return empty if the segment is gone, so that the message is elsewhere, or nowhere
     * @throws IOException if it cannot be read or is damaged
     */
    Optional<ByteBuffer> message(Index.Place place) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(place.length());
        if (!channels.read(place.segment(), record, place.length(), place.offset())) {
            return Optional.empty();
        }
        return Optional.of(body(place, record.flip()));
    }

    /** Checks a message's record, and moves on to its body. */
    static ByteBuffer body(Index.Place place, ByteBuffer record) throws IOException {
        long salt = place.segment().header.salt();
        RecordHeader header = RecordHeader.read(record, salt);
        if (header == null
                || header.type() != RecordHeader.MESSAGE
                || header.arrival() != place.arrival()
                || header.length() != place.length()) {
            throw new DamagedException(place.segment(), place.offset(), place.length());
        }
        CRC32C crc = RecordHeader.salted(salt);
        crc.update(record.duplicate());
        if ((int) crc.getValue() != header.bodyCrc()) {
            throw new DamagedException(place.segment(), place.offset(), place.length());
        }
        return record;
    }

    /**
     * Reads some of a content's record.
     *
     * @param from counted from the record's first byte, its header included
     * @return where it was found
     * @throws IOException if it cannot be read, or the content is gone
     */
    Index.ContentPlace content(int slot, long number, long from, ByteBuffer target) throws IOException {
        int start = target.position();
        while (true) {
            Index.ContentPlace place = index.content(slot, number)
                    .orElseThrow(() -> new IOException("the content is gone: its message was removed from the spool"));
            if (channels.read(place.segment(), target, target.remaining(), place.offset() + from)) {
                return place;
            }
            target.position(start);
        }
    }
}
