package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.EgressTls;
import dev.kumo.core.delivery.PlainLogin;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Reply;
import dev.kumo.tls.ClientTls;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Opens sessions: greeting, EHLO, STARTTLS and EHLO again, AUTH.
 *
 * @param clientTls what certificates are verified by
 * @param ehloName what we call ourselves, unless path or source say it
 * @param watchdog ends what takes too long
 * @param random names sessions
 * @param brokenTls where a handshake failed lately
 */
record Dialer(ClientTls clientTls, String ehloName, Watchdog watchdog, RandomGenerator random, BrokenTls brokenTls) {

    /**
     * How a session is to be.
     *
     * @param tls how strictly TLS is used
     * @param lmtp whether LMTP is spoken
     * @param chunking whether BDAT is used where offered
     */
    record Manner(EgressTls tls, boolean lmtp, boolean chunking) {

        boolean verifies() {
            return tls == EgressTls.OPPORTUNISTIC || tls == EgressTls.REQUIRED;
        }

        boolean requires() {
            return tls == EgressTls.REQUIRED || tls == EgressTls.REQUIRED_INSECURE;
        }

        Manner inClear() {
            return new Manner(EgressTls.DISABLED, lmtp, chunking);
        }
    }

    /**
     * Opens a session with a host. Where the mode allows to go on in clear after a failed handshake, that is done on a new
     * connection: what is left in the old one is half a handshake, in which nobody can say where a reply begins.
     *
     * @throws BrokenLinkException if the host does not let us in; its reply says why
     */
    ClientSession open(Candidate candidate, EgressSource source, EgressPathOptions path, Manner manner)
            throws BrokenLinkException {
        boolean reconnects =
                manner.tls() == EgressTls.OPPORTUNISTIC && path.opportunisticTlsReconnectOnFailedHandshake();
        if (reconnects && brokenTls.contains(candidate.address())) {
            return new Opening(candidate, source, path, manner.inClear()).run();
        }
        try {
            return new Opening(candidate, source, path, manner).run();
        } catch (BrokenLinkException.Handshake e) {
            if (reconnects) {
                brokenTls.remember(candidate.address());
            } else if (manner.tls() != EgressTls.OPPORTUNISTIC_INSECURE) {
                throw e;
            }
            return new Opening(candidate, source, path, manner.inClear()).run();
        }
    }

    /** One session being opened. */
    private final class Opening {

        private final Candidate candidate;
        private final EgressSource source;
        private final EgressPathOptions path;
        private final Manner manner;
        private final Wire wire;
        private Capabilities offers = Capabilities.NONE;

        Opening(Candidate candidate, EgressSource source, EgressPathOptions path, Manner manner)
                throws BrokenLinkException {
            this.candidate = candidate;
            this.source = source;
            this.path = path;
            this.manner = manner;
            this.wire = Wire.connect(
                    candidate.address(), source.sourceAddress(), path.timeouts().connect(), watchdog);
        }

        ClientSession run() throws BrokenLinkException {
            try {
                require(wire.reply("the greeting", path.timeouts().banner()), 220, "");
                hello();
                secure();
                if (path.smtpAuthPlain().isPresent()) {
                    login(path.smtpAuthPlain().get());
                }
            } catch (BrokenLinkException | RuntimeException | Error e) {
                wire.close();
                throw e;
            }
            boolean verified = wire.tls().isPresent() && manner.verifies();
            return new ClientSession(wire, path, offers, attempt(), manner.lmtp(), verified, manner.chunking());
        }

        /** RFC 5321 section 3.2: a server that knows no EHLO is greeted by HELO. LMTP has no such past. */
        private void hello() throws BrokenLinkException {
            String name = path.ehloDomain().or(source::ehloDomain).orElse(ehloName);
            String verb = manner.lmtp() ? "LHLO" : "EHLO";
            wire.say(verb + " " + name);
            ServerReply reply = wire.reply(verb, path.timeouts().ehlo());
            if (!manner.lmtp() && (reply.code() == 500 || reply.code() == 502)) {
                wire.say("HELO " + name);
                require(wire.reply("HELO", path.timeouts().ehlo()), 250, "HELO");
                offers = Capabilities.NONE;
            } else {
                require(reply, 250, verb);
                offers = Capabilities.of(reply);
            }
        }

        private void secure() throws BrokenLinkException {
            if (manner.tls() == EgressTls.DISABLED) {
                return;
            }
            if (!offers.has("STARTTLS")) {
                requireNoTls(Reply.of(451, "4.7.10", "TLS is required, and not offered"));
                return;
            }
            wire.say("STARTTLS");
            ServerReply reply = wire.reply("STARTTLS", path.timeouts().starttls());
            if (reply.code() != 220) {
                requireNoTls(reply.reply());
                return; // refused politely, and so as if it had not been offered
            }
            wire.secure(
                    clientTls,
                    candidate.host(),
                    manner.verifies(),
                    path.timeouts().starttls());
            try {
                hello(); // what was said in clear may have been said by anybody, RFC 3207 section 4.2
            } catch (BrokenLinkException e) {
                throw new BrokenLinkException.Handshake(e);
            }
        }

        private void requireNoTls(Reply reply) throws BrokenLinkException {
            if (manner.requires()) {
                wire.quit();
                throw new BrokenLinkException(reply, "STARTTLS");
            }
        }

        private void login(PlainLogin login) throws BrokenLinkException {
            boolean safe = wire.tls().isPresent() && manner.verifies();
            if (!safe && !path.allowSmtpAuthPlainWithoutTls()) {
                wire.quit();
                throw new BrokenLinkException(
                        Reply.of(451, "4.7.0", "no password is sent without TLS and a verified certificate"), "");
            }
            if (!offers.hasAuth("PLAIN")) {
                wire.quit();
                throw new BrokenLinkException(Reply.of(451, "4.7.0", "AUTH PLAIN is not offered"), "");
            }
            byte[] secret = ("\0" + login.username() + "\0" + login.password()).getBytes(StandardCharsets.UTF_8);
            wire.say("AUTH PLAIN " + Base64.getEncoder().encodeToString(secret));
            require(wire.reply("AUTH", path.timeouts().auth()), 235, "AUTH");
        }

        private void require(ServerReply reply, int code, String verb) throws BrokenLinkException {
            if (reply.code() != code) {
                if (reply.code() != 421) {
                    wire.quit();
                }
                throw new BrokenLinkException(reply.reply(), verb);
            }
        }

        private Attempt attempt() {
            return new Attempt(
                    manner.lmtp() ? "LMTP" : "ESMTP",
                    "",
                    "",
                    "",
                    Optional.of(wire.localAddress().getAddress()),
                    candidate.host(),
                    Optional.of(candidate.address()),
                    "",
                    HexFormat.of().toHexDigits(random.nextLong()),
                    wire.tls());
        }
    }
}
