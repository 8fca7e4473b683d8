package dev.kumo.lua;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** The text of a Lua file, and what errors call it. */
final class Script {

    private static final long LARGEST = 16 << 20;

    private final String name;
    private final byte[] source;

    /** A script whose text is known to be one. */
    Script(String name, byte[] source) {
        this.name = name;
        this.source = source;
    }

    /**
     * Reads a file.
     *
     * @throws LuaPolicyException if it cannot be read, or is no text
     */
    static Script read(Path file, String name) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new LuaPolicyException(name, "is larger than " + LARGEST + " bytes; divide it", null);
            }
            return new Script(name, text(name, Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw new LuaPolicyException(name, "there is no such file: " + file.toAbsolutePath(), e);
        } catch (IOException e) {
            throw new LuaPolicyException(name, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Only text is taken: bytecode can break the machine that runs it. */
    private static byte[] text(String name, byte[] source) {
        if (source.length > 0 && source[0] == 0x1b) {
            throw new LuaPolicyException(name, "is bytecode; only the text of a script is taken", null);
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(source));
        } catch (CharacterCodingException e) {
            throw new LuaPolicyException(name, "is not UTF-8; save it as such", e);
        }
        return source;
    }

    String name() {
        return name;
    }

    byte[] source() {
        return source;
    }

    boolean hasSource(byte[] other) {
        return Arrays.equals(source, other);
    }
}
