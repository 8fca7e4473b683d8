/** The runnable gateway, and one idea a file. */
module dev.kumo.examples {
    requires com.github.luben.zstd_jni;
    requires dev.kumo.auth;
    requires dev.kumo.http;
    requires dev.kumo.lua;
    requires dev.kumo.smtp;
    requires tools.jackson.databind;
    requires static org.jspecify;

    exports dev.kumo.examples to
            dev.kumo.core; // which calls the setters of GatewayFile.Builder
}
