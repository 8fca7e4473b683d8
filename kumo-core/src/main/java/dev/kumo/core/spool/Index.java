package dev.kumo.core.spool;

import dev.kumo.core.mail.MessageId;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What is in the spool and where: in memory, about 72 bytes a message. One lock guards all of it, and is never held while
 * anything is read or written.
 *
 * <p>A message is here from the call that stores it on, so that its id is taken; it is found once it has a place.
 */
final class Index {

    private final MessageTable messages = new MessageTable();
    private final ContentTable contents = new ContentTable();
    private final SegmentList segments = new SegmentList();
    private final Occupants occupants = new Occupants(this, messages, contents);
    private long nextArrival = 1;

    /** Where a message is, and its content. */
    record Place(
            Key key,
            long arrival,
            Segment segment,
            int offset,
            int length,
            int contentSlot,
            long content,
            int contentSize) {}

    /** Where a content is. */
    record ContentPlace(Segment segment, int offset, int length) {}

    /** A message as it was when somebody asked to change or remove it. */
    record Target(int slot, long idHigh, long idLow, long arrival, long content) {}

    /** An id as two numbers. */
    record Key(long high, long low) {

        static Key of(MessageId id) {
            return new Key(
                    HexFormat.fromHexDigitsToLong(id.text(), 0, 16), HexFormat.fromHexDigitsToLong(id.text(), 16, 32));
        }

        MessageId id() {
            HexFormat hex = HexFormat.of();
            return new MessageId(hex.toHexDigits(high) + hex.toHexDigits(low));
        }
    }

    // Coming.

    /**
     * Takes the ids of new messages, and holds their contents.
     *
     * @return false if a content that is to be shared is gone
     * @throws IllegalArgumentException if an id is taken
     */
    synchronized boolean reserve(List<NewMessage> coming, List<NewContent> theirs) {
        int done = 0;
        try {
            for (; done < coming.size(); done++) {
                NewMessage message = coming.get(done);
                if (messages.find(message.key.high(), message.key.low()) != MessageTable.NONE) {
                    throw new IllegalArgumentException(
                            "message " + message.key.id() + " is in the spool already; give each its own id");
                }
                if (!reserve(message, theirs.get(message.content))) {
                    coming.subList(0, done).forEach(this::giveUp);
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            coming.subList(0, done).forEach(this::giveUp);
            throw e;
        }
    }

    private boolean reserve(NewMessage message, NewContent content) {
        if (content.slot < 0) {
            content.number = nextArrival;
            content.slot = contents.add(nextArrival, content.length);
        } else if (contents.number(content.slot) != content.number) {
            return false;
        }
        contents.hold(content.slot, 1);
        message.arrival = nextArrival++;
        message.slot = messages.add(message.key.high(), message.key.low(), message.arrival, content.slot);
        return true;
    }

    /** Forgets a message that could not be stored. */
    synchronized void giveUp(NewMessage message) {
        if (messages.holds(message.slot, message.arrival)) {
            drop(message.slot);
        }
    }

    synchronized void place(NewContent content, Segment segment) {
        if (content.offset > 0 && contents.number(content.slot) == content.number) {
            contents.place(content.slot, segment.handle, content.offset);
            segment.live += RecordHeader.SIZE + content.length;
        }
    }

    /** Gives a message its first or another place. */
    synchronized void place(int slot, long arrival, Segment segment, int offset, int length) {
        segment.messages.add(arrival);
        if (messages.holds(slot, arrival)) {
            if (messages.isPlaced(slot)) {
                segments.release(messages.segment(slot), messages.length(slot));
            }
            messages.place(slot, segment.handle, offset, length);
            segment.live += length;
        }
    }

    // Staying and leaving.

    synchronized Optional<Place> find(Key key) {
        int slot = messages.find(key.high(), key.low());
        return slot == MessageTable.NONE ? Optional.empty() : placeOf(slot);
    }

    /** Where the message in a slot is, unless it has no place, or is to be removed. */
    synchronized Optional<Place> at(int slot) {
        return placeOf(slot);
    }

    private Optional<Place> placeOf(int slot) {
        if (!messages.isPlaced(slot) || messages.isLeaving(slot)) {
            return Optional.empty();
        }
        int content = messages.content(slot);
        return Optional.of(new Place(
                new Key(messages.idHigh(slot), messages.idLow(slot)),
                messages.arrival(slot),
                segments.get(messages.segment(slot)),
                messages.offset(slot),
                messages.length(slot),
                content,
                contents.number(content),
                contents.length(content)));
    }

    /** Where a content is now, unless the last message that had it is gone. */
    synchronized Optional<ContentPlace> content(int slot, long number) {
        return contents.number(slot) == number && contents.isPlaced(slot)
                ? Optional.of(new ContentPlace(
                        segments.get(contents.segment(slot)), contents.offset(slot), contents.length(slot)))
                : Optional.empty();
    }

    synchronized Optional<Target> target(Key key) {
        int slot = messages.find(key.high(), key.low());
        return slot == MessageTable.NONE ? Optional.empty() : Optional.of(targetIn(slot));
    }

    private Target targetIn(int slot) {
        return new Target(
                slot,
                messages.idHigh(slot),
                messages.idLow(slot),
                messages.arrival(slot),
                contents.number(messages.content(slot)));
    }

    /** From now on the message is found no more. */
    synchronized Optional<Target> leave(Key key) {
        int slot = messages.find(key.high(), key.low());
        if (slot == MessageTable.NONE) {
            return Optional.empty();
        }
        messages.leave(slot);
        return Optional.of(targetIn(slot));
    }

    /** Whether the message is here, perhaps only until its removal is on the disk. */
    synchronized boolean holds(Target target) {
        return messages.holds(target.slot(), target.arrival());
    }

    /** The removal is on the disk. */
    synchronized void removed(Target target, Segment segment) {
        segment.removals += RecordHeader.SIZE;
        segment.removed.add(target.arrival());
        if (messages.holds(target.slot(), target.arrival())) {
            drop(target.slot());
        }
    }

    private void drop(int slot) {
        if (messages.isPlaced(slot)) {
            segments.release(messages.segment(slot), messages.length(slot));
        }
        letGo(messages.content(slot));
        messages.remove(slot);
    }

    private void letGo(int content) {
        if (contents.hold(content, -1) == 0
                && !contents.isRestarting()) { // another message that has it may still come up
            if (contents.isPlaced(content)) {
                segments.release(contents.segment(content), RecordHeader.SIZE + contents.length(content));
            }
            contents.remove(content);
        }
    }

    // Restart.

    synchronized void beginRestart() {
        contents.beginRestart();
    }

    /** Forgets the contents that no message has. */
    synchronized void endRestart() {
        contents.endRestart();
        for (int slot = 0; slot < contents.end(); slot++) {
            if (contents.isPlaced(slot) && contents.holders(slot) == 0) {
                contents.hold(slot, 1);
                letGo(slot);
            }
        }
    }

    synchronized void recoverContent(RecordHeader record, Segment segment, int offset) {
        int slot = contents.find(record.content());
        if (slot == MessageTable.NONE) {
            slot = contents.add(record.content(), record.bodyLength());
        } else {
            segments.release(contents.segment(slot), RecordHeader.SIZE + contents.length(slot));
        }
        contents.place(slot, segment.handle, offset);
        segment.live += record.length();
        seen(record.content());
    }

    /** Answers false if its content is missing: either its removal follows, or something is damaged. */
    synchronized boolean recoverMessage(RecordHeader record, Segment segment, int offset) {
        seen(record.arrival());
        segment.messages.add(record.arrival());
        int slot = messages.find(record.idHigh(), record.idLow());
        if (slot != MessageTable.NONE && !messages.holds(slot, record.arrival())) {
            drop(slot); // its removal got lost, or it could not have been stored again
            slot = MessageTable.NONE;
        }
        if (slot == MessageTable.NONE) {
            int content = contents.find(record.content());
            if (content == MessageTable.NONE) {
                return false;
            }
            contents.hold(content, 1);
            slot = messages.add(record.idHigh(), record.idLow(), record.arrival(), content);
        }
        place(slot, record.arrival(), segment, offset, record.length());
        return true;
    }

    synchronized void recoverRemoval(RecordHeader record, Segment segment) {
        segment.removals += RecordHeader.SIZE;
        segment.removed.add(record.arrival());
        int slot = messages.find(record.idHigh(), record.idLow());
        if (slot != MessageTable.NONE && messages.arrival(slot) <= record.arrival()) {
            drop(slot);
        }
        seen(record.arrival());
    }

    synchronized void seen(long arrival) {
        nextArrival = Math.max(nextArrival, arrival + 1);
    }

    synchronized long nextArrival() {
        return nextArrival;
    }

    // All.

    /** The slots of all messages that are here and are to stay, in order of arrival. */
    int[] inOrder() {
        ArrivalOrder order = new ArrivalOrder(size());
        for (int from = 0; from < slotsEnd(); from += Longs.PAGE) {
            collect(from, order);
        }
        return order.slots();
    }

    /** A page at a time, so that nobody waits long for the lock. */
    private synchronized void collect(int from, ArrivalOrder order) {
        int to = Math.min(messages.end(), from + Longs.PAGE);
        for (int slot = from; slot < to; slot++) {
            if (messages.isPlaced(slot) && !messages.isLeaving(slot)) {
                order.add(slot, messages.arrival(slot));
            }
        }
    }

    synchronized int size() {
        return messages.size();
    }

    private synchronized int slotsEnd() {
        return messages.end();
    }

    synchronized long footprint() {
        return messages.footprint() + (long) ContentTable.BYTES_PER_CONTENT * contents.end();
    }

    // Segments and what is moved between them.

    synchronized void add(Segment segment) {
        segments.add(segment);
    }

    /** Nothing more is added to a segment. */
    synchronized void seal(Segment segment, int size, boolean untidy) {
        segment.size = size;
        segment.untidy = untidy;
        segment.sealed = true;
    }

    synchronized List<Segment> segments() {
        return segments.inOrder();
    }

    /** Forgets a segment in which nothing is live. */
    synchronized void forget(Segment segment) {
        segments.remove(segment);
    }

    /** Segments next to each other that are worth to be copied into one, or, if nothing in them counts, to be deleted. */
    synchronized List<Segment> worthCopying(int segmentSize) {
        return segments.worthCopying(segmentSize);
    }

    /** Whether a segment is needed even if nothing is in it, for what it tells of the one before. */
    synchronized boolean tellsLengthOfAnother(Segment segment) {
        return segments.tellsLengthOfAnother(segment);
    }

    /** Whether a removal must be kept, since a record of its message may stand before a segment. */
    synchronized boolean isNeeded(RecordHeader removal, Segment before) {
        return segments.mayHold(removal.arrival(), before);
    }

    /** The slot of the message whose record stands at a place, if that record is the one that counts. */
    synchronized int liveMessage(RecordHeader record, Segment segment, int offset) {
        int slot = messages.find(record.idHigh(), record.idLow());
        return slot != MessageTable.NONE && messages.isAt(slot, segment.handle, offset) ? slot : MessageTable.NONE;
    }

    /** Notes that something in a segment cannot be copied, so that it stays as long as anything in it is in use. */
    synchronized void keep(Segment segment) {
        segment.stuck = true;
    }

    /** What of the messages and contents is in a segment. */
    Occupants occupants() {
        return occupants;
    }

    /** Notes that records were copied, where the originals still count. */
    synchronized void move(List<Moved> records, Segment to) {
        for (Moved record : records) {
            boolean content = record.type() == RecordHeader.CONTENT;
            if (content && contents.isAt(record.slot(), record.from().handle, record.fromOffset())) {
                contents.place(record.slot(), to.handle, record.toOffset());
            } else if (!content && messages.isAt(record.slot(), record.from().handle, record.fromOffset())) {
                messages.place(record.slot(), to.handle, record.toOffset(), record.length());
            } else {
                continue;
            }
            record.from().live -= record.length();
            to.live += record.length();
        }
    }

    /** A record that was copied. */
    record Moved(int type, int slot, Segment from, int fromOffset, int toOffset, int length) {}
}
