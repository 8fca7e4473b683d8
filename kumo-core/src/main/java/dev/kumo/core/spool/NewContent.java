package dev.kumo.core.spool;

import org.jspecify.annotations.Nullable;

/** A content that is to be stored, or one that is in the spool already and gets another message. */
final class NewContent {

    /** Null if it is in the spool already. */
    final @Nullable ChunkedContent bytes;

    final int length;

    /** Its slot in the index, and its number: known at once for one that is in the spool already. */
    int slot = -1;

    long number;

    /** Where it was written; 0 if it was not. */
    int offset;

    NewContent(ChunkedContent bytes) {
        this.bytes = bytes;
        this.length = Math.toIntExact(bytes.size());
    }

    NewContent(SpooledContent shared) {
        this.bytes = null;
        this.length = Math.toIntExact(shared.size());
        this.slot = shared.slot();
        this.number = shared.number();
    }
}
