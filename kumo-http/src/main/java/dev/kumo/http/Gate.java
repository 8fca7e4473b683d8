package dev.kumo.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.kumo.core.net.CidrSet;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.secret.Credentials;
import dev.kumo.http.secret.Digests;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Decides who may use a route. Credentials that were accepted are remembered for a while, under a keyed digest: neither
 * they themselves nor the time of a lookup can tell what they are. Those that were refused are asked about each time.
 */
final class Gate {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int MOST_REMEMBERED = 1024;

    private final CidrSet trustedHosts;
    private final Policies policies;
    private final byte[] key = Digests.newKey();
    private final Cache<ByteBuffer, String> users;
    private final Semaphore asking;

    /**
     * One that has let nobody in.
     *
     * @param mostAsking how many credentials policies look at at once; they are anybody's, so that policies which wait
     *     could take every place there is
     */
    Gate(CidrSet trustedHosts, Policies policies, int mostAsking, Ticker ticker) {
        this.trustedHosts = trustedHosts;
        this.policies = policies;
        this.asking = new Semaphore(mostAsking);
        this.users = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(REMEMBERED)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** Whether a client of this address needs no credentials. */
    boolean trusts(InetAddress address) {
        return trustedHosts.contains(address);
    }

    /** Who is at the other end, before it has shown anything. */
    Caller caller(InetSocketAddress client, InetSocketAddress server) {
        return new Caller(client, server, trusts(client.getAddress()), Optional.empty());
    }

    /** Whether a policy has to be asked, which may block. */
    boolean mustAsk(Access access, List<String> authorization) {
        return access == Access.AUTHENTICATED
                && !authorization.isEmpty()
                && (policies.knowBasic() || policies.knowBearer());
    }

    /**
     * Lets a caller in. Where no credentials would help the answer is 403: a 401 has to name some that do (RFC 9110 section
     * 15.5.2).
     *
     * @return the caller, with its name if it has shown who it is
     * @throws RefusedException if it may not
     */
    Caller admit(Access access, Caller caller, List<String> authorization) {
        if (access == Access.OPEN || access == Access.TRUSTED && caller.trusted()) {
            return caller;
        }
        if (!mustAsk(access, authorization)) {
            if (caller.trusted()) {
                return caller;
            }
            throw access == Access.TRUSTED || !policies.knowBasic() && !policies.knowBearer()
                    ? new RefusedException(
                            403, "only trusted_hosts may use this, and " + caller.address() + " is none of them")
                    : unauthorized(
                            "it needs credentials, or an address that is one of trusted_hosts; send Authorization: "
                                    + schemes());
        }
        Optional<Credentials> credentials =
                authorization.size() == 1 ? Credentials.parse(authorization.get(0)) : Optional.empty();
        Optional<String> user = credentials.flatMap(shown -> user(caller, shown));
        // A trusted host needs no credentials, so that wrong ones take nothing from it but the name.
        if (user.isEmpty() && !caller.trusted()) {
            throw unauthorized(
                    credentials.isPresent()
                            ? "the credentials were not accepted"
                            : "Authorization cannot be read; send it once, as " + schemes());
        }
        return user.map(caller::withUser).orElse(caller);
    }

    private Optional<String> user(Caller caller, Credentials credentials) {
        ByteBuffer remembered = ByteBuffer.wrap(
                credentials instanceof Credentials.Basic basic
                        ? Digests.keyed(key, caller.address(), "Basic", basic.user, basic.password)
                        : Digests.keyed(key, caller.address(), "Bearer", ((Credentials.Bearer) credentials).token));
        String known = users.getIfPresent(remembered);
        if (known != null) {
            return Optional.of(known);
        }
        if (!asking.tryAcquire()) {
            throw new RefusedException(Answer.problem(503, "too many credentials are looked at; try again later")
                    .header("Retry-After", "1"));
        }
        Optional<String> user;
        try {
            user = ask(caller, credentials);
        } finally {
            asking.release();
        }
        user.ifPresent(name -> users.put(remembered, name));
        return user;
    }

    private Optional<String> ask(Caller caller, Credentials credentials) {
        if (credentials instanceof Credentials.Basic basic) {
            return policies.validateAuthBasic(caller, basic.user, basic.password)
                    ? Optional.of(basic.user)
                    : Optional.empty();
        }
        return policies.validateAuthBearer(caller, ((Credentials.Bearer) credentials).token);
    }

    private String schemes() {
        String basic = policies.knowBasic() ? "Basic with the base64 of user:password" : "";
        String bearer = policies.knowBearer() ? "Bearer with a token" : "";
        return basic + (basic.isEmpty() || bearer.isEmpty() ? "" : ", or ") + bearer;
    }

    /** RFC 9110 section 11.6.1: a 401 names the schemes that would do. */
    private RefusedException unauthorized(String detail) {
        Answer answer = Answer.problem(401, detail);
        if (policies.knowBasic()) {
            answer = answer.header("WWW-Authenticate", "Basic realm=\"kumo\", charset=\"UTF-8\"");
        }
        if (policies.knowBearer()) {
            answer = answer.header("WWW-Authenticate", "Bearer realm=\"kumo\"");
        }
        return new RefusedException(answer);
    }
}
