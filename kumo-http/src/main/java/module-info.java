/** The HTTP listener. */
@SuppressWarnings("requires-automatic") // jinjava is no module yet, and optional
module dev.kumo.http {
    requires transitive dev.kumo.core;
    requires transitive dev.kumo.tls;
    requires com.github.benmanes.caffeine;
    requires static com.github.jknack.handlebars;
    requires static jinjava;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports dev.kumo.http;
}
