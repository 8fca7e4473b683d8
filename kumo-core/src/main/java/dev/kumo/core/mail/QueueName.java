package dev.kumo.core.mail;

import java.util.Locale;
import java.util.Optional;

/**
 * The scheduled queue in which a message waits: {@code campaign:tenant@domain!routing_domain}, with the parts that are
 * not set left out, so {@code tenant@domain}, {@code campaign:@domain}, {@code domain}, or
 * {@code domain!routing_domain}.
 *
 * @param text the whole name
 * @param campaign the meta data {@code campaign}, if set
 * @param tenant the meta data {@code tenant}, if set
 * @param domain the domain of the first recipient, lower case
 * @param routingDomain the meta data {@code routing_domain}, if set: it replaces the domain when the way is looked for
 */
public record QueueName(
        String text,
        Optional<String> campaign,
        Optional<String> tenant,
        String domain,
        Optional<String> routingDomain) {

    /** The queue of mail that is taken and then forgotten. */
    public static final String NULL = "null";

    /**
     * The queue of a message. The meta data {@code queue} replaces the whole name, unless the message is a
     * {@linkplain Message#isChore() chore}.
     *
     * @param message with its envelope and meta data as they are now
     * @return its queue
     */
    public static QueueName of(Message message) {
        Meta meta = message.meta();
        Optional<String> whole = meta.text(Message.CHORE).or(() -> meta.text("queue"));
        if (whole.isPresent()) {
            return parse(whole.get());
        }
        return of(
                meta.text("campaign"),
                meta.text("tenant"),
                message.recipients().get(0).domain(),
                meta.text("routing_domain"));
    }

    /**
     * A queue from its parts.
     *
     * @param campaign if there is one
     * @param tenant if there is one
     * @param domain in any case
     * @param routingDomain if there is one
     * @return the queue
     */
    public static QueueName of(
            Optional<String> campaign, Optional<String> tenant, String domain, Optional<String> routingDomain) {
        String lower = domain.toLowerCase(Locale.ROOT);
        String text = campaign.map(name -> name + ":").orElse("")
                + tenant.orElse("")
                + (campaign.isPresent() || tenant.isPresent() ? "@" : "")
                + lower
                + routingDomain.map(name -> "!" + name).orElse("");
        return new QueueName(text, campaign, tenant, lower, routingDomain);
    }

    /**
     * Takes a name apart.
     *
     * @param text as {@link #toString()} gives it
     * @return the queue
     */
    public static QueueName parse(String text) {
        int bang = text.indexOf('!');
        Optional<String> routing = bang < 0 ? Optional.empty() : Optional.of(text.substring(bang + 1));
        String rest = bang < 0 ? text : text.substring(0, bang);
        int at = rest.lastIndexOf('@');
        String front = at < 0 ? "" : rest.substring(0, at);
        int colon = front.indexOf(':');
        Optional<String> campaign = colon < 0 ? Optional.empty() : Optional.of(front.substring(0, colon));
        String tenant = front.substring(colon + 1);
        return new QueueName(
                text,
                campaign,
                tenant.isEmpty() ? Optional.empty() : Optional.of(tenant),
                rest.substring(at + 1).toLowerCase(Locale.ROOT),
                routing);
    }

    /**
     * The domain whose hosts are looked for.
     *
     * @return the routing domain, or else the domain
     */
    public String target() {
        return routingDomain.orElse(domain);
    }

    /** The whole name. */
    @Override
    public String toString() {
        return text;
    }
}
