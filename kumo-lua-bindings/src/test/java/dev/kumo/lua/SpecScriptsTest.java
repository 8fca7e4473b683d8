package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.core.trace.TraceHeaders;
import dev.kumo.http.HttpListener;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.EsmtpListenerOptions;
import dev.kumo.smtp.server.SessionLimits;
import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of the two documents that are the specification, as they stand there. */
class SpecScriptsTest {

    private static final Pattern FENCED = Pattern.compile("```lua\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern BARE =
            Pattern.compile("^(kumo\\.start_http_listener \\{\n.*?^\\})", Pattern.DOTALL | Pattern.MULTILINE);

    @TempDir
    Path folder;

    /** Beside the project, where it is there. */
    private static Path spec(String name) {
        Path here = Path.of("").toAbsolutePath();
        Path root = Files.isDirectory(here.resolve("kumo-lua-bindings")) ? here : here.getParent();
        return root.resolveSibling("shared").resolve("spec").resolve(name);
    }

    private static List<String> blocks(String name, Pattern block) throws IOException {
        List<String> blocks = new ArrayList<>();
        if (Files.exists(spec(name))) {
            Matcher matcher = block.matcher(Files.readString(spec(name)));
            while (matcher.find()) {
                blocks.add(matcher.group(1));
            }
        }
        return blocks;
    }

    static Stream<String> blocks() throws IOException {
        List<String> all = blocks("start_esmtp_listener.md", FENCED);
        all.addAll(blocks("start_http_listener.md", BARE));
        return all.isEmpty() ? Stream.of("") : all.stream();
    }

    /** The documents show parts of a handler, and a certificate without its key; nothing is read before a listener is opened. */
    private static String completed(String block) {
        boolean certificate = block.contains("tls_certificate =");
        boolean key = block.contains("tls_private_key =");
        String missing = certificate == key
                ? ""
                : certificate ? "tls_private_key = 'key.pem'," : "tls_certificate = 'cert.pem',";
        String whole = block.replaceFirst("-- \\.\\.+\\n", "-- ..\n" + Matcher.quoteReplacement(missing) + "\n");
        // The environment of a test has no VAULT_ADDR, so what is commented out is set.
        whole = whole.replaceAll("-- (vault_\\w+ = \"[^\"]*\")", "$1,");
        return whole.contains("kumo.on(") ? whole : "kumo.on('init', function()\n" + whole + "\nend)\n";
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void runsEachBlock(String block) {
        assumeTrue(!block.isEmpty(), "the documents are not beside the project");
        try (LuaPolicyFile policy = Policies.load(folder, completed(block))) {
            assertThat(policy.listeners().size() + policy.httpListeners().size())
                    .isPositive();
        }
    }

    @Test
    void findsAllBlocks() throws IOException {
        assumeTrue(Files.exists(spec("start_esmtp_listener.md")), "the documents are not beside the project");

        assertThat(blocks("start_esmtp_listener.md", FENCED)).hasSize(15);
        assertThat(blocks("start_http_listener.md", BARE)).hasSize(7);
    }

    /** The table of domains of the document, with what it says of each. */
    @Test
    void holdsTheDocumentedDomains() {
        try (LuaPolicyFile policy = LuaPolicyFile.load(Policies.resource("documented-domains.lua"))) {
            EsmtpListener listener = policy.listeners().get(0);
            assertThat(rcpt(listener, "a@elsewhere.example", "b@example.com")).startsWith("250");
            assertThat(rcpt(listener, "a@elsewhere.example", "b@bounce.example.com"))
                    .startsWith("250");
            assertThat(rcpt(listener, "a@elsewhere.example", "b@fbl.example.com"))
                    .startsWith("250");
            assertThat(rcpt(listener, "a@elsewhere.example", "b@send.example.com"))
                    .startsWith("550");
            assertThat(rcpt(listener, "a@elsewhere.example", "b@any.example.com"))
                    .startsWith("250");
            assertThat(rcpt(listener, "a@elsewhere.example", "b@www.example.com"))
                    .startsWith("550");
            assertThat(rcpt(listener, "a@elsewhere.example", "b@elsewhere.example"))
                    .startsWith("550");
            assertThat(rcpt(listener, "a@send.example.com", "b@elsewhere.example"))
                    .startsWith("250");
        }
    }

    private static String rcpt(EsmtpListener listener, String from, String to) {
        SmtpDialogue dialogue = SmtpDialogue.with(listener).from("10.0.0.7");
        dialogue.send("EHLO client.example");
        dialogue.send("MAIL FROM:<" + from + ">");
        return dialogue.send("RCPT TO:<" + to + ">").get(0);
    }

    /** No list of keys is kept here: whatever the builders take, the scripts do. */
    @Test
    void knowsEveryKeyOfTheBuilders() {
        assertThat(OptionTable.keys(EsmtpListener.Builder.class))
                .contains(
                        "banner",
                        "client_timeout",
                        "deferred_spool",
                        "domains",
                        "hostname",
                        "listen",
                        "max_messages_per_connection",
                        "max_recipients_per_message",
                        "relay_hosts",
                        "tls_certificate",
                        "tls_private_key",
                        "trace_headers");
        assertThat(OptionTable.keys(HttpListener.Builder.class))
                .contains(
                        "hostname",
                        "listen",
                        "tls_certificate",
                        "tls_private_key",
                        "trusted_hosts",
                        "use_tls",
                        "request_body_limit");
    }

    /** A table of a script can be written by one name where code may add one entry at a time. */
    private static final Set<String> OF_CODE = Set.of("domain", "snis", "tls");

    @ParameterizedTest
    @ValueSource(
            classes = {
                EsmtpListener.Builder.class,
                HttpListener.Builder.class,
                DomainOptions.Builder.class,
                TraceHeaders.Builder.class,
                SessionLimits.Builder.class,
                QueueOptions.Builder.class,
                Protocol.SmtpBuilder.class,
                EgressSource.Builder.class,
                EgressPathOptions.Builder.class,
            })
    void ourScriptHasEveryKey(Class<?> builder) throws IOException {
        String script = Files.readString(Policies.resource("every-key.lua"));
        assertThat(OptionTable.keys(builder))
                .isNotEmpty()
                .filteredOn(key -> !OF_CODE.contains(key))
                .allSatisfy(key -> assertThat(script).contains(key + " = "));
    }

    @Test
    void everyKeyArrives() {
        try (LuaPolicyFile policy = LuaPolicyFile.load(Policies.resource("every-key.lua"))) {
            assertThat(policy.listeners()).hasSize(3);
            assertThat(policy.httpListeners()).hasSize(1);
            EsmtpListenerOptions options = policy.listeners().get(0).options();
            assertThat(options.banner()).isEqualTo("Welcome!");
            assertThat(options.clientTimeout()).hasMinutes(1);
            assertThat(options.deferredSpool()).isFalse();
            assertThat(options.hostname()).isEqualTo("mail.example.com");
            assertThat(options.listen()).hasToString("0.0.0.0:0");
            assertThat(options.maxMessagesPerConnection()).isEqualTo(10_000);
            assertThat(options.maxRecipientsPerMessage()).isEqualTo(1024);
            assertThat(options.maxMessageSize()).isEqualTo(20L << 20);
            assertThat(options.relayHosts()).hasToString("[127.0.0.1, ::1, 10.0.0.0/8]");
            assertThat(options.domains().find("example.com").orElseThrow().relayTo())
                    .isTrue();
            assertThat(options.traceHeaders().headerName()).isEqualTo("X-KumoRef");
            assertThat(options.traceHeaders().includeMetaNames()).containsExactly("tenant", "campaign");
            assertThat(policy.listeners().get(2).options().limits().maxIdleCommands())
                    .isEqualTo(50);

            assertThat(policy.queueOptions(QueueName.parse("example.com")).reapInterval())
                    .hasMinutes(10);
            assertThat(policy.egressSource("ip-1").sourceAddress().orElseThrow().getHostAddress())
                    .isEqualTo("192.0.2.1");
            assertThat(policy.egressPathOptions("mx.example.com", "ip-1", "example.com"))
                    .asString()
                    .contains("PT1M1S", "PT1M11S", "587", "scott")
                    .doesNotContain("tiger");
        }
    }
}
