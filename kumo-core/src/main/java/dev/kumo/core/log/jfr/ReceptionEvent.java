package dev.kumo.core.log.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("dev.kumo.Reception")
@Label("Reception")
@Description("A message has been taken")
@Category({"Kumo", "Mail"})
@StackTrace(false)
final class ReceptionEvent extends Event {

    @Label("Message")
    @Nullable String message;

    @Label("Session")
    @Nullable String session;

    @Label("Queue")
    @Nullable String queue;

    @Label("Size")
    @DataAmount
    long size;

    @Label("Recipients")
    int recipients;
}
