package dev.kumo.examples;

import dev.kumo.core.Reception;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.util.function.Consumer;

/** A listener inside an application. The client hears 250 only once the function has returned. */
final class EmbedInApplication {

    private EmbedInApplication() {}

    static EsmtpListener open(String address, Consumer<Message> helpDesk) throws IOException {
        EsmtpListener listener = EsmtpListener.builder()
                .listen(address)
                .domain("help.example.com", domain -> domain.relayTo(true))
                .build();
        listener.open(Reception.of(message -> {
            helpDesk.accept(message);
            return Reply.OK;
        }));
        return listener;
    }
}
