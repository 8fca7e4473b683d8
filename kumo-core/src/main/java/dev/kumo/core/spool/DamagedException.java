package dev.kumo.core.spool;

import java.io.IOException;

/**
 * What a spool holds of a message is not what it was given. To ask again will not help: the message leaves the queues, stays in the
 * spool for somebody to look at, and is tried once more after a restart.
 */
public final class DamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is damaged.
     *
     * @param message what, where, and what to do about it
     */
    public DamagedException(String message) {
        super(message);
    }

    DamagedException(Segment segment, long offset, long length) {
        this("the spool is damaged: " + segment + " at offset " + offset + ", " + length
                + " bytes; check the disk, and restore the file from a copy if there is one");
    }
}
