package dev.kumo.core.spool;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something that is to be on the disk: written, then forced together with others, then true. */
abstract sealed class Change {

    private static final int PER_CHANGE = 256;

    /** What the caller waits for. */
    final CompletableFuture<Void> done = new CompletableFuture<>();

    /** How many bytes it takes on the disk. */
    abstract long length();

    /** How many bytes it takes in memory until it is done. */
    long weight() {
        return PER_CHANGE + length();
    }

    /** Whether somebody waits for it, so that it is forced at once and not only with the next one. */
    boolean isUrgent() {
        return true;
    }

    /** Appends its records. Those of one change stand in one segment. */
    abstract void write(Appender out) throws IOException;

    /** It is on the disk. */
    abstract void settle();

    /** It is not on the disk, and will not be. */
    void giveUp() {}

    /** Messages, all or none. */
    static final class Store extends Change {

        private final Index index;
        private final List<NewMessage> messages;
        private final List<NewContent> contents;
        private final byte[] bodies;
        private final long length;
        private @Nullable Segment segment;

        /**
         * Messages that have their slots in the index.
         *
         * @param bodies those of their records, each where the message says
         */
        Store(Index index, List<NewMessage> messages, List<NewContent> contents, byte[] bodies) {
            this.index = index;
            this.messages = messages;
            this.contents = contents;
            this.bodies = bodies;
            this.length = messages.stream()
                            .mapToLong(message -> RecordHeader.SIZE + message.length)
                            .sum()
                    + contents.stream()
                            .filter(content -> content.bytes != null)
                            .mapToLong(content -> RecordHeader.SIZE + content.length)
                            .sum();
        }

        @Override
        long length() {
            return length;
        }

        @Override
        void write(Appender out) throws IOException {
            segment = out.segment();
            int flags = RecordHeader.FIRST;
            for (NewContent content : contents) {
                if (content.bytes != null) {
                    content.offset = out.append(
                            new RecordHeader(
                                    RecordHeader.CONTENT, flags, content.length, 0, 0, 0, 0, content.number, 0),
                            content.bytes);
                    flags = 0;
                }
            }
            for (int i = 0; i < messages.size(); i++) {
                NewMessage message = messages.get(i);
                flags |= i == messages.size() - 1 ? RecordHeader.LAST : 0;
                message.offset = out.append(header(message, flags), bodies, message.from);
                flags = 0;
            }
        }

        private RecordHeader header(NewMessage message, int flags) {
            return new RecordHeader(
                    RecordHeader.MESSAGE,
                    flags,
                    message.length,
                    0,
                    message.key.high(),
                    message.key.low(),
                    message.arrival,
                    contents.get(message.content).number,
                    0);
        }

        @Override
        void settle() {
            Segment written = segment;
            if (written != null) {
                contents.forEach(content -> index.place(content, written));
                messages.forEach(message -> index.place(
                        message.slot, message.arrival, written, message.offset, RecordHeader.SIZE + message.length));
            }
        }

        @Override
        void giveUp() {
            messages.forEach(index::giveUp);
        }
    }

    /** A message as it is now, in place of what it was. */
    static final class Update extends Change {

        private final Index index;
        private final Index.Target target;
        private final byte[] bytes;
        private final int length;
        private @Nullable Segment segment;
        private int offset;

        Update(Index index, Index.Target target, byte[] bytes, int length) {
            this.index = index;
            this.target = target;
            this.bytes = bytes;
            this.length = length;
        }

        @Override
        long length() {
            return (long) RecordHeader.SIZE + length;
        }

        @Override
        void write(Appender out) throws IOException {
            if (index.holds(target)) {
                segment = out.segment();
                offset = out.append(
                        new RecordHeader(
                                RecordHeader.MESSAGE,
                                RecordHeader.ALONE,
                                length,
                                0,
                                target.idHigh(),
                                target.idLow(),
                                target.arrival(),
                                target.content(),
                                0),
                        bytes,
                        0);
            }
        }

        @Override
        void settle() {
            if (segment != null) {
                index.place(target.slot(), target.arrival(), segment, offset, RecordHeader.SIZE + length);
            }
        }
    }

    /** A message is gone. */
    static final class Remove extends Change {

        private static final byte[] NO_BODY = {};

        private final Index index;
        private final Index.Target target;
        private @Nullable Segment segment;

        Remove(Index index, Index.Target target) {
            this.index = index;
            this.target = target;
        }

        @Override
        long length() {
            return RecordHeader.SIZE;
        }

        /** Nobody hears of it, so it can wait for company. */
        @Override
        boolean isUrgent() {
            return false;
        }

        @Override
        void write(Appender out) throws IOException {
            segment = null;
            if (index.holds(target)) {
                segment = out.segment();
                out.append(
                        new RecordHeader(
                                RecordHeader.REMOVE,
                                RecordHeader.ALONE,
                                0,
                                0,
                                target.idHigh(),
                                target.idLow(),
                                target.arrival(),
                                0,
                                0),
                        NO_BODY,
                        0);
            }
        }

        @Override
        void settle() {
            if (segment != null) {
                index.removed(target, segment);
            }
        }
    }

    /**
     * Nothing but the wish that all before it is on the disk, even in a spool that does not flush. It is no record, so that nothing is
     * written with it: whoever commits forces the disk for it, and settles all before it in the same breath.
     */
    static final class Barrier extends Change {

        @Override
        long length() {
            return 0;
        }

        @Override
        void write(Appender out) {}

        @Override
        void settle() {}
    }
}
