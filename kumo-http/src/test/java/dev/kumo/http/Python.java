package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Reads messages with the email package of Python, which knows nothing of how they were written. */
final class Python {

    private static final String READ = """
            import base64, email, email.policy, json, sys
            message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            def part(p):
                return {
                    'type': p.get_content_type(),
                    'charset': p.get_content_charset(),
                    'disposition': p.get_content_disposition(),
                    'name': p.get_filename(),
                    'id': p.get('Content-ID'),
                    'defects': [str(d) for d in p.defects] + [str(d) for h in p.values() for d in getattr(h, 'defects', [])],
                    'parts': [part(q) for q in p.iter_parts()] if p.is_multipart() else [],
                    'payload': None if p.is_multipart() else base64.b64encode(p.get_payload(decode=True)).decode(),
                }
            result = part(message)
            result['headers'] = {name: str(value) for name, value in message.items()}
            result['date'] = message['date'].datetime.isoformat() if message['date'] else None
            print(json.dumps(result))
            """;

    private Python() {}

    static boolean isThere() {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException | InterruptedException none) {
            return false;
        }
    }

    /** In CI it has to be there: a test that is always skipped proves nothing. */
    static void require() {
        boolean there = isThere();
        assumeTrue(there || System.getenv("CI") != null, "python3 is not on the path");
        assertThat(there).as("python3").isTrue();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> read(byte[] message) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "-c", READ)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.getOutputStream()) {
            out.write(message);
        }
        byte[] json = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return (Map<String, Object>) Json.read(json);
    }

    static String text(Map<String, Object> part) {
        return new String(Base64.getDecoder().decode((String) part.get("payload")), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> parts(Map<String, Object> part) {
        return (List<Map<String, Object>>) part.get("parts");
    }

    @SuppressWarnings("unchecked")
    static String header(Map<String, Object> message, String name) {
        return ((Map<String, String>) message.get("headers")).get(name);
    }
}
