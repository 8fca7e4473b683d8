/** Mail, policy, trace headers, spool and delivery: everything that needs no network. */
module dev.kumo.core {
    requires org.slf4j;
    requires static com.github.luben.zstd_jni;
    requires static transitive org.jspecify;
    requires tools.jackson.databind;

    exports dev.kumo.core;
    exports dev.kumo.core.delivery;
    exports dev.kumo.core.log;
    exports dev.kumo.core.log.file;
    exports dev.kumo.core.mail;
    exports dev.kumo.core.net;
    exports dev.kumo.core.options;
    exports dev.kumo.core.policy;
    exports dev.kumo.core.queue;
    exports dev.kumo.core.report;
    exports dev.kumo.core.spool;
    exports dev.kumo.core.trace;
}
