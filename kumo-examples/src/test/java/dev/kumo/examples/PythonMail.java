package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Mail as the email package of Python reads it, which knows nothing of how it was written. */
record PythonMail(JsonNode json) {

    private static final String SCRIPT = """
            import base64, email, email.policy, json, sys
            def part(p):
                return {
                    "type": p.get_content_type(),
                    "charset": p.get_content_charset(),
                    "disposition": p.get_content_disposition(),
                    "name": p.get_filename(),
                    "id": p.get("Content-ID"),
                    "defects": [str(d) for d in p.defects]
                        + [str(d) for field in p.values() for d in getattr(field, "defects", [])],
                    "parts": [part(q) for q in p.iter_parts()] if p.is_multipart() else [],
                    "payload": "" if p.is_multipart() else base64.b64encode(p.get_payload(decode=True)).decode(),
                }
            mails = []
            for name in sys.argv[1:]:
                with open(name, "rb") as file:
                    mail = email.message_from_binary_file(file, policy=email.policy.default)
                read = part(mail)
                read["headers"] = [[name, str(value)] for name, value in mail.items()]
                mails.append(read)
            print(json.dumps(mails))
            """;

    /** Reads mails, in their order. */
    static List<PythonMail> read(Path folder, List<Path> mails) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("read.py"), SCRIPT);
        List<String> arguments = new ArrayList<>(List.of("-I", script.toString()));
        mails.forEach(mail -> arguments.add(mail.toString()));
        String read = Program.named("python3", "python3").run(Path.of("/dev/null"), arguments);
        List<PythonMail> all = new ArrayList<>();
        JsonMapper.shared().readTree(read).forEach(mail -> all.add(new PythonMail(mail)));
        return all;
    }

    /** The decoded values of all header fields of a name. */
    List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        json.path("headers").forEach(field -> {
            if (field.get(0).asString().equalsIgnoreCase(name)) {
                values.add(field.get(1).asString());
            }
        });
        return values;
    }

    String header(String name) {
        return String.join(" | ", headers(name));
    }

    String type() {
        return json.path("type").asString();
    }

    String name() {
        return json.path("name").asString();
    }

    String member(String member) {
        return json.path(member).asString();
    }

    List<PythonMail> parts() {
        List<PythonMail> parts = new ArrayList<>();
        json.path("parts").forEach(part -> parts.add(new PythonMail(part)));
        return parts;
    }

    byte[] payload() {
        return Base64.getDecoder().decode(json.path("payload").asString());
    }

    String text() {
        return new String(payload(), UTF_8).replace("\r\n", "\n");
    }

    /** What is wrong with it, or with a part of it. */
    List<String> defects() {
        List<String> all = new ArrayList<>();
        json.path("defects").forEach(defect -> all.add(defect.asString()));
        parts().forEach(part -> all.addAll(part.defects()));
        return all;
    }
}
