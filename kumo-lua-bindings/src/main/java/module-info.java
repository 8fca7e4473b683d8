/** Runs the documented policy scripts. */
module dev.kumo.lua {
    requires static transitive org.jspecify;
}
