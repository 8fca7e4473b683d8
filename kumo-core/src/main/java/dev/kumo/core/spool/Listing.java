package dev.kumo.core.spool;

import dev.kumo.core.mail.MessageId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the messages in order of arrival. Most stand on the disk in that order, so they are read many at a time.
 */
final class Listing extends Spliterators.AbstractSpliterator<Spool.Stored> {

    private static final int WINDOW = 1 << 16;

    private final Index index;
    private final ReadChannels channels;
    private final Damage damage;
    private final int[] slots;
    private int next;

    private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private @Nullable Segment segment;
    private long start;

    Listing(Index index, ReadChannels channels, Damage damage) {
        this(index, channels, damage, index.inOrder());
    }

    private Listing(Index index, ReadChannels channels, Damage damage, int[] slots) {
        super(slots.length, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT);
        this.index = index;
        this.channels = channels;
        this.damage = damage;
        this.slots = slots;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Spool.Stored> action) {
        while (next < slots.length) {
            Optional<Spool.Stored> stored = read(slots[next]);
            next++;
            if (stored.isPresent()) {
                action.accept(stored.get());
                return true;
            }
        }
        return false;
    }

    private Optional<Spool.Stored> read(int slot) {
        while (true) {
            Optional<Index.Place> found = index.at(slot);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Index.Place place = found.get();
            try {
                ByteBuffer record = record(place);
                if (record != null) {
                    MessageId id = place.key().id();
                    return Optional.of(MessageCodec.unpackStored(id, RecordReader.body(place, record)));
                }
            } catch (DamagedException e) {
                damage.setAside(
                        place.segment(),
                        place.offset(),
                        place.length(),
                        "message " + place.key().id());
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The record at a place; null if the segment is gone. */
    private @Nullable ByteBuffer record(Index.Place place) throws IOException {
        long from = place.offset() - start;
        if (place.segment() != segment || from < 0 || from + place.length() > window.limit()) {
            if (window.capacity() < place.length()) {
                window = ByteBuffer.allocate(place.length());
            }
            segment = null;
            window.clear();
            if (!channels.read(place.segment(), window, place.length(), place.offset())) {
                return null;
            }
            window.flip();
            segment = place.segment();
            start = place.offset();
            from = 0;
        }
        return window.slice((int) from, place.length());
    }
}
