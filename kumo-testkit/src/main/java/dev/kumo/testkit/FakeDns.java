package dev.kumo.testkit;

import dev.kumo.smtp.client.DnsResolver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A name server for the length of a test, on a free port of the loopback address, UDP and TCP. It knows the whole world
 * as far as the test needs it, and can be as ill as name servers are.
 *
 * <pre>{@code
 * @RegisterExtension
 * final FakeDns dns = FakeDns.serving("""
 *         example.com         MX  10 mx.example.com
 *         mx.example.com  60  A   192.0.2.1
 *         """);
 *
 * @Test
 * void defersWhileTheDnsIsDown() {
 *     dns.failing("example.com");
 *
 *     assertThat(MxResolver.of(dns.resolver()).resolve("example.com")).isInstanceOf(MxPlan.Nowhere.class);
 * }
 * }</pre>
 *
 * <p>A record is a line {@code name [ttl] [IN] type data}, with types A, AAAA, MX, CNAME, TXT, TLSA and SOA, and octets as
 * they are after {@code \#} (RFC 3597), which need not make sense. A name is always a full one. The TTL is 300 seconds
 * unless said. Names without any record, and with none below them, do not exist. Aliases are followed. An answer "none"
 * holds for 60 seconds.
 *
 * <p>Every test method begins with the records given here, healthy, and on a new port. Elsewhere than in JUnit, start it
 * by {@link #start} and end it by {@link #close}.
 */
public final class FakeDns implements BeforeEachCallback, AfterEachCallback, AutoCloseable {

    private static final int SERVER_FAILURE = 2;
    private static final int NO_SUCH_NAME = 3;
    private static final int MOST_ALIASES = 40;

    /** RFC 2308: how long "none" holds is the lesser of its TTL and its last number. */
    private static final String NONE = ". 60 SOA ns.invalid. postmaster.invalid. 1 3600 600 86400 60";

    private enum Illness {
        FAILING,
        SILENT,
        TRUNCATING
    }

    private final String given;
    private final Set<DnsResolver> resolvers = new HashSet<>();
    private final Map<String, Illness> ill = new HashMap<>();
    private final List<String> questions = new ArrayList<>();
    private DnsZone zone = new DnsZone();
    private @Nullable DnsServer server;

    private FakeDns(String given) {
        this.given = given;
        zone.add(given); // an error of the text is an error here
    }

    /**
     * A name server with some records.
     *
     * @param records one a line; empty lines and lines that begin with {@code ;} are passed over
     * @return the extension
     * @throws IllegalArgumentException if a line is no record
     */
    public static FakeDns serving(String records) {
        return new FakeDns(records);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    /**
     * Starts the name server, where it is not used as an extension.
     *
     * @return this
     * @throws IOException if no port can be bound
     * @throws IllegalStateException if it runs already
     */
    public synchronized FakeDns start() throws IOException {
        if (server != null) {
            throw new IllegalStateException("this FakeDns runs already; JUnit starts one that is an extension");
        }
        zone = new DnsZone();
        zone.add(given);
        ill.clear();
        questions.clear();
        server = DnsServer.open(this::answer);
        return this;
    }

    /** Stops the name server and closes the resolvers made by it. Does nothing if it does not run. */
    @Override
    public void close() {
        Set<DnsResolver> made;
        synchronized (this) {
            made = Set.copyOf(resolvers);
            resolvers.clear();
            if (server != null) {
                server.close();
                server = null;
            }
        }
        made.forEach(DnsResolver::close);
    }

    /**
     * Where the name server is.
     *
     * @return its address and port, the same for UDP and TCP
     * @throws IllegalStateException if it does not run
     */
    public synchronized InetSocketAddress address() {
        if (server == null) {
            throw new IllegalStateException(
                    "this FakeDns does not run; make it a @RegisterExtension field, or call start()");
        }
        return server.address();
    }

    /**
     * A resolver that asks this name server and has the patience of {@link DnsResolver#PATIENCE}.
     *
     * @return closed with this name server
     * @throws IllegalStateException if it does not run
     */
    public DnsResolver resolver() {
        return resolver(DnsResolver.PATIENCE);
    }

    /**
     * A resolver that asks this name server.
     *
     * @param patience how long to wait for one answer in all, for tests in which none comes
     * @return closed with this name server
     * @throws IllegalStateException if it does not run
     */
    public synchronized DnsResolver resolver(Duration patience) {
        DnsResolver resolver = DnsResolver.of(List.of(address()), patience);
        resolvers.add(resolver);
        return resolver;
    }

    /**
     * Adds records.
     *
     * @param records one a line
     * @return this
     * @throws IllegalArgumentException if a line is no record
     */
    public synchronized FakeDns add(String records) {
        zone.add(records);
        return this;
    }

    /**
     * Takes all records of a name away.
     *
     * @param name a full name
     * @return this
     */
    public synchronized FakeDns remove(String name) {
        zone.remove(name);
        return this;
    }

    /**
     * Answers questions for a name with SERVFAIL, from now on.
     *
     * @param name a full name
     * @return this
     */
    public FakeDns failing(String name) {
        return becoming(name, Illness.FAILING);
    }

    /**
     * Answers questions for a name never, from now on.
     *
     * @param name a full name
     * @return this
     */
    public FakeDns silent(String name) {
        return becoming(name, Illness.SILENT);
    }

    /**
     * Answers questions for a name by UDP with nothing but the hint to ask by TCP, from now on, however small the answer
     * is. Answers that are too large for UDP are so for any name.
     *
     * @param name a full name
     * @return this
     */
    public FakeDns truncating(String name) {
        return becoming(name, Illness.TRUNCATING);
    }

    /**
     * Answers questions for a name as they should be.
     *
     * @param name a full name
     * @return this
     */
    public synchronized FakeDns healthy(String name) {
        ill.remove(DnsZone.plain(name));
        return this;
    }

    private synchronized FakeDns becoming(String name, Illness illness) {
        ill.put(DnsZone.plain(name), illness);
        return this;
    }

    /**
     * What has been asked, by UDP and by TCP.
     *
     * @return name and type, such as {@code example.com MX}, in order
     */
    public synchronized List<String> questions() {
        return List.copyOf(questions);
    }

    private synchronized Optional<DnsWire.Response> answer(DnsWire.Query query) {
        questions.add(query.name() + " " + DnsZone.typeName(query.type()));
        Illness illness = ill.get(query.name());
        if (illness == Illness.SILENT) {
            return Optional.empty();
        }
        if (illness == Illness.FAILING) {
            return Optional.of(DnsWire.Response.of(SERVER_FAILURE));
        }
        List<DnsZone.Entry> answers = new ArrayList<>();
        String name = query.name();
        List<DnsZone.Entry> alias = zone.of(name, DnsZone.CNAME);
        while (!alias.isEmpty() && query.type() != DnsZone.CNAME && answers.size() < MOST_ALIASES) {
            answers.add(alias.get(0));
            name = target(alias.get(0));
            alias = zone.of(name, DnsZone.CNAME);
        }
        List<DnsZone.Entry> found = zone.of(name, query.type());
        answers.addAll(found);
        boolean none = found.isEmpty() && alias.isEmpty();
        DnsZone authority = new DnsZone();
        if (none) {
            authority.add(NONE);
        }
        return Optional.of(new DnsWire.Response(
                none && !zone.exists(name) ? NO_SUCH_NAME : 0,
                illness == Illness.TRUNCATING,
                answers,
                authority.of(".", DnsZone.SOA)));
    }

    private static String target(DnsZone.Entry alias) {
        return alias.data().get(0) instanceof DnsZone.NamePart target ? DnsZone.plain(target.name()) : ".";
    }
}
