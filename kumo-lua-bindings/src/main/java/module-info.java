/**
 * Runs the documented policy scripts.
 *
 * <p>Lua's binding has no module descriptors, only names in its manifests, and javac warns of those; nothing of it is in the public face.
 */
@SuppressWarnings("requires-automatic")
module dev.kumo.lua {
    requires dev.kumo.auth;
    requires transitive dev.kumo.core;
    requires transitive dev.kumo.http;
    requires transitive dev.kumo.smtp;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;
    requires party.iroiro.luajava;
    requires party.iroiro.luajava.lua54;
    requires static transitive org.jspecify;

    exports dev.kumo.lua;
}
