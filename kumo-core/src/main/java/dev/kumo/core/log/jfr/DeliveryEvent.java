package dev.kumo.core.log.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

@Name("dev.kumo.Delivery")
@Label("Delivery")
@Description("An attempt to deliver a message has ended")
@Category({"Kumo", "Mail"})
@StackTrace(false)
final class DeliveryEvent extends Event {

    @Label("Message")
    @Nullable String message;

    @Label("Result")
    @Description("The kind of log record: Delivery, TransientFailure or Bounce")
    @Nullable String result;

    @Label("Protocol")
    @Nullable String protocol;

    @Label("Site")
    @Nullable String site;

    @Label("Peer")
    @Nullable String peer;

    @Label("Reply code")
    int code;

    @Label("Attempts before")
    int attempts;

    @Label("Age of the message")
    @Timespan(Timespan.MILLISECONDS)
    long age;
}
