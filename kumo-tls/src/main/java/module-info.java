/** The ports of the listeners: their sockets, certificates and keys. */
@SuppressWarnings("module") // those that packages are exported to are compiled later
module dev.kumo.tls {
    requires dev.kumo.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires transitive io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires java.net.http;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.util;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports dev.kumo.tls;
    exports dev.kumo.tls.port to
            dev.kumo.http,
            dev.kumo.smtp;
}
