package dev.kumo.core.policy;

import dev.kumo.core.report.ReportKind;

/**
 * What the rules say of one recipient: at {@code RCPT TO} whether it is accepted, after {@code DATA} what becomes of
 * the message.
 *
 * @param relay whether mail that is no report is spooled
 * @param logOob what becomes of a bounce
 * @param logArf what becomes of a complaint
 * @param rule which rule decided, for logs
 */
public record RelayDecision(boolean relay, ReportDisposition logOob, ReportDisposition logArf, Rule rule) {

    /** The kinds of rule that can decide. */
    public enum Rule {
        /** The entry for the recipient's domain, which allows or refuses. */
        ENTRY,
        /** {@code relay_hosts}, which holds the client. */
        RELAY_HOSTS,
        /** {@code relay_from} of the sender's domain, which holds the client. */
        RELAY_FROM,
        /** No rule allows it. */
        NONE
    }

    /** What becomes of a message whose content is known. */
    public enum Fate {
        /** It is spooled as mail. */
        SPOOL,
        /** It is logged as a report, and spooled. */
        LOG_AND_SPOOL,
        /** It is logged as a report; that was its purpose, so the client hears a positive reply. */
        LOG_ONLY,
        /** Nobody here wants it: neither logged as a report nor spooled, and the client hears 550. */
        REFUSE
    }

    static RelayDecision byEntry(DomainOptions entry) {
        return new RelayDecision(entry.relayTo(), entry.logOob(), entry.logArf(), Rule.ENTRY);
    }

    static RelayDecision withoutEntry(boolean relay, Rule rule) {
        return new RelayDecision(relay, ReportDisposition.IGNORE, ReportDisposition.IGNORE, rule);
    }

    /**
     * Whether {@code RCPT TO} is accepted: the mail is relayed, or may turn out to be a report that is logged.
     *
     * @return false if the recipient is refused
     */
    public boolean accepted() {
        return relay || logOob != ReportDisposition.IGNORE || logArf != ReportDisposition.IGNORE;
    }

    /**
     * What becomes of the message once its content has been read.
     *
     * @param kind what the content is
     * @return its fate
     */
    public Fate fate(ReportKind kind) {
        return switch (disposition(kind)) {
            case IGNORE -> relay ? Fate.SPOOL : Fate.REFUSE;
            case LOG -> relay ? Fate.LOG_AND_SPOOL : Fate.LOG_ONLY;
            case LOG_THEN_DROP -> Fate.LOG_ONLY;
            case LOG_THEN_RELAY -> Fate.LOG_AND_SPOOL;
        };
    }

    private ReportDisposition disposition(ReportKind kind) {
        return switch (kind) {
            case NONE -> ReportDisposition.IGNORE;
            case OOB -> logOob;
            case ARF -> logArf;
        };
    }
}
