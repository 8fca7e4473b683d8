package dev.kumo.lua;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Schedule;
import dev.kumo.core.options.OptionTable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When a message that comes is first tried. */
final class MessageSchedule {

    private MessageSchedule() {}

    static void addTo(Map<String, LuaFunction> methods) {
        methods.put("set_due", MessageSchedule::setDue);
        methods.put("set_scheduling", MessageSchedule::setScheduling);
    }

    private static @Nullable Object setDue(Arguments arguments) {
        Instant due = Schedule.NOW.due();
        if (arguments.is(2, Instant.class)) {
            due = arguments.object(2, Instant.class);
        } else if (!arguments.isNil(2)) {
            due = time(arguments.text(2));
        }
        return set(arguments, due);
    }

    private static @Nullable Object setScheduling(Arguments arguments) {
        if (!arguments.isNil(2)) {
            return set(
                    arguments, OptionTable.apply("set_scheduling", arguments.table(2), new Constraints()).firstAttempt);
        }
        // A message in a queue has none left: the first attempt was made, or is being waited for.
        return Events.OF_A_QUEUED_MESSAGE.contains(arguments.event()) ? null : set(arguments, Schedule.NOW.due());
    }

    private static @Nullable Object set(Arguments arguments, Instant due) {
        if (Events.OF_A_QUEUED_MESSAGE.contains(arguments.event())) {
            throw new IllegalArgumentException("when a message that is in a queue is due is said by the queue;"
                    + " say when it is first tried while it comes");
        }
        Message message = MessageType.message(arguments);
        message.setSchedule(new Schedule(due, message.schedule().attempts()));
        return null;
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + Shown.of(text) + "' is no time; write it as 2026-03-08T17:51:42Z (RFC 3339)", e);
        }
    }

    /** The keys of {@code set_scheduling}. */
    public static final class Constraints {

        private Instant firstAttempt = Schedule.NOW.due();

        private Constraints() {}

        /**
         * Key {@code first_attempt}.
         *
         * @param text a time, RFC 3339
         */
        public void firstAttempt(String text) {
            firstAttempt = time(text);
        }
    }
}
