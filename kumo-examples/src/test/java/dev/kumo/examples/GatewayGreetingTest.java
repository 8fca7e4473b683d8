package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.net.IpLiteral;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a gateway says when it starts, told without binding a port. */
class GatewayGreetingTest {

    @Test
    void theDefaultSaysWhereItListensWhatItRelaysAndWhereMailLands() {
        Path mail = Path.of("mail").toAbsolutePath();

        assertThat(Gateway.greeting(
                        GatewayFile.localDefault(),
                        List.of(address("127.0.0.1", 2525)),
                        List.of(address("127.0.0.1", 8000))))
                .containsExactly(
                        "Listening on 127.0.0.1:2525 as localhost; relays from 127.0.0.1, ::1 to any domain",
                        "Listening on http://127.0.0.1:8000; takes mail from 127.0.0.1, ::1",
                        "Mail lands in the Maildir " + mail + ", a file per message in " + mail.resolve("new"));
    }

    @Test
    void theDefaultShowsHowToHandItAMail() {
        assertThat(Gateway.tryOut("127.0.0.1:2525", "127.0.0.1:8000"))
                .containsExactly(
                        "Try it: swaks --server 127.0.0.1:2525 --from me@example.com --to you@example.org",
                        "    or: printf 'Subject: Hi\\n\\nHello\\n' | curl --crlf smtp://127.0.0.1:2525"
                                + " --mail-from me@example.com --mail-rcpt you@example.org --upload-file -",
                        "    or: curl http://127.0.0.1:8000/api/inject/v1 -H 'Content-Type: application/json' -d"
                                + " '{\"envelope_sender\": \"me@example.com\","
                                + " \"recipients\": [{\"email\": \"you@example.org\"}],"
                                + " \"content\": {\"subject\": \"Hi\", \"text_body\": \"Hello\"}}'");
    }

    @Test
    void aLogIsNamed() {
        Path logs = Path.of("logs").toAbsolutePath();
        GatewayFile file = GatewayFile.of(Map.of(
                "esmtp_listeners", List.of(Map.of()), "deliver", "discard", "local_logs", Map.of("log_dir", "./logs")));

        assertThat(Gateway.greeting(file, List.of(address("127.0.0.1", 25)), List.of()))
                .last()
                .isEqualTo("The log is in " + logs);
    }

    @Test
    void usersOfHttpAreNamedOrCounted() {
        Map<String, Object> one = Map.of("shop", Map.of("password_file", "shop.password"));
        Map<String, Object> two = Map.of("shop", Map.of("password_file", "a"), "crm", Map.of("password_file", "b"));

        assertThat(http(Map.of("use_tls", true, "trusted_hosts", List.of()), one))
                .isEqualTo("Listening on https://[::1]:8443; takes mail from nobody, and from the user shop");
        assertThat(http(Map.of("trusted_hosts", List.of("10.0.0.0/8")), two))
                .isEqualTo("Listening on http://[::1]:8443; takes mail from 10.0.0.0/8, and from 2 users");
    }

    private static String http(Map<String, Object> listener, Map<String, Object> users) {
        GatewayFile file =
                GatewayFile.of(Map.of("http_listeners", List.of(listener), "http_users", users, "deliver", "discard"));
        return Gateway.greeting(file, List.of(), List.of(address("::1", 8443))).get(0);
    }

    @Test
    void domainsAreNamed() {
        GatewayFile file = discarding(Map.of("relay_hosts", List.of(), "domains", Map.of("example.com", Map.of())));

        assertThat(Gateway.greeting(file, List.of(address("::1", 25)), List.of()))
                .containsExactly(
                        "Listening on [::1]:25 as mail.example.com; relays from nobody to any domain without an entry;"
                                + " entries: example.com",
                        "Mail lands nowhere: it is discarded");
    }

    @Test
    void aThousandDomainsAreCounted() {
        Map<String, Object> domains = new LinkedHashMap<>();
        for (int i = 1; i <= 1000; i++) {
            domains.put("d" + i + ".example", Map.of());
        }

        assertThat(Gateway.greeting(
                                discarding(Map.of("domains", domains)), List.of(address("127.0.0.1", 25)), List.of())
                        .get(0))
                .endsWith("entries: d1.example, d2.example, d3.example, d4.example, d5.example and 995 more");
    }

    private static InetSocketAddress address(String ip, int port) {
        return new InetSocketAddress(IpLiteral.parse(ip), port);
    }

    private static GatewayFile discarding(Map<String, Object> keys) {
        Map<String, Object> listener = new LinkedHashMap<>(keys);
        listener.put("hostname", "mail.example.com");
        return GatewayFile.of(Map.of("esmtp_listeners", List.of(listener), "deliver", "discard"));
    }
}
