package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.QueueName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Delivers without a queue: a message goes to the site of each recipient at once, over a connection that was idle or is new. */
final class DirectDelivery {

    /** Finds the way for the mail of a domain. */
    interface Ways {
        SmtpRoute route(String domain) throws UnroutableException;
    }

    private final Ways ways;
    private final boolean one;
    private final EgressSource source;
    private final EgressPathOptions path;
    private final IdleLinks idle = new IdleLinks();

    /**
     * Makes one.
     *
     * @param one whether there is but one way, whatever the domain
     */
    DirectDelivery(Ways ways, boolean one, EgressSource source, EgressPathOptions path) {
        this.ways = ways;
        this.one = one;
        this.source = source;
        this.path = path;
    }

    Outcome deliver(Message message) {
        List<EnvelopeAddress> recipients = message.recipients();
        Outcome[] outcomes = new Outcome[recipients.size()];
        for (Map.Entry<String, List<Integer>> part : byTarget(message).entrySet()) {
            List<Integer> indices = part.getValue();
            Message copy = indices.size() == recipients.size()
                    ? message
                    : message.copyFor(
                            message.id(), indices.stream().map(recipients::get).toList());
            Outcome outcome = deliver(copy, part.getKey());
            for (int i = 0; i < indices.size(); i++) {
                outcomes[indices.get(i)] = outcome instanceof Outcome.PerRecipient each
                        ? each.outcomes().get(i)
                        : outcome;
            }
        }
        return Outcomes.together(List.of(outcomes));
    }

    private Map<String, List<Integer>> byTarget(Message message) {
        Optional<String> routing = QueueName.of(message).routingDomain();
        Map<String, List<Integer>> byTarget = new LinkedHashMap<>();
        for (int i = 0; i < message.recipients().size(); i++) {
            String target =
                    one ? "" : routing.orElse(message.recipients().get(i).domain());
            byTarget.computeIfAbsent(target, unused -> new ArrayList<>()).add(i);
        }
        return byTarget;
    }

    private Outcome deliver(Message message, String target) {
        try {
            SmtpRoute route = ways.route(target);
            Optional<SmtpLink> waiting = idle.take(route.site());
            SmtpLink link = waiting.isPresent() ? waiting.get() : route.connect(source, path);
            Outcome outcome = link.deliver(List.of(message)).get(0);
            if (link.isOpen()) {
                idle.give(route.site(), link, path.timeouts().idle());
            } else {
                link.close();
            }
            return outcome;
        } catch (UnroutableException e) {
            return e.outcome();
        }
    }

    void close() {
        idle.close();
    }
}
