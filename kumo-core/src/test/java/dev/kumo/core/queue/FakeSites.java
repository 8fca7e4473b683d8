package dev.kumo.core.queue;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The rest of the world: a site for each domain, called {@code mx.DOMAIN}, unless some share one. */
final class FakeSites implements Delivery {

    static final Outcome DELIVERED = new Outcome.Delivered(Reply.of(250, "2.0.0", "taken"), Attempt.by("ESMTP"));
    static final Outcome BUSY = new Outcome.Deferred(Reply.of(450, "4.2.1", "mailbox busy"), Attempt.by("ESMTP"));
    static final Outcome NOBODY = new Outcome.Refused(Reply.of(550, "5.1.1", "no such user"), Attempt.by("ESMTP"));
    static final Outcome NO_ANSWER = new Outcome.Deferred(Reply.of(400, "4.4.1", "no answer"));

    /** What is said to a message. */
    Function<Message, Outcome> answer = message -> DELIVERED;

    /** What is done while a site has a message. */
    Runnable meanwhile = () -> {};

    final Map<String, Outcome> unroutable = new HashMap<>();
    final Map<String, Outcome> unreachable = new HashMap<>();
    final Map<String, String> sites = new HashMap<>();
    final Set<String> breaking = new HashSet<>();
    int mostAtOnce = 1;

    final List<String> lookups = Collections.synchronizedList(new ArrayList<>());
    /** Ids in the order of their delivery. */
    final List<String> received = Collections.synchronizedList(new ArrayList<>());

    final List<String> connections = Collections.synchronizedList(new ArrayList<>());
    final Set<Object> open = Collections.synchronizedSet(new LinkedHashSet<>());

    @Override
    public List<Outcome> deliver(List<Message> batch) {
        throw new AssertionError("queues use routes");
    }

    @Override
    public Route route(String domain) throws UnroutableException {
        lookups.add(domain);
        if (unroutable.containsKey(domain)) {
            throw new UnroutableException(unroutable.get(domain));
        }
        String site = sites.getOrDefault(domain, "mx." + domain);
        return new Site(site);
    }

    @Override
    public Route route(String domain, Protocol.Smtp protocol) throws UnroutableException {
        return protocol.mxList().isEmpty() ? route(domain) : new Site("mx_list:" + protocol.mxList());
    }

    private final class Site implements Route {

        private final String name;

        Site(String name) {
            this.name = name;
        }

        @Override
        public String site() {
            return name;
        }

        @Override
        public String protocol() {
            return "smtp_client";
        }

        @Override
        public int mostAtOnce() {
            return mostAtOnce;
        }

        @Override
        public Connection connect(EgressSource source, EgressPathOptions path) throws UnroutableException {
            connections.add(source.name() + "->" + name);
            if (unreachable.containsKey(name)) {
                throw new UnroutableException(unreachable.get(name));
            }
            FakeConnection made = new FakeConnection(name);
            open.add(made);
            return made;
        }
    }

    private final class FakeConnection implements Route.Connection {

        private final String site;
        private boolean usable = true;

        FakeConnection(String site) {
            this.site = site;
        }

        @Override
        public List<Outcome> deliver(List<Message> batch) {
            meanwhile.run();
            usable = !breaking.contains(site);
            List<Outcome> outcomes = new ArrayList<>();
            for (Message message : batch) {
                outcomes.add(answer.apply(message));
                received.add(message.id().text());
            }
            return outcomes;
        }

        @Override
        public boolean isUsable() {
            return usable;
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }
}
