package dev.kumo.core.log.file;

import dev.kumo.core.text.Quoted;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much of a disk the log leaves to others. */
record FreeSpace(long bytes, int percent) {

    static final FreeSpace ANY = new FreeSpace(0, 0);

    /** Reads a number of bytes, or a percentage of the disk. */
    static FreeSpace parse(String text) {
        if (text.matches("[0-9]{1,18}")) {
            return new FreeSpace(Long.parseLong(text), 0);
        }
        if (text.matches("[0-9]{1,2}%")) {
            return new FreeSpace(0, Integer.parseInt(text.substring(0, text.length() - 1)));
        }
        throw new IllegalArgumentException(
                "must be a number of bytes, or a percentage such as \"10%\", not " + Quoted.of(text));
    }

    /**
     * Whether that much is free where a directory is.
     *
     * @throws IOException if the disk does not tell
     */
    boolean isLeft(Path directory) throws IOException {
        if (equals(ANY)) {
            return true;
        }
        FileStore disk = Files.getFileStore(directory);
        long free = disk.getUsableSpace();
        return free >= bytes && free * 100.0 >= disk.getTotalSpace() * (double) percent;
    }

    @Override
    public String toString() {
        return percent > 0 ? percent + "%" : String.valueOf(bytes);
    }
}
