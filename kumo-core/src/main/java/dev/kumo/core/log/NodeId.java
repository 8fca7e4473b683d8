package dev.kumo.core.log;

import dev.kumo.core.text.Quoted;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

/** Which machine wrote a record: a UUID that stays the same from one start to the next, where it can. */
final class NodeId {

    static final String VARIABLE = "KUMO_NODE_ID";

    /** Of a process that was told nothing; the same for everything in it that writes records. */
    private static final UUID OF_THIS_PROCESS = UUID.randomUUID();

    private NodeId() {}

    static UUID of(Map<String, String> environment) {
        String given = environment.get(VARIABLE);
        return given == null ? OF_THIS_PROCESS : parse(VARIABLE, given);
    }

    static UUID of(Map<String, String> environment, Path file) throws IOException {
        String given = environment.get(VARIABLE);
        return given == null ? kept(file) : parse(VARIABLE, given);
    }

    static UUID parse(String where, String text) {
        try {
            UUID id = UUID.fromString(text.strip());
            if (id.toString().equalsIgnoreCase(text.strip())) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the error that shows the text.
        }
        throw new IllegalArgumentException(
                where + " must be a UUID such as 557f3ad4-2c8c-11ee-976e-782d7e12e173, not " + Quoted.of(text));
    }

    /** Reads the file, which is made whole or not at all. */
    private static UUID kept(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) { // the power may have gone before it was written
            Files.deleteIfExists(file);
            Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".nodeid", null);
            try {
                Files.writeString(draft, OF_THIS_PROCESS + "\n");
                Files.createLink(file, draft); // a rename would replace what another process has made meanwhile
            } catch (FileAlreadyExistsException e) {
                // It is read below.
            } catch (UnsupportedOperationException | FileSystemException e) { // no links there
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        }
        return parse("the node id in " + file, Files.readString(file));
    }
}
