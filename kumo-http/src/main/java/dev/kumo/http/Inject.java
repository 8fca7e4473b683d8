package dev.kumo.http;

import dev.kumo.core.Listener;
import dev.kumo.core.Reception;
import dev.kumo.core.delivery.Chores;
import dev.kumo.core.listen.Hostname;
import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.metric.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A door without a port: injects from within the process what {@code POST /api/inject/v1} takes from without, with the
 * same checks.
 *
 * <pre>{@code
 * Inject inject = Inject.builder().hostname("mail.example.com").build();
 * Mta mta = Mta.builder().listener(inject).delivery(delivery).build();
 * mta.start();
 * InjectResult result = inject.v1(InjectRequest.builder("shop@example.com",
 *                 InjectContent.builder().subject("Your order").textBody("Thank you.").build())
 *         .recipient("customer@example.org")
 *         .build());
 * }</pre>
 */
public final class Inject implements Listener {

    private static final Caller OURSELVES = new Caller(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            true,
            Optional.empty());

    private final Builder settings;
    private final String name;
    private final Chores chores;
    private volatile @Nullable Injector injector;
    private boolean opened;

    private Inject(Builder settings) {
        this.settings = settings;
        this.name = settings.name;
        this.chores = new GeneratorChores(name, () -> this.injector);
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public synchronized void open(Reception reception) {
        if (opened) {
            throw new IllegalStateException("a listener is opened once; build another one");
        }
        opened = true;
        injector = new Injector(
                new Workshop(
                        reception,
                        new Policies(settings.policies),
                        new Metrics(),
                        settings.hostname == null ? Hostname.local() : settings.hostname,
                        settings.limits.build(),
                        settings.time,
                        settings.random),
                name);
    }

    @Override
    public Optional<Chores> chores() {
        return Optional.of(chores);
    }

    /**
     * Makes a message for each recipient, and has them received. This may block.
     *
     * @param request what to say to whom
     * @return what became of it, once all messages are safe or refused
     * @throws IllegalArgumentException if the request is wrong for all recipients; nothing is received then
     * @throws IllegalStateException if this is not open or closes; or if it fails half way, so that some messages may have
     *     been received
     */
    public InjectResult v1(InjectRequest request) {
        Injector open = injector;
        if (open == null) {
            throw new IllegalStateException("it is not open; give it to an Mta as a listener, and start that");
        }
        try {
            return open.inject(request, OURSELVES, () -> kept(request));
        } catch (RefusedException refused) {
            if (refused.answer().status() == 503) {
                throw new IllegalStateException(refused.getMessage(), refused);
            }
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
    }

    /** As it is kept, once it is certain that it can be read again: templates may hold values deeper than JSON may. */
    private static byte[] kept(InjectRequest request) {
        byte[] json = InjectText.of(request);
        InjectJson.read(Json.read(json));
        return json;
    }

    /** Fails the further recipients of what runs, and waits for it within {@link HttpLimits#closeGracePeriod}. */
    @Override
    public synchronized void close() {
        opened = true;
        Injector open = injector;
        if (open != null) {
            injector = null;
            open.beginClosing();
            open.awaitEnd(settings.limits.build().closeGracePeriod());
        }
    }

    /** What it is. */
    @Override
    public String toString() {
        return "injection from within the process";
    }

    /** Makes an {@link Inject}. */
    public static final class Builder {

        private final List<HttpPolicy> policies = new ArrayList<>();
        private String name = "inject";
        private final HttpLimits.Builder limits = HttpLimits.builder();
        private @Nullable String hostname;
        private InstantSource time = InstantSource.system();
        private RandomGenerator random = new SecureRandom();

        private Builder() {}

        /**
         * What tells this door from the others of its {@code Mta}, also after a restart: with {@code deferred_generation} it
         * makes the messages that it has promised, and no others' as long as these are there. Two of one name promise nothing.
         *
         * @param name not empty; default {@code inject}
         * @return this
         * @throws IllegalArgumentException if it is
         */
        public Builder name(String name) {
            this.name = GeneratorChores.requireName(name);
            return this;
        }

        /**
         * The name in {@code Message-ID} and {@code Received}.
         *
         * @param name a domain name in ASCII, or an address literal; default the name of this machine
         * @return this
         * @throws IllegalArgumentException if it is neither
         */
        public Builder hostname(String name) {
            hostname = Hostname.required(name);
            return this;
        }

        /**
         * Adds a policy, of which {@link HttpPolicy#messageGenerated} is asked.
         *
         * @param policy the first refusal of several decides
         * @return this
         */
        public Builder policy(HttpPolicy policy) {
            policies.add(policy);
            return this;
        }

        /**
         * What an injection may cost.
         *
         * @param changes of recipients, size of messages, and time to fill templates
         * @return this
         */
        public Builder limits(Consumer<HttpLimits.Builder> changes) {
            changes.accept(limits);
            return this;
        }

        /**
         * What time it is.
         *
         * @param time default the system's clock
         * @return this
         */
        public Builder time(InstantSource time) {
            this.time = time;
            return this;
        }

        /**
         * What sets ids and boundaries apart.
         *
         * @param random safe for use by many threads, and not to be guessed; default a {@link SecureRandom}
         * @return this
         */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * Makes the door; it is not open yet.
         *
         * @return to be given to an {@code Mta}
         */
        public Inject build() {
            return new Inject(this);
        }
    }
}
