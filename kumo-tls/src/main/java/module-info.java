/** Certificates and keys for the listeners. */
module dev.kumo.tls {
    requires static transitive org.jspecify;
}
