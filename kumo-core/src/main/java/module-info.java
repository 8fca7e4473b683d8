/** Mail, policy, trace headers, spool and delivery: everything that needs no network. */
@SuppressWarnings({
    "module", // those that packages are exported to are compiled later
    "requires-automatic" // Micrometer has no module descriptor
})
module dev.kumo.core {
    requires java.net.http;
    requires org.slf4j;
    requires static com.github.luben.zstd_jni;
    requires static jdk.jfr;
    requires static micrometer.core;
    requires static transitive org.jspecify;
    requires tools.jackson.databind;

    exports dev.kumo.core;
    exports dev.kumo.core.delivery;
    exports dev.kumo.core.listen to
            dev.kumo.http,
            dev.kumo.smtp;
    exports dev.kumo.core.log;
    exports dev.kumo.core.log.file;
    exports dev.kumo.core.log.jfr;
    exports dev.kumo.core.log.micrometer;
    exports dev.kumo.core.log.webhook;
    exports dev.kumo.core.mail;
    exports dev.kumo.core.net;
    exports dev.kumo.core.options;
    exports dev.kumo.core.policy;
    exports dev.kumo.core.queue;
    exports dev.kumo.core.report;
    exports dev.kumo.core.spool;
    exports dev.kumo.core.thread to
            dev.kumo.http,
            dev.kumo.lua,
            dev.kumo.smtp;
    exports dev.kumo.core.trace;
}
