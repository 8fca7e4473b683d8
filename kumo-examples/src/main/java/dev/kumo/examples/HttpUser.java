package dev.kumo.examples;

import dev.kumo.core.options.OptionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may inject from an address that is not trusted: a table of the key {@code http_users}. The password is in
 * a file of its own, which can be kept from those who may read the gateway's.
 *
 * @param key its place in the file
 * @param name shown with HTTP Basic authentication
 * @param passwordFile holds the password on its only line, in UTF-8
 */
record HttpUser(String key, String name, Path passwordFile) {

    private static final int LONGEST = 1024;

    /**
     * Reads the password.
     *
     * @throws OptionException if it cannot be read, or the file holds none
     */
    String password() {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(passwordFile)) {
            bytes = in.readNBytes(LONGEST + 1);
        } catch (IOException e) {
            throw new OptionException(
                    key + ".password_file",
                    "cannot read " + passwordFile + "; write the password into a file that this user may read",
                    e);
        }
        String password = bytes.length > LONGEST ? "" : text(bytes).stripTrailing();
        if (password.isEmpty() || password.indexOf('\n') >= 0) {
            throw new OptionException(
                    key + ".password_file",
                    passwordFile + " has to hold one line, the password, in UTF-8 and of at most " + LONGEST
                            + " bytes");
        }
        return password;
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    /** The keys of a user. */
    public static final class Builder {

        private @Nullable Path passwordFile;

        Builder() {}

        public Builder passwordFile(String path) {
            try {
                passwordFile = Path.of(path).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("must be the path of a file: " + e.getReason(), e);
            }
            return this;
        }

        HttpUser build(String key, String name) {
            if (name.isEmpty() || name.indexOf(':') >= 0) {
                throw new OptionException(key, "a user has a name, and no ':' in it (RFC 7617 section 2)");
            }
            if (passwordFile == null) {
                throw new OptionException(key, "password_file is missing; name a file that holds the password");
            }
            return new HttpUser(key, name, passwordFile);
        }
    }
}
