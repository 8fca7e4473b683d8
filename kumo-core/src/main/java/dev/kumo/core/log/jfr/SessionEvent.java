package dev.kumo.core.log.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

@Name("dev.kumo.Session")
@Label("Session")
@Description("A connection of a client has ended")
@Category({"Kumo", "Mail"})
@StackTrace(false)
final class SessionEvent extends Event {

    @Label("Client")
    @Nullable String client;

    @Label("Server")
    @Nullable String server;

    @Label("Lasted")
    @Timespan(Timespan.MILLISECONDS)
    long lasted;
}
