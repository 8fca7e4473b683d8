package dev.kumo.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.policy.RelayDecision.Fate;
import dev.kumo.core.policy.RelayDecision.Rule;
import dev.kumo.core.report.ReportKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayDecisionTest {

    @ParameterizedTest
    @CsvSource({
        // relay, log_oob, log_arf, accepted at RCPT TO; then as mail, as a bounce, as a complaint
        "false, IGNORE,         IGNORE,         false, REFUSE, REFUSE,        REFUSE",
        "true,  IGNORE,         IGNORE,         true,  SPOOL,  SPOOL,         SPOOL",
        "false, LOG,            IGNORE,         true,  REFUSE, LOG_ONLY,      REFUSE",
        "false, IGNORE,         LOG,            true,  REFUSE, REFUSE,        LOG_ONLY",
        "false, LOG,            LOG,            true,  REFUSE, LOG_ONLY,      LOG_ONLY",
        "true,  LOG,            IGNORE,         true,  SPOOL,  LOG_AND_SPOOL, SPOOL",
        "true,  IGNORE,         LOG,            true,  SPOOL,  SPOOL,         LOG_AND_SPOOL",
        "true,  LOG,            LOG,            true,  SPOOL,  LOG_AND_SPOOL, LOG_AND_SPOOL",
        "false, LOG_THEN_DROP,  IGNORE,         true,  REFUSE, LOG_ONLY,      REFUSE",
        "false, IGNORE,         LOG_THEN_DROP,  true,  REFUSE, REFUSE,        LOG_ONLY",
        "true,  LOG_THEN_DROP,  IGNORE,         true,  SPOOL,  LOG_ONLY,      SPOOL",
        "true,  IGNORE,         LOG_THEN_DROP,  true,  SPOOL,  SPOOL,         LOG_ONLY",
        "false, LOG_THEN_RELAY, IGNORE,         true,  REFUSE, LOG_AND_SPOOL, REFUSE",
        "false, IGNORE,         LOG_THEN_RELAY, true,  REFUSE, REFUSE,        LOG_AND_SPOOL",
        "true,  LOG_THEN_RELAY, IGNORE,         true,  SPOOL,  LOG_AND_SPOOL, SPOOL",
        "true,  IGNORE,         LOG_THEN_RELAY, true,  SPOOL,  SPOOL,         LOG_AND_SPOOL",
        "false, LOG_THEN_DROP,  LOG_THEN_RELAY, true,  REFUSE, LOG_ONLY,      LOG_AND_SPOOL",
    })
    void whatBecomesOfAMessage(
            boolean relay,
            ReportDisposition logOob,
            ReportDisposition logArf,
            boolean accepted,
            Fate asMail,
            Fate asBounce,
            Fate asComplaint) {
        RelayDecision decision = new RelayDecision(relay, logOob, logArf, Rule.ENTRY);

        assertThat(decision.accepted()).isEqualTo(accepted);
        assertThat(decision.fate(ReportKind.NONE)).isEqualTo(asMail);
        assertThat(decision.fate(ReportKind.OOB)).isEqualTo(asBounce);
        assertThat(decision.fate(ReportKind.ARF)).isEqualTo(asComplaint);
    }
}
