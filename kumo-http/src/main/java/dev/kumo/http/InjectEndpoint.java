package dev.kumo.http;

import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.endpoint.Operation;
import dev.kumo.http.endpoint.Schemas;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/inject/v1}: makes a message for each recipient, and has them received. */
final class InjectEndpoint {

    private static final String PATH = "/api/inject/v1";

    /** Made before there is trouble, such as too little memory. */
    private static final Response UNKNOWN = Response.problem(
            500,
            "the request failed half way: some of its messages may have been received; the log of the server has the"
                    + " cause, and what became of each message");

    private static final Logger LOG = LoggerFactory.getLogger(Inject.class);

    private final Supplier<Injector> injector;
    private final Supplier<Optional<String>> trouble;

    private InjectEndpoint(Supplier<Injector> injector, Supplier<Optional<String>> trouble) {
        this.injector = injector;
        this.trouble = trouble;
    }

    /**
     * The route.
     *
     * @param trouble why no mail is taken; empty if it is
     */
    static Route route(Supplier<Injector> injector, Supplier<Optional<String>> trouble, Idempotency idempotency) {
        return new Route(
                Method.POST,
                PATH,
                Access.AUTHENTICATED,
                operation(),
                idempotency.around(new InjectEndpoint(injector, trouble)::handle));
    }

    private Idempotency.Outcome handle(Request request) {
        String type = request.header("Content-Type").orElse("");
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json") && !(media.startsWith("application/") && media.endsWith("+json"))) {
            throw new RefusedException(415, "the body has to be JSON, with Content-Type: application/json");
        }
        InjectRequest wanted = InjectJson.read(Json.read(request.body()));
        trouble.get().ifPresent(why -> {
            throw new RefusedException(503, why);
        });
        try {
            InjectResult result = injector.get().inject(wanted, request.caller(), request::body);
            boolean done = result.failCount() < wanted.recipients().size();
            return new Idempotency.Outcome(Response.json(200, InjectJson.write(result)), done);
        } catch (UnknownOutcomeException e) {
            LOG.error("An injection failed half way", e);
            return new Idempotency.Outcome(UNKNOWN, true);
        }
    }

    private static Operation operation() {
        return Operation.of("Inject messages")
                .id("inject_v1")
                .tag("inject")
                .description("Makes a message for each recipient of the same content, and has each received. The answer"
                        + " is 200 even if all recipients failed. With deferred_generation it comes before messages are"
                        + " made: it counts no success, and of the failures only addresses that are none.")
                .parameter(
                        "header",
                        Idempotency.HEADER,
                        false,
                        "A request that comes again with its key is answered as before, and makes no message.",
                        Idempotency.schema())
                .body(request())
                .answer(200, "What became of it", "application/json", result())
                .answer(400, "Not JSON")
                .answer(409, "The same request is still worked on")
                .answer(413, "Larger than request_body_limit")
                .answer(415, "Neither JSON nor a known compression")
                .answer(422, "JSON, but no injection; or the key was used before with another body")
                .answer(500, "It failed half way; some messages may have been received")
                .answer(503, "Too busy, shutting down, another reason why no mail is taken, or no room for the key");
    }

    private static Map<String, Object> result() {
        Map<String, Object> text = Map.of("type", "string");
        return Schemas.object(
                List.of("success_count", "fail_count", "failed_recipients", "errors"),
                "success_count",
                Schemas.count("recipients whose message was received"),
                "fail_count",
                Schemas.count("recipients whose message was not"),
                "failed_recipients",
                Schemas.list(text, "their addresses"),
                "errors",
                Schemas.list(text, "for each of them its address and what was wrong"));
    }

    private static Map<String, Object> request() {
        return Schemas.object(
                List.of("envelope_sender", "recipients", "content"),
                "envelope_sender",
                Schemas.text("an address; empty for the null sender"),
                "recipients",
                Schemas.list(recipient(), "who is to have a message of its own"),
                "content",
                Map.of("oneOf", List.of(Schemas.text("a whole message, RFC 5322"), content())),
                "substitutions",
                Schemas.table("values for the templates of all recipients"),
                "deferred_spool",
                Schemas.flag("a message need not be on disk before its first attempt has failed"),
                "deferred_generation",
                Schemas.flag("the answer comes once the request is safe, and the messages are made after it"),
                "trace_headers",
                traceHeaders(),
                "template_dialect",
                Map.of("type", "string", "enum", List.of("Jinja", "Static", "Handlebars"), "default", "Jinja"));
    }

    private static Map<String, Object> recipient() {
        return Schemas.object(
                List.of("email"),
                "email",
                Schemas.text("an address"),
                "name",
                Schemas.text("a name for To"),
                "substitutions",
                Schemas.table("values for the templates, which go before those for all"),
                "metadata",
                Schemas.table("what the message's meta data has as extra"));
    }

    private static Map<String, Object> mailbox(String description) {
        Map<String, Object> schema =
                Schemas.object(List.of("email"), "email", Schemas.text("an address"), "name", Schemas.text("a name"));
        schema.put("description", description);
        return schema;
    }

    private static Map<String, Object> content() {
        return Schemas.object(
                List.of(),
                "text_body",
                Schemas.text("plain text"),
                "html_body",
                Schemas.text("HTML"),
                "amp_html_body",
                Schemas.text("AMP HTML"),
                "attachments",
                Schemas.list(attachment(), "files"),
                "headers",
                Map.of("type", "object", "additionalProperties", Map.of("type", "string")),
                "from",
                mailbox("replaces From of the headers"),
                "subject",
                Schemas.text("replaces Subject of the headers"),
                "reply_to",
                mailbox("replaces Reply-To of the headers"));
    }

    private static Map<String, Object> attachment() {
        return Schemas.object(
                List.of("data", "content_type"),
                "data",
                Schemas.text("text, or base64"),
                "content_type",
                Schemas.text("such as application/pdf"),
                "content_id",
                Schemas.text("shown where the HTML says cid: and this"),
                "file_name",
                Schemas.text("what it is called when it is saved"),
                "base64",
                Schemas.flag("whether data is base64"));
    }

    private static Map<String, Object> traceHeaders() {
        return Schemas.object(
                List.of(),
                "received_header",
                Schemas.flag("whether Received is added"),
                "supplemental_header",
                Map.of("type", "boolean", "default", true),
                "header_name",
                Map.of("type", "string", "default", "X-KumoRef"),
                "include_meta_names",
                Schemas.list(Map.of("type", "string"), "meta data that the supplemental header carries"));
    }
}
