package dev.kumo.examples;

import dev.kumo.auth.dkim.DkimOptions;
import dev.kumo.auth.dkim.DkimSigner;
import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.io.IOException;

/** Relays for the machines inside, and signs what leaves. */
record SigningRelay(EsmtpListener listener, Mta mta) implements AutoCloseable {

    static SigningRelay start(String address, String keyFile, Delivery delivery) throws IOException {
        DkimSigner signer = DkimSigner.of(DkimOptions.builder()
                .domain("example.com")
                .selector("mail")
                .key(keyFile)
                .build());
        EsmtpListener listener = EsmtpListener.builder()
                .listen(address)
                .relayHosts("127.0.0.1", "10.0.0.0/8")
                .policy(Policy.onMessageReceived((peer, message) -> signer.signOrRefuse(message)))
                .build();
        Mta mta = Mta.builder().listener(listener).delivery(delivery).build();
        mta.start();
        return new SigningRelay(listener, mta);
    }

    @Override
    public void close() {
        mta.close();
    }
}
