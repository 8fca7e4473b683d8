package dev.kumo.core.spool;

import java.io.IOException;

/** A record is not what was written. */
final class DamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedException(Segment segment, long offset, long length) {
        super("the spool is damaged: " + segment + " at offset " + offset + ", " + length
                + " bytes; check the disk, and restore the file from a copy if there is one");
    }
}
