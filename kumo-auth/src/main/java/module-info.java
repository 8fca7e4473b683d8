/** Signatures that tell whose mail it is: DKIM. */
module dev.kumo.auth {
    requires transitive dev.kumo.core;
    requires transitive dev.kumo.tls;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.kumo.auth.dkim;
}
