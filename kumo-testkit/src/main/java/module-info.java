/** Runs mail flows in one process, for tests. */
module dev.kumo.testkit {
    requires transitive dev.kumo.core;
    requires transitive dev.kumo.smtp;
    requires transitive dev.kumo.tls;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;

    exports dev.kumo.testkit;
}
