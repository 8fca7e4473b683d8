package dev.kumo.http.status;

import dev.kumo.http.answer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A file of the status page, which is kept beside this class. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PageFile(String type, byte[] bytes) {

    static PageFile read(String name, String type) {
        try (InputStream in = PageFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the archive of the library");
            }
            return new PageFile(type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer answer() {
        return Answer.of(200, type, bytes);
    }
}
