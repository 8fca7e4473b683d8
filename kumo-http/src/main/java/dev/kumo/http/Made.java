package dev.kumo.http;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.http.answer.Printable;

/** What became of the making of one message. */
sealed interface Made {

    /** A message to be handed on. */
    record Ready(Message message) implements Made {}

    /**
     * None.
     *
     * @param reply as it would be said in SMTP: with a 4xx it may come about another time
     * @param text what a client is told
     */
    record Failed(Reply reply, String text) implements Made {

        private static final int LONGEST_TEXT = 400;

        /** One that another attempt would not mend. */
        static Failed forGood(String status, String text) {
            return new Failed(Reply.of(554, status, "cannot be made: " + shown(text)), text);
        }

        /** One that took too long, which it may not when less is to be done. */
        static Failed late(String text) {
            return new Failed(Reply.of(451, "4.3.0", "cannot be made now: " + shown(text)), text);
        }

        private static String shown(String text) {
            String line = Printable.of(text);
            return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) : line;
        }

        static Failed of(Reply reply) {
            return new Failed(reply, reply.toString());
        }
    }
}
