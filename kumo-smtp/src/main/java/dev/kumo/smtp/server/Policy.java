package dev.kumo.smtp.server;

import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.ClientName;
import dev.kumo.smtp.MailFrom;
import dev.kumo.smtp.Recipient;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Your say at each step of a session: one method per event, each with a neutral default.
 *
 * <p>A method may block; it runs on a thread that can wait, and no other session waits with it. It is never called on
 * two threads at once for one session. If it throws, the client is told {@code 421 4.3.0} and the cause goes to the log.
 * Several policies run in order; the first refusal decides.
 */
public interface Policy {

    /**
     * A client has connected; the greeting has not been sent.
     *
     * @param peer the client
     * @return a refusal takes the place of the greeting and closes the connection
     */
    default Verdict connectionAccepted(Peer peer) {
        return Verdict.proceed();
    }

    /**
     * The client introduces itself with EHLO or HELO.
     *
     * @param peer the client, still with the name it had before
     * @param name what it calls itself now
     * @return a refusal leaves the session as it was
     */
    default Verdict ehlo(Peer peer, ClientName name) {
        return Verdict.proceed();
    }

    /**
     * The client shows who it is, by AUTH PLAIN. It is offered under TLS, and only if a policy handles this event. To be
     * authenticated opens nothing by itself: let {@link #listenerDomain} say what such a client may do, by
     * {@link Peer#identity()}.
     *
     * @param peer the client
     * @param credentials what it shows. The password is that of {@code authentication}; whether that one may act as
     *     {@code authorization}, which is what {@link Peer#identity()} will be, is for the policy to decide (RFC 4616 section 2)
     * @return {@link Verdict#proceed()} if it is who it says, a refusal if it is not; empty if this policy does not know, and the
     *     next one is asked. Where none knows, the client is told {@code 535 5.7.8}. After three failures the connection is closed
     */
    default Optional<Verdict> authPlain(Peer peer, PlainCredentials credentials) {
        return Optional.empty();
    }

    /**
     * A transaction begins.
     *
     * @param peer the client
     * @param from the sender and the parameters of MAIL
     * @return a refusal starts no transaction
     */
    default Verdict mailFrom(Peer peer, MailFrom from) {
        return Verdict.proceed();
    }

    /**
     * What may be done for a domain. Asked for the sender's and the recipient's domain, at RCPT and again after the
     * content has come; the first policy with an answer decides, and only then is the table of the listener asked.
     *
     * @param peer the client
     * @param domain a normalised domain name; empty for the null sender
     * @return the options for that domain; empty if this policy does not know it
     */
    default Optional<DomainOptions> listenerDomain(Peer peer, String domain) {
        return Optional.empty();
    }

    /**
     * A recipient is named. The relay rules and limits have already let it pass.
     *
     * @param peer the client
     * @param to the recipient and the parameters of RCPT
     * @return a refusal leaves the recipient out of the transaction
     */
    default Verdict rcptTo(Peer peer, Recipient to) {
        return Verdict.proceed();
    }

    /**
     * The content has come, once per transaction and before any header is added.
     *
     * @param peer the client
     * @param message with all recipients; its meta data, content and recipients may be changed
     * @return a refusal ends the transaction; nothing is received
     */
    default Verdict data(Peer peer, Message message) {
        return Verdict.proceed();
    }

    /**
     * A message is about to be received, once per message that the transaction becomes. It carries its
     * {@code Received} header, and not yet the supplemental trace header.
     *
     * @param peer the client
     * @param message may be changed in every way
     * @return a refusal ends the transaction; none of its messages is received
     */
    default Verdict messageReceived(Peer peer, Message message) {
        return Verdict.proceed();
    }

    /**
     * A policy for {@link #connectionAccepted} alone.
     *
     * @param decide called for each client
     * @return the policy
     */
    static Policy onConnectionAccepted(Function<Peer, Verdict> decide) {
        return new Policy() {
            @Override
            public Verdict connectionAccepted(Peer peer) {
                return decide.apply(peer);
            }
        };
    }

    /**
     * A policy for {@link #ehlo} alone.
     *
     * @param decide called for each EHLO and HELO
     * @return the policy
     */
    static Policy onEhlo(BiFunction<Peer, ClientName, Verdict> decide) {
        return new Policy() {
            @Override
            public Verdict ehlo(Peer peer, ClientName name) {
                return decide.apply(peer, name);
            }
        };
    }

    /**
     * A policy for {@link #authPlain} alone, for clients that act as nobody but themselves: who asks to act as another is not taken.
     *
     * @param isRight whether the credentials are those of somebody
     * @return the policy; it knows no others
     */
    static Policy onAuthPlain(BiPredicate<Peer, PlainCredentials> isRight) {
        return new Policy() {
            @Override
            public Optional<Verdict> authPlain(Peer peer, PlainCredentials credentials) {
                boolean actsAsItself = credentials.authorization().equals(credentials.authentication());
                return actsAsItself && isRight.test(peer, credentials)
                        ? Optional.of(Verdict.proceed())
                        : Optional.empty();
            }
        };
    }

    /**
     * A policy for {@link #mailFrom} alone.
     *
     * @param decide called for each MAIL
     * @return the policy
     */
    static Policy onMailFrom(BiFunction<Peer, MailFrom, Verdict> decide) {
        return new Policy() {
            @Override
            public Verdict mailFrom(Peer peer, MailFrom from) {
                return decide.apply(peer, from);
            }
        };
    }

    /**
     * A policy for {@link #listenerDomain} alone.
     *
     * @param lookup called with a client and a domain
     * @return the policy
     */
    static Policy onListenerDomain(BiFunction<Peer, String, Optional<DomainOptions>> lookup) {
        return new Policy() {
            @Override
            public Optional<DomainOptions> listenerDomain(Peer peer, String domain) {
                return lookup.apply(peer, domain);
            }
        };
    }

    /**
     * A policy for {@link #rcptTo} alone.
     *
     * @param decide called for each RCPT that the relay rules let pass
     * @return the policy
     */
    static Policy onRcptTo(BiFunction<Peer, Recipient, Verdict> decide) {
        return new Policy() {
            @Override
            public Verdict rcptTo(Peer peer, Recipient to) {
                return decide.apply(peer, to);
            }
        };
    }

    /**
     * A policy for {@link #data} alone.
     *
     * @param decide called once per transaction
     * @return the policy
     */
    static Policy onData(BiFunction<Peer, Message, Verdict> decide) {
        return new Policy() {
            @Override
            public Verdict data(Peer peer, Message message) {
                return decide.apply(peer, message);
            }
        };
    }

    /**
     * A policy for {@link #messageReceived} alone.
     *
     * @param decide called once per message
     * @return the policy
     */
    static Policy onMessageReceived(BiFunction<Peer, Message, Verdict> decide) {
        return new Policy() {
            @Override
            public Verdict messageReceived(Peer peer, Message message) {
                return decide.apply(peer, message);
            }
        };
    }
}
