/** Certificates and keys for the listeners. */
module dev.kumo.tls {
    requires dev.kumo.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires transitive io.netty.transport;
    requires java.net.http;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.util;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports dev.kumo.tls;
}
