package dev.kumo.examples;

import dev.kumo.core.options.OptionException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/** Reads a file that holds one table, and says where it is wrong. */
final class JsonTable {

    private static final String WANTED =
            "one object in braces, such as {\"esmtp_listeners\": [{\"listen\": \"127.0.0.1:2525\"}], \"deliver\": \"discard\"}";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonTable() {}

    static Map<String, Object> read(Path file) {
        return parse(file, bytes(file));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new OptionException(file.toString(), "there is no such file; name a JSON file that exists", e);
        } catch (AccessDeniedException e) {
            throw new OptionException(file.toString(), "this user may not read it", e);
        } catch (IOException e) {
            throw new OptionException(file.toString(), "cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> parse(Path file, byte[] json) {
        try {
            Map<String, Object> table = JSON.readValue(json, new TypeReference<Map<String, Object>>() {});
            if (table != null) {
                return table;
            }
        } catch (MismatchedInputException e) {
            // Another value than an object, none, or more than one.
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
            throw new OptionException(file.toString(), where + problem(e), e);
        }
        throw new OptionException(file.toString(), "must hold " + WANTED);
    }

    /** What the parser says, without the words of the file and without places that it cannot name. */
    private static String problem(JacksonException e) {
        String text = e.getOriginalMessage().lines().findFirst().orElse("");
        return text.startsWith("Unrecognized token")
                ? "a bare word; a text stands in double quotes"
                : text.replaceFirst(" \\((for|start marker) .*", "");
    }
}
