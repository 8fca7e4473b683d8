package dev.kumo.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The keys of {@code make_egress_path}, {@code make_egress_source} and {@code make_egress_pool}. */
class EgressOptionsTest {

    @Test
    void everyKeyOfThePathIsKnownAndNoOther() {
        assertThat(OptionTable.keys(EgressPathOptions.Builder.class))
                .containsExactlyInAnyOrder(
                        "connection_limit",
                        "max_ready",
                        "max_deliveries_per_connection",
                        "max_recipients_per_batch",
                        "max_connection_rate",
                        "max_message_rate",
                        "consecutive_connection_failures_before_delay",
                        "smtp_port",
                        "ehlo_domain",
                        "prohibited_hosts",
                        "skip_hosts",
                        "ip_lookup_strategy",
                        "reconnect_strategy",
                        "try_next_host_on_transport_error",
                        "use_lmtp",
                        "enable_tls",
                        "enable_mta_sts",
                        "opportunistic_tls_reconnect_on_failed_handshake",
                        "smtp_auth_plain_username",
                        "smtp_auth_plain_password",
                        "allow_smtp_auth_plain_without_tls",
                        "enable_pipelining",
                        "enable_rset",
                        "ignore_8bit_checks",
                        "connect_timeout",
                        "banner_timeout",
                        "ehlo_timeout",
                        "starttls_timeout",
                        "auth_timeout",
                        "mail_from_timeout",
                        "rcpt_to_timeout",
                        "data_timeout",
                        "data_dot_timeout",
                        "rset_timeout",
                        "idle_timeout");
    }

    @Test
    void theDefaultsAreThoseInTheCode() {
        EgressPathOptions path = path(Map.of());

        assertThat(path).isEqualTo(EgressPathOptions.DEFAULT);
        assertThat(path.limits().connectionLimit()).isEqualTo(32);
        assertThat(path.limits().maxReady()).isEqualTo(1024);
        assertThat(path.limits().maxDeliveriesPerConnection()).isEqualTo(1024);
        assertThat(path.limits().maxRecipientsPerBatch()).isEqualTo(100);
        assertThat(path.limits().consecutiveConnectionFailuresBeforeDelay()).isEqualTo(100);
        assertThat(path.smtpPort()).isEqualTo(25);
        assertThat(path.enableTls()).isEqualTo(EgressTls.OPPORTUNISTIC);
        assertThat(path.prohibitedHosts()).isEqualTo(CidrSet.of("127.0.0.0/8", "::1", "0.0.0.0", "::"));
        assertThat(path.timeouts())
                .isEqualTo(new EgressTimeouts(
                        seconds(60),
                        seconds(60),
                        seconds(300),
                        seconds(5),
                        seconds(60),
                        seconds(300),
                        seconds(300),
                        seconds(300),
                        seconds(300),
                        seconds(5),
                        seconds(5)));
    }

    @Test
    void documentedWordsAreRead() {
        EgressPathOptions path = path(Map.of(
                "enable_tls", "RequiredInsecure",
                "ip_lookup_strategy", "Ipv6ThenIpv4",
                "reconnect_strategy", "TerminateSession",
                "prohibited_hosts", List.of(),
                "data_dot_timeout", "2 minutes",
                "max_message_rate", "20/30min"));

        assertThat(path.enableTls()).isEqualTo(EgressTls.REQUIRED_INSECURE);
        assertThat(path.ipLookupStrategy()).isEqualTo(IpLookupStrategy.IPV6_THEN_IPV4);
        assertThat(path.reconnectStrategy()).isEqualTo(Reconnect.TERMINATE_SESSION);
        assertThat(path.prohibitedHosts().isEmpty()).isTrue();
        assertThat(path.timeouts().dataDot()).isEqualTo(seconds(120));
        assertThat(path.limits().maxMessageRate()).contains("20/30min");
    }

    @Test
    void aKeyThatIsNotSupportedIsAnError() {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> path(Map.of("enable_dane", true)))
                .withMessageStartingWith("make_egress_path: unknown key 'enable_dane'");
    }

    @Test
    void aPasswordIsNeverPrinted() {
        EgressPathOptions path = path(Map.of("smtp_auth_plain_username", "me", "smtp_auth_plain_password", "hunter2"));

        assertThat(path.smtpAuthPlain()).contains(new PlainLogin("me", "hunter2"));
        assertThat(path.toString()).contains("me").doesNotContain("hunter2");
    }

    @Test
    void aUserNeedsAPassword() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> path(Map.of("smtp_auth_plain_username", "me")))
                .withMessage("smtp_auth_plain_username is set but smtp_auth_plain_password is not; set both");
    }

    @Test
    void aChangedCopyKeepsTheRest() {
        EgressPathOptions path = EgressPathOptions.builder()
                .ehloDomain("mta.example.com")
                .smtpAuthPlainUsername("me")
                .smtpAuthPlainPassword("hunter2")
                .skipHosts(List.of("192.0.2.0/24"))
                .idleTimeout(seconds(9))
                .useLmtp(true)
                .build();

        assertThat(path.toBuilder().build()).isEqualTo(path);
        assertThat(path.toBuilder().smtpPort(26).build().timeouts()).isEqualTo(path.timeouts());
    }

    @Test
    void aSourceIsReadFromItsTable() {
        EgressSource source = OptionTable.apply(
                        "make_egress_source",
                        Map.of(
                                "name", "ip-1",
                                "ehlo_domain", "MTA1.example.com",
                                "source_address", "192.0.2.1",
                                "remote_port", 587),
                        EgressSource.builder())
                .build();

        assertThat(source.name()).isEqualTo("ip-1");
        assertThat(source.ehloDomain()).contains("mta1.example.com");
        assertThat(source.sourceAddress()).contains(IpLiteral.parse("192.0.2.1"));
        assertThat(source.remotePort()).hasValue(587);
    }

    @Test
    void aPoolIsReadFromItsTable() {
        EgressPool pool = pool(List.of(Map.of("name", "a"), Map.of("name", "b", "weight", 3)));

        assertThat(pool)
                .isEqualTo(EgressPool.builder()
                        .name("p")
                        .entry("a", 1)
                        .entry("b", 3)
                        .build());
    }

    @Test
    void aPoolThatCouldNeverSendIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool(List.of(Map.of("name", "a", "weight", 0))))
                .withMessageContaining("needs an entry with a weight of 1 or more");
    }

    @Test
    void aWrongEntrySaysWhichItIs() {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> pool(List.of(Map.of("name", "a"), Map.of("nam", "b"))))
                .withMessage("make_egress_pool.entries[2]: unknown key 'nam' (did you mean 'name'?)");
    }

    private static EgressPool pool(List<Map<String, ?>> entries) {
        return OptionTable.apply("make_egress_pool", Map.of("name", "p", "entries", entries), EgressPool.builder())
                .build();
    }

    private static EgressPathOptions path(Map<String, ?> table) {
        return OptionTable.apply("make_egress_path", table, EgressPathOptions.builder())
                .build();
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }
}
