package dev.kumo.http;

import dev.kumo.http.answer.Json;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Reads messages with the email package of Python, which knows nothing of how they were written. */
final class Python implements AutoCloseable {

    private static final String READ = """
            import base64, email, email.policy, json, struct, sys
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
            while True:
                length = sys.stdin.buffer.read(4)
                if not length:
                    break
                octets = sys.stdin.buffer.read(struct.unpack('>I', length)[0])
                message = email.message_from_bytes(octets, policy=email.policy.default)
                result = part(message)
                result['headers'] = {name: str(value) for name, value in message.items()}
                result['date'] = message['date'].datetime.isoformat() if message['date'] else None
                print(json.dumps(result), flush=True)
            """;

    private final Process process;
    private final DataOutputStream out;
    private final BufferedReader in;

    private Python(Process process) {
        this.process = process;
        this.out = new DataOutputStream(process.getOutputStream());
        this.in = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** Starts it; null if it is not there. In CI it has to be: a test that is always skipped proves nothing. */
    static Python start() throws IOException {
        try {
            return new Python(new ProcessBuilder("python3", "-c", READ)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException none) {
            if (System.getenv("CI") != null) {
                throw none;
            }
            return null;
        }
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> read(byte[] message) throws IOException {
        out.writeInt(message.length);
        out.write(message);
        out.flush();
        return (Map<String, Object>) Json.read(in.readLine().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        process.destroy();
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
