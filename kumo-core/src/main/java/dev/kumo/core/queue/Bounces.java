package dev.kumo.core.queue;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.report.DsnWriter;
import dev.kumo.core.report.FailedDelivery;
import dev.kumo.core.report.MtaName;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Tells senders of mail that could not be delivered. */
@FunctionalInterface
interface Bounces {

    /** Nothing is left to be done. */
    CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    /** Tells nobody. */
    Bounces NONE = (message, failed) -> DONE;

    /**
     * Writes a report, if one is due, and sees to its safety.
     *
     * @param failed the recipients who will not get the message
     * @return completes once the report is safe or none is due
     */
    CompletionStage<Void> report(Message message, List<Share> failed);

    /** Sends reports, which are taken like any message. */
    static Bounces of(DsnWriter writer, InstantSource time, Function<List<Message>, CompletionStage<Void>> intake) {
        return (message, failed) -> {
            Optional<Message> report;
            try {
                report = writer.write(failure(message, failed, time.instant()));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
            return report.map(dsn -> intake.apply(List.of(dsn))).orElse(DONE);
        };
    }

    private static FailedDelivery failure(Message message, List<Share> failed, Instant now) {
        List<FailedDelivery.Recipient> recipients = new ArrayList<>();
        for (Share share : failed) {
            for (EnvelopeAddress recipient : share.recipients()) {
                recipients.add(recipient(recipient, share, now));
            }
        }
        return new FailedDelivery(
                message, recipients, Optional.of(message.id().created()), Optional.empty(), Optional.empty());
    }

    private static FailedDelivery.Recipient recipient(EnvelopeAddress address, Share share, Instant now) {
        String peer = share.attempt().peerName();
        FailedDelivery.Recipient told = FailedDelivery.Recipient.failed(address, share.reply(), MtaName.dns(peer), now);
        return peer.isEmpty()
                ? new FailedDelivery.Recipient(
                        told.address(),
                        told.action(),
                        told.status(),
                        told.reply(),
                        Optional.empty(),
                        told.lastAttempt(),
                        told.willRetryUntil(),
                        told.originalRecipient(),
                        told.notifyOn())
                : told;
    }
}
