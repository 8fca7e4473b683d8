package dev.kumo.examples;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A gateway with a say in Java: it refuses mail for those who have left, and puts the rest into a Maildir. */
record GatewayWithPolicy(EsmtpListener listener, Mta mta) implements AutoCloseable {

    static GatewayWithPolicy start(String address, Path maildir, Set<EnvelopeAddress> left) throws IOException {
        EsmtpListener listener = EsmtpListener.builder()
                .listen(address)
                .domain("example.com", domain -> domain.relayTo(true))
                .policy(Policy.onRcptTo((peer, to) -> left.contains(to.address())
                        ? Verdict.reject(550, "5.1.1", "no longer with us")
                        : Verdict.proceed()))
                .build();
        Mta mta = Mta.builder()
                .listener(listener)
                .delivery(Delivery.maildir(maildir))
                .build();
        mta.start();
        return new GatewayWithPolicy(listener, mta);
    }

    @Override
    public void close() {
        mta.close();
    }
}
