package dev.kumo.http;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Writes an injection as chores: its JSON, which they share, and for each the recipients whom it is about. */
final class ChoreWriter {

    /** So many recipients may have a message twice for each chore that is being done when the process dies. */
    private static final int MOST = 50;

    private final Workshop workshop;
    private final String listener;

    /** Recipients by their places in the request. */
    private record Addressee(int place, EnvelopeAddress to) {}

    ChoreWriter(Workshop workshop, String listener) {
        this.workshop = workshop;
        this.listener = listener;
    }

    /**
     * Writes.
     *
     * @param failures takes the recipients that have no address, by their places
     * @return none if there is nobody to write to
     * @throws IOException if there is no room for the JSON
     */
    List<Message> write(
            List<InjectRequest.Recipient> recipients,
            EnvelopeAddress sender,
            Caller caller,
            byte[] json,
            SortedMap<Integer, String> failures)
            throws IOException {
        List<List<Addressee>> groups = groups(recipients, failures);
        if (groups.isEmpty()) {
            return List.of();
        }
        Content content = Maker.content(workshop, json);
        List<Message> chores = new ArrayList<>(groups.size());
        String request = "";
        for (List<Addressee> group : groups) {
            MessageId id = MessageId.next(workshop.time().instant(), workshop.random());
            request = request.isEmpty() ? id.text() : request;
            List<Integer> places = group.stream().map(Addressee::place).toList();
            List<EnvelopeAddress> to = group.stream().map(Addressee::to).toList();
            boolean utf8 = !sender.isAscii() || !to.stream().allMatch(EnvelopeAddress::isAscii);
            Meta meta = Maker.meta(caller, workshop.hostname()).put(Message.CHORE, Generator.QUEUE);
            new Promise(request, listener, caller, places).writeTo(meta);
            Message chore = new Message(id, new Envelope(sender, to, utf8), meta, content);
            chore.setReceptionLogged(true);
            chores.add(chore);
        }
        return chores;
    }

    /** An address that occurs several times does so in several groups, as the recipients of a chore are told apart by it. */
    private static List<List<Addressee>> groups(
            List<InjectRequest.Recipient> recipients, SortedMap<Integer, String> failures) {
        List<List<Addressee>> groups = new ArrayList<>();
        List<List<Addressee>> open = new ArrayList<>();
        Map<EnvelopeAddress, Integer> occurrences = new HashMap<>();
        for (int place = 0; place < recipients.size(); place++) {
            EnvelopeAddress to;
            try {
                to = EnvelopeAddress.parse(recipients.get(place).email());
            } catch (IllegalArgumentException e) {
                failures.put(place, String.valueOf(e.getMessage()));
                continue;
            }
            int occurrence = occurrences.merge(to, 1, Integer::sum) - 1;
            if (occurrence == open.size() || open.get(occurrence).size() == MOST) {
                List<Addressee> next = new ArrayList<>();
                groups.add(next);
                if (occurrence == open.size()) {
                    open.add(next);
                } else {
                    open.set(occurrence, next);
                }
            }
            open.get(occurrence).add(new Addressee(place, to));
        }
        return groups;
    }
}
