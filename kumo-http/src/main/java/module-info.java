/** The HTTP listener. */
module dev.kumo.http {
    requires static transitive org.jspecify;
}
