/** The ESMTP listener, and delivery by SMTP. */
module dev.kumo.smtp {
    requires transitive dev.kumo.core;
    requires transitive dev.kumo.tls;
    requires com.github.benmanes.caffeine;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.dns;
    requires io.netty.handler;
    requires io.netty.common;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires java.net.http;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.kumo.smtp;
    exports dev.kumo.smtp.client;
    exports dev.kumo.smtp.server;
}
