package dev.kumo.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.net.CidrSet;
import dev.kumo.core.policy.RelayDecision.Rule;
import dev.kumo.core.report.ReportKind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayRulesTest {

    private static final InetAddress STRANGER = address("203.0.113.9");
    private static final InetAddress RELAY_HOST = address("127.0.0.1");
    private static final InetAddress SENDING_HOST = address("10.0.0.7");

    /** The example of the specification. */
    private static final RelayRules RULES = new RelayRules(
            CidrSet.of("127.0.0.1", "::1"),
            DomainMap.<DomainOptions>builder()
                    .put("example.com", DomainOptions.builder().relayTo(true).build())
                    .put(
                            "bounce.example.com",
                            DomainOptions.builder().logOob(true).build())
                    .put("fbl.example.com", DomainOptions.builder().logArf(true).build())
                    .put(
                            "send.example.com",
                            DomainOptions.builder().relayFrom("10.0.0.7").build())
                    .put(
                            "*.example.com",
                            DomainOptions.builder()
                                    .logOob(true)
                                    .logArf(true)
                                    .relayTo(true)
                                    .build())
                    .put(
                            "www.example.com",
                            DomainOptions.builder()
                                    .relayTo(false)
                                    .logArf(false)
                                    .logOob(false)
                                    .build())
                    .build());

    @ParameterizedTest
    @CsvSource({
        // client, sender's domain, recipient's domain: accepted, relay, log_oob, log_arf, rule

        // Unless the client is one of relay_hosts, relaying is denied.
        "203.0.113.9, a.test,           b.test,             false, false, IGNORE, IGNORE, NONE",
        "127.0.0.1,   a.test,           b.test,             true,  true,  IGNORE, IGNORE, RELAY_HOSTS",
        "127.0.0.1,   '',               b.test,             true,  true,  IGNORE, IGNORE, RELAY_HOSTS",
        "203.0.113.9, '',               '',                 false, false, IGNORE, IGNORE, NONE",

        // relay_to: mail from anyone, so long as it is addressed to example.com.
        "203.0.113.9, a.test,           example.com,        true,  true,  IGNORE, IGNORE, ENTRY",
        "203.0.113.9, '',               example.com,        true,  true,  IGNORE, IGNORE, ENTRY",
        "127.0.0.1,   a.test,           example.com,        true,  true,  IGNORE, IGNORE, ENTRY",
        // It opens no other domain to that domain's senders.
        "203.0.113.9, example.com,      b.test,             false, false, IGNORE, IGNORE, NONE",

        // log_oob, log_arf: accepted to be logged, not relayed, whoever sends.
        "203.0.113.9, a.test,           bounce.example.com, true,  false, LOG,    IGNORE, ENTRY",
        "127.0.0.1,   a.test,           bounce.example.com, true,  false, LOG,    IGNORE, ENTRY",
        "203.0.113.9, '',               fbl.example.com,    true,  false, IGNORE, LOG,    ENTRY",

        // relay_from: to anywhere, if the sender's domain and the client match.
        "10.0.0.7,    send.example.com, b.test,             true,  true,  IGNORE, IGNORE, RELAY_FROM",
        "203.0.113.9, send.example.com, b.test,             false, false, IGNORE, IGNORE, NONE",
        "10.0.0.7,    a.test,           b.test,             false, false, IGNORE, IGNORE, NONE",
        "10.0.0.7,    '',               b.test,             false, false, IGNORE, IGNORE, NONE",
        // It says nothing of mail to that domain: no relay_to, log_oob or log_arf in its entry.
        "10.0.0.7,    send.example.com, send.example.com,   false, false, IGNORE, IGNORE, ENTRY",
        "10.0.0.7,    a.test,           send.example.com,   false, false, IGNORE, IGNORE, ENTRY",
        "127.0.0.1,   a.test,           send.example.com,   false, false, IGNORE, IGNORE, ENTRY",

        // The wildcard stands for every name below that has no entry of its own.
        "203.0.113.9, a.test,           other.example.com,  true,  true,  LOG,    LOG,    ENTRY",
        "203.0.113.9, a.test,           a.b.example.com,    true,  true,  LOG,    LOG,    ENTRY",
        "203.0.113.9, a.test,           a.www.example.com,  true,  true,  LOG,    LOG,    ENTRY",
        // relay_from is not inherited from anywhere: the most specific entry is the whole entry.
        "10.0.0.7,    x.send.example.com, b.test,           false, false, IGNORE, IGNORE, NONE",

        // Explicit false excludes an entry from the wildcard, for relay_hosts and relay_from too.
        "203.0.113.9, a.test,           www.example.com,    false, false, IGNORE, IGNORE, ENTRY",
        "127.0.0.1,   a.test,           www.example.com,    false, false, IGNORE, IGNORE, ENTRY",
        "10.0.0.7,    send.example.com, www.example.com,    false, false, IGNORE, IGNORE, ENTRY",
        // And it takes precedence over relay_from for a domain that is only logged.
        "10.0.0.7,    send.example.com, bounce.example.com, true,  false, LOG,    IGNORE, ENTRY",
    })
    void theExampleOfTheSpecification(
            String client,
            String sender,
            String recipient,
            boolean accepted,
            boolean relay,
            ReportDisposition logOob,
            ReportDisposition logArf,
            Rule rule) {
        RelayDecision decision = RULES.decide(address(client), sender, recipient);

        assertThat(decision).isEqualTo(new RelayDecision(relay, logOob, logArf, rule));
        assertThat(decision.accepted()).isEqualTo(accepted);
    }

    @Test
    void theWildcardLeavesTheBareParentOut() {
        RelayRules rules = new RelayRules(
                CidrSet.EMPTY,
                DomainMap.of(Map.of(
                        "*.example.com", DomainOptions.builder().relayTo(true).build())));

        assertThat(rules.decide(STRANGER, "a.test", "example.com").accepted()).isFalse();
        assertThat(rules.decide(STRANGER, "a.test", "x.example.com").accepted()).isTrue();
    }

    @Test
    void aStarLeavesNothingForRelayHostsToOpen() {
        RelayRules rules = new RelayRules(
                CidrSet.of("any"),
                DomainMap.of(
                        Map.of("*", DomainOptions.builder().relayFrom("any").build())));

        assertThat(rules.decide(RELAY_HOST, "a.test", "b.test").accepted()).isFalse();
        assertThat(rules.decide(RELAY_HOST, "", "").accepted()).isFalse();
    }

    @Test
    void relayFromOfAWildcardHoldsForEverySenderBelow() {
        RelayRules rules = new RelayRules(
                CidrSet.EMPTY,
                DomainMap.of(Map.of(
                        "*.example.com",
                        DomainOptions.builder().relayFrom("10.0.0.7").build())));

        assertThat(rules.decide(SENDING_HOST, "a.example.com", "b.test").rule()).isEqualTo(Rule.RELAY_FROM);
        assertThat(rules.decide(SENDING_HOST, "example.com", "b.test").rule()).isEqualTo(Rule.NONE);
    }

    @Test
    void aReportToALoggingDomainIsLoggedAndNotSpooled() {
        RelayDecision decision = RULES.decide(STRANGER, "", "bounce.example.com");

        assertThat(decision.fate(ReportKind.OOB)).isEqualTo(RelayDecision.Fate.LOG_ONLY);
    }

    @Test
    void mailToALoggingDomainIsRefusedOnceItIsReadEvenFromRelayHosts() {
        RelayDecision decision = RULES.decide(RELAY_HOST, "a.test", "bounce.example.com");

        assertThat(decision.fate(ReportKind.NONE)).isEqualTo(RelayDecision.Fate.REFUSE);
    }

    @Test
    void anAnswerFromElsewhereComesBeforeTheTable() {
        DomainOptions open = DomainOptions.builder().relayTo(true).build();
        DomainOptions closed = DomainOptions.builder().build();

        assertThat(RULES.decide(STRANGER, "a.test", "www.example.com", domain -> Optional.of(open))
                        .accepted())
                .isTrue();
        assertThat(RULES.decide(STRANGER, "a.test", "example.com", domain -> Optional.of(closed))
                        .accepted())
                .isFalse();
    }

    @Test
    void theTableAnswersWhereNobodyElseDoes() {
        RelayDecision decision = RULES.decide(STRANGER, "a.test", "example.com", domain -> Optional.empty());

        assertThat(decision.accepted()).isTrue();
    }

    @Test
    void anAnswerFromElsewhereCanOpenRelayFrom() {
        DomainOptions sending = DomainOptions.builder().relayFrom("203.0.113.9").build();

        RelayDecision decision = RULES.decide(
                STRANGER,
                "a.test",
                "b.test",
                domain -> domain.equals("a.test") ? Optional.of(sending) : Optional.empty());

        assertThat(decision).isEqualTo(RelayDecision.withoutEntry(true, Rule.RELAY_FROM));
    }

    @Test
    void anAnswerFromElsewhereForTheSenderReplacesItsTableEntry() {
        DomainOptions sending = DomainOptions.builder().build();

        RelayDecision decision = RULES.decide(
                SENDING_HOST,
                "send.example.com",
                "b.test",
                domain -> domain.equals("send.example.com") ? Optional.of(sending) : Optional.empty());

        assertThat(decision.rule()).isEqualTo(Rule.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, example.com, example.com",
        "127.0.0.1,   b.test,      b.test",
        "203.0.113.9, b.test,      b.test a.test",
    })
    void nobodyIsAskedAboutADomainThatDoesNotMatter(String client, String recipient, String asked) {
        List<String> domains = new ArrayList<>();

        RULES.decide(address(client), "a.test", recipient, domain -> {
            domains.add(domain);
            return Optional.empty();
        });

        assertThat(domains).containsExactly(asked.split(" "));
    }

    @Test
    void whatTheAnswererThrowsIsPassedOn() {
        IllegalStateException broken = new IllegalStateException("broken");

        assertThatThrownBy(() -> RULES.decide(STRANGER, "a.test", "b.test", domain -> {
                    throw broken;
                }))
                .isSameAs(broken);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
