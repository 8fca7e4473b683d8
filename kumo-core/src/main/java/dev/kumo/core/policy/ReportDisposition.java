package dev.kumo.core.policy;

/**
 * What becomes of a report that arrives as mail, a bounce (OOB) or a complaint (ARF): a value of {@code log_oob} and
 * {@code log_arf}.
 */
public enum ReportDisposition {

    /** It is mail like any other. Written {@code false} or {@code Ignore}. */
    IGNORE,

    /** It is logged as a report, and spooled if the domain's mail is relayed. Written {@code true}. */
    LOG,

    /** It is logged as a report and never spooled. Written {@code LogThenDrop}. */
    LOG_THEN_DROP,

    /** It is logged as a report and always spooled. Written {@code LogThenRelay}. */
    LOG_THEN_RELAY;

    static ReportDisposition of(boolean log) {
        return log ? LOG : IGNORE;
    }
}
