package dev.kumo.core;

import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Reply;
import java.util.List;

/** What is said in the front hall. */
final class HallReplies {

    static final Reply LOCAL_ERROR = Reply.of(451, "4.3.0", "local error, try again later");
    static final Reply SPOOL_FULL = Reply.of(452, "4.3.1", "insufficient storage, try again later");
    static final Reply CLOSING = Reply.of(451, "4.3.2", "shutting down, try again later");

    private static final EnhancedStatus ACCEPTED = new EnhancedStatus(2, 6, 0);
    private static final int LONGEST_TEXT = 500; // a line of 512 less "250 2.6.0 " and CRLF

    private HallReplies() {}

    static Reply accepted(List<Message> messages) {
        StringBuilder text = new StringBuilder(messages.size() == 1 ? "accepted, id" : "accepted, ids");
        int left = messages.size();
        for (Message message : messages) {
            String id = message.id().text();
            String more = left == 1 ? "" : " and " + (left - 1) + " more";
            if (text.length() + 1 + id.length() + more.length() > LONGEST_TEXT) {
                text.append(" and ").append(left).append(" more");
                break;
            }
            text.append(' ').append(id);
            left--;
        }
        return Reply.of(250, ACCEPTED, List.of(text.toString()));
    }

    /** The messages, for a log. */
    static List<MessageId> ids(List<Message> messages) {
        return messages.stream().map(Message::id).toList();
    }
}
