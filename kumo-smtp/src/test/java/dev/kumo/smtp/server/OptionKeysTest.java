package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.policy.DomainMap;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.ReportDisposition;
import dev.kumo.core.trace.TraceHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documented keys of {@code start_esmtp_listener}, and what they come to. */
class OptionKeysTest {

    @Test
    void everyDocumentedKeyIsKnownAndNoOther() {
        assertThat(OptionTable.keys(EsmtpListener.Builder.class))
                .containsExactlyInAnyOrder(
                        // documented
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
                        "trace_headers",
                        // the name of the method behind "domains"
                        "domain",
                        // of newer releases
                        "max_message_size",
                        "line_length_hard_limit",
                        "invalid_line_endings",
                        "max_connections",
                        "tls_required_client_ca",
                        // our own
                        "implicit_tls",
                        "limits",
                        "sni",
                        "snis", // which OptionTable allows for any table of tables
                        "tls");
    }

    @Test
    void everyKeyOfTheTablesWithinIsKnownAndNoOther() {
        assertThat(OptionTable.keys(DomainOptions.Builder.class))
                .containsExactlyInAnyOrder("relay_to", "relay_from", "log_oob", "log_arf");
        assertThat(OptionTable.keys(TraceHeaders.Builder.class))
                .containsExactlyInAnyOrder(
                        "received_header", "supplemental_header", "header_name", "include_meta_names");
        assertThat(OptionTable.keys(SessionLimits.Builder.class))
                .containsExactlyInAnyOrder(
                        "max_refused_commands",
                        "max_unknown_commands",
                        "max_idle_commands",
                        "command_timeout",
                        "first_mail_timeout",
                        "content_timeout",
                        "max_content_memory",
                        "close_grace_period");
    }

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        EsmtpListenerOptions options = bound(Map.of());

        assertThat(options.clientTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.relayHosts()).isEqualTo(CidrSet.of("127.0.0.1", "::1"));
        assertThat(options.domains().isEmpty()).isTrue();
        assertThat(options.maxMessagesPerConnection()).isEqualTo(10_000);
        assertThat(options.maxRecipientsPerMessage()).isEqualTo(1024);
        assertThat(options.traceHeaders()).isEqualTo(new TraceHeaders(true, true, "X-KumoRef", List.of()));
        assertThat(options.hostname()).isNotEmpty();
    }

    @Test
    void theDocumentedDomainsAreRead() {
        DomainMap<DomainOptions> domains = bound(Map.of(
                        "domains",
                        Map.of(
                                "example.com", Map.of("relay_to", true),
                                "bounce.example.com", Map.of("log_oob", true),
                                "fbl.example.com", Map.of("log_arf", true),
                                "send.example.com", Map.of("relay_from", List.of("10.0.0.0/24")),
                                "*.example.com", Map.of("log_oob", true, "log_arf", true, "relay_to", true),
                                "www.example.com", Map.of("relay_to", false, "log_arf", false, "log_oob", false))))
                .domains();

        ReportDisposition log = ReportDisposition.LOG;
        ReportDisposition ignore = ReportDisposition.IGNORE;
        CidrSet nobody = CidrSet.of();
        assertThat(domains.find("example.com")).contains(new DomainOptions(true, nobody, ignore, ignore));
        assertThat(domains.find("bounce.example.com")).contains(new DomainOptions(false, nobody, log, ignore));
        assertThat(domains.find("fbl.example.com")).contains(new DomainOptions(false, nobody, ignore, log));
        assertThat(domains.find("send.example.com"))
                .contains(new DomainOptions(false, CidrSet.of("10.0.0.0/24"), ignore, ignore));
        assertThat(domains.find("any.example.com")).contains(new DomainOptions(true, nobody, log, log));
        assertThat(domains.find("www.example.com")).contains(new DomainOptions(false, nobody, ignore, ignore));
        assertThat(domains.find("example.org")).isEmpty();
    }

    @Test
    void everyOtherDocumentedKeyIsRead() {
        EsmtpListenerOptions options = bound(Map.ofEntries(
                Map.entry("banner", "Welcome to KumoMTA!"),
                Map.entry("client_timeout", "2 minutes"),
                Map.entry("deferred_spool", true),
                Map.entry("hostname", "mail.example.com"),
                Map.entry("listen", "0:25"),
                Map.entry("max_messages_per_connection", 5),
                Map.entry("max_recipients_per_message", 6),
                Map.entry("relay_hosts", List.of("0.0.0.0/0")),
                Map.entry(
                        "trace_headers",
                        Map.of("received_header", false, "include_meta_names", List.of("tenant", "campaign"))),
                Map.entry("max_message_size", 7000),
                Map.entry("line_length_hard_limit", 2000),
                Map.entry("invalid_line_endings", "Fix"),
                Map.entry("max_connections", 8),
                Map.entry("limits", Map.of("max_idle_commands", 9))));

        assertThat(options.banner()).isEqualTo("Welcome to KumoMTA!");
        assertThat(options.clientTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(options.deferredSpool()).isTrue();
        assertThat(options.hostname()).isEqualTo("mail.example.com");
        assertThat(options.listen()).isEqualTo(HostPort.parse("0.0.0.0:25"));
        assertThat(options.maxMessagesPerConnection()).isEqualTo(5);
        assertThat(options.maxRecipientsPerMessage()).isEqualTo(6);
        assertThat(options.relayHosts()).isEqualTo(CidrSet.of("0.0.0.0/0"));
        assertThat(options.traceHeaders())
                .isEqualTo(new TraceHeaders(false, true, "X-KumoRef", List.of("tenant", "campaign")));
        assertThat(options.maxMessageSize()).isEqualTo(7000);
        assertThat(options.lineLengthHardLimit()).isEqualTo(2000);
        assertThat(options.invalidLineEndings()).isEqualTo(InvalidLineEndings.FIX);
        assertThat(options.maxConnections()).isEqualTo(8);
        assertThat(options.limits().maxIdleCommands()).isEqualTo(9);
        assertThat(options.limits().maxRefusedCommands()).isEqualTo(100);
    }

    @Test
    void aWrongKeyIsAnErrorThatNamesTheNearestAndThePlace() {
        refused(
                Map.of("domains", Map.of("example.com", Map.of("relayto", true))),
                "start_esmtp_listener.domains['example.com']: unknown key 'relayto' (did you mean 'relay_to'?)");
        refused(
                Map.of("relay_host", List.of()),
                "start_esmtp_listener: unknown key 'relay_host' (did you mean 'relay_hosts'?)");
        refused(
                Map.of("trace_headers", Map.of("recieved_header", true)),
                "start_esmtp_listener.trace_headers: unknown key 'recieved_header' (did you mean 'received_header'?)");
    }

    @Test
    void aWrongValueIsAnErrorThatNamesItsKey() {
        refused(
                Map.of("limits", Map.of("max_idle_commands", 0)),
                "start_esmtp_listener.limits.max_idle_commands: must be at least 1, not 0");
        refused(Map.of("client_timeout", 0), "start_esmtp_listener.client_timeout: must be longer than zero, not PT0S");
        refused(
                Map.of("line_length_hard_limit", 509),
                "start_esmtp_listener.line_length_hard_limit: must be at least 510 (RFC 5321 section 4.5.3.1.4), not 509");
        refused(
                Map.of("hostname", "mail example"),
                "start_esmtp_listener.hostname: must be a host name in ASCII, such as mail.example.com, or an address"
                        + " literal, not 'mail example'");
    }

    private static EsmtpListenerOptions bound(Map<String, ?> table) {
        return OptionTable.apply("start_esmtp_listener", table, EsmtpListener.builder())
                .build()
                .options();
    }

    private static void refused(Map<String, ?> table, String message) {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> bound(table))
                .withMessage(message);
    }
}
