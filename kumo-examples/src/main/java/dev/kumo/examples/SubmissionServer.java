package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/** Takes mail from those who show who they are, to anywhere; from all others nothing. */
record SubmissionServer(EsmtpListener listener, Mta mta) implements AutoCloseable {

    static SubmissionServer start(String address, Path maildir, Map<String, String> passwords) throws IOException {
        EsmtpListener listener = EsmtpListener.builder()
                .listen(address)
                .relayHosts()
                .policy(Policy.onAuthPlain((peer, credentials) ->
                        isRight(passwords.getOrDefault(credentials.authentication(), ""), credentials.password())))
                .policy(Policy.onListenerDomain((peer, domain) -> peer.identity()
                                .isPresent()
                        ? Optional.of(DomainOptions.builder().relayTo(true).build())
                        : Optional.empty()))
                .build();
        Mta mta = Mta.builder()
                .listener(listener)
                .delivery(Delivery.maildir(maildir))
                .build();
        mta.start();
        return new SubmissionServer(listener, mta);
    }

    /** In a time that does not tell how much of a guess was right. */
    private static boolean isRight(String password, String guess) {
        return !password.isEmpty() && MessageDigest.isEqual(password.getBytes(UTF_8), guess.getBytes(UTF_8));
    }

    @Override
    public void close() {
        mta.close();
    }
}
