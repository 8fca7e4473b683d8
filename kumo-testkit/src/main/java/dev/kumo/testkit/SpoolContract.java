package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Schedule;
import dev.kumo.core.spool.Draft;
import dev.kumo.core.spool.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Spool} has to do. The test of an engine extends this, and says how to make one:
 *
 * <pre>{@code
 * class MySpoolTest extends SpoolContract {
 *     protected Spool open() {
 *         return new MySpool();
 *     }
 * }
 * }</pre>
 *
 * <p>What is asked of a spool after a restart is skipped for one that is not {@linkplain Spool#isDurable() durable}.
 */
public abstract class SpoolContract {

    private static final Instant NOW = Instant.parse("2026-11-22T10:15:30Z");
    private static final EnvelopeAddress SENDER = EnvelopeAddress.parse("sender@example.com");
    private static final EnvelopeAddress RECIPIENT = EnvelopeAddress.parse("recipient@example.org");
    private static final EnvelopeAddress OTHER = EnvelopeAddress.parse("\"o. ther\"@example.net");
    private static final byte[] TEXT = "Subject: hello\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);

    private @Nullable Spool spool;

    /** For those who extend this. */
    protected SpoolContract() {}

    /**
     * Makes a spool.
     *
     * @return empty, with room for at least 16 MiB
     * @throws Exception fails the test
     */
    protected abstract Spool open() throws Exception;

    /**
     * Opens a durable spool again. Fails unless overridden.
     *
     * @param closed a spool from {@link #open}, after its end
     * @return with what was in that one
     * @throws Exception fails the test
     */
    protected Spool reopen(Spool closed) throws Exception {
        throw new UnsupportedOperationException("a durable spool is opened again; override reopen");
    }

    /**
     * Opens the spool of a test.
     *
     * @throws Exception fails the test
     */
    @BeforeEach
    public final void openSpool() throws Exception {
        spool = open();
    }

    /** Closes the spool of a test. */
    @AfterEach
    public final void closeSpool() {
        spool().close();
    }

    private Spool spool() {
        if (spool == null) {
            throw new IllegalStateException("the spool was not opened");
        }
        return spool;
    }

    private static void await(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void store(Message... messages) throws Exception {
        await(spool().store(List.of(messages)));
    }

    private void restart() throws Exception {
        assumeTrue(spool().isDurable(), "the spool is not durable");
        spool().close();
        spool = reopen(spool());
    }

    private List<Spool.Stored> stored() throws IOException {
        try (Stream<Spool.Stored> stream = spool().enumerate()) {
            return stream.toList();
        }
    }

    private List<MessageId> ids() throws IOException {
        return stored().stream().map(Spool.Stored::id).toList();
    }

    private Message loaded(int number) throws IOException {
        return spool().load(id(number)).orElseThrow(() -> new AssertionError("message " + number + " is missing"));
    }

    private static MessageId id(int number) {
        return MessageId.next(NOW.plusMillis(number), new SplittableRandom(number));
    }

    private static Message message(int number) {
        return message(number, Content.of(TEXT));
    }

    private static Message message(int number, Content content) {
        return new Message(id(number), Envelope.of(SENDER, RECIPIENT), new Meta(), content);
    }

    private static Message richMessage(int number) {
        Meta meta = new Meta()
                .put("tenant", "acme")
                .put("campaign", "spring")
                .put("x_text", "drüben \uD83D\uDE00")
                .put("x_flag", true)
                .put("x_whole", 7)
                .put("x_long", 1L << 40)
                .put("x_real", 0.1)
                .put("x_exact", new BigDecimal("12345678901234567890.123"))
                .put("x_list", List.of("a", 1, List.of(false)))
                .put("x_table", Map.of("k", Map.of("inner", "v")));
        Message message = new Message(
                id(number),
                new Envelope(EnvelopeAddress.NULL_SENDER, List.of(RECIPIENT, OTHER), true),
                meta,
                Content.of(TEXT));
        message.prependHeader("X-First", "1");
        message.prependHeader("Received", "from somewhere\r\n\tby here; größer");
        message.prependHeader("X-Top", "");
        message.setSchedule(new Schedule(NOW.plusNanos(123_456_789), 3));
        return message;
    }

    private static byte[] bytes(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        return out.toByteArray();
    }

    private static void assertSame(Message actual, Message expected) throws IOException {
        assertThat(actual.id()).isEqualTo(expected.id());
        assertThat(actual.envelope()).isEqualTo(expected.envelope());
        assertThat(actual.meta()).isEqualTo(expected.meta());
        assertThat(actual.schedule()).isEqualTo(expected.schedule());
        assertThat(actual.queue()).isEqualTo(expected.queue());
        assertThat(actual.size()).isEqualTo(expected.size());
        assertThat(bytes(actual)).isEqualTo(bytes(expected));
        try (InputStream in = actual.open()) {
            assertThat(in.readAllBytes()).isEqualTo(bytes(expected));
        }
    }

    /**
     * A message comes back with envelope, meta data, header fields, schedule, and content.
     *
     * @throws Exception if not
     */
    @Test
    public void loadsWhatWasStored() throws Exception {
        store(richMessage(1));

        assertSame(loaded(1), richMessage(1));
    }

    /**
     * A message that was never stored is not found.
     *
     * @throws Exception if it is
     */
    @Test
    public void findsNothingElse() throws Exception {
        store(message(1));

        assertThat(spool().load(id(2))).isEmpty();
    }

    /**
     * The order is that in which messages came, not that of their ids.
     *
     * @throws Exception if not
     */
    @Test
    public void enumeratesInOrderOfArrival() throws Exception {
        store(message(3));
        store(message(1), message(4));
        store(message(2));

        assertThat(ids()).containsExactly(id(3), id(1), id(4), id(2));
    }

    /**
     * A message is named with its queue and schedule.
     *
     * @throws Exception if not
     */
    @Test
    public void enumeratesQueueAndSchedule() throws Exception {
        Message odd = message(2);
        odd.meta().put("campaign", "a:b!c").put("tenant", "d@e").put("routing_domain", "f.example!g");
        store(richMessage(1), odd);

        assertThat(stored()).containsExactly(Spool.Stored.of(richMessage(1)), Spool.Stored.of(odd));
    }

    /**
     * A message that was removed is not found.
     *
     * @throws Exception if it is
     */
    @Test
    public void forgetsWhatWasRemoved() throws Exception {
        store(message(1), message(2));
        await(spool().remove(id(1)));

        assertThat(spool().load(id(1))).isEmpty();
        assertThat(ids()).containsExactly(id(2));
    }

    /**
     * To remove or update what is not in the spool does nothing.
     *
     * @throws Exception if it does
     */
    @Test
    public void whatIsNotInTheSpoolCannotBeChanged() throws Exception {
        store(message(1));
        await(spool().remove(id(2)));
        await(spool().update(message(2)));
        await(spool().remove(id(1)));
        await(spool().remove(id(1)));
        await(spool().update(message(1)));

        assertThat(ids()).isEmpty();
    }

    /**
     * To store no messages does nothing.
     *
     * @throws Exception if it does
     */
    @Test
    public void storesNoneIfThereAreNone() throws Exception {
        store();

        assertThat(ids()).isEmpty();
    }

    /**
     * An id that is in the spool is refused, and all that came with it.
     *
     * @throws Exception if not
     */
    @Test
    public void refusesAnIdThatIsThereAlready() throws Exception {
        store(message(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> spool().store(List.of(message(2), message(1), message(3))))
                .withMessageContaining(id(1).text());
        assertThat(ids()).containsExactly(id(1));
        store(message(2), message(3));
    }

    /**
     * An id that comes twice is refused, and all that came with it.
     *
     * @throws Exception if not
     */
    @Test
    public void refusesAnIdThatComesTwice() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spool().store(List.of(message(1), message(2), message(1))));
        assertThat(ids()).isEmpty();
        store(message(1), message(2));
    }

    /**
     * An id may be used again after the message was removed.
     *
     * @throws Exception if not
     */
    @Test
    public void storesAgainWhatWasRemoved() throws Exception {
        store(message(1), message(2));
        await(spool().remove(id(1)));
        Content other = Content.of(new byte[] {1, 2, 3});
        store(message(1, other));

        assertThat(ids()).containsExactly(id(2), id(1));
        assertSame(loaded(1), message(1, other));
    }

    /**
     * What has changed of a message is kept, and its place in the order.
     *
     * @throws Exception if not
     */
    @Test
    public void keepsWhatHasChanged() throws Exception {
        store(message(1), message(2));
        Message message = loaded(1);
        change(message);
        await(spool().update(message));

        Message expected = message(1);
        change(expected);
        assertSame(loaded(1), expected);
        assertThat(stored()).containsExactly(Spool.Stored.of(expected), Spool.Stored.of(message(2)));
    }

    private static void change(Message message) {
        message.setSender(OTHER);
        message.setRecipients(List.of(OTHER, RECIPIENT));
        message.meta().put("tenant", "other");
        message.prependHeader("X-More", "later");
        message.setSchedule(new Schedule(NOW.plusSeconds(60), 1));
    }

    /**
     * Messages that share a content each have it, as long as one of them is there.
     *
     * @throws Exception if not
     */
    @Test
    public void messagesMayShareAContent() throws Exception {
        Content shared = Content.of(new byte[100_000]);
        store(message(1, shared), message(2), message(3, shared));
        await(spool().remove(id(1)));

        assertSame(loaded(3), message(3, shared));
        assertSame(loaded(2), message(2));
    }

    /**
     * A message may get a content that is in the spool already, and keeps it when the other message is removed.
     *
     * @throws Exception if not
     */
    @Test
    public void aMessageThatWasLoadedCanBeStoredUnderAnotherName() throws Exception {
        store(richMessage(1));
        Message copy = loaded(1).copyFor(id(2), List.of(OTHER));
        store(copy);
        await(spool().remove(id(1)));

        assertSame(loaded(2), richMessage(1).copyFor(id(2), List.of(OTHER)));
    }

    /**
     * Content may be of any length.
     *
     * @throws Exception if not
     */
    @Test
    public void keepsContentOfAnyLength() throws Exception {
        int number = 1;
        for (int length : new int[] {0, 1, 1023, 65_536, 131_072 - 56, 131_072, 1_000_003, 5 << 20}) {
            byte[] content = new byte[length];
            new SplittableRandom(length).nextBytes(content);
            store(message(number, Content.of(content)));
            assertSame(loaded(number), message(number, Content.of(content)));
            number++;
        }
    }

    /**
     * What was written to a draft can be stored.
     *
     * @throws Exception if not
     */
    @Test
    public void keepsWhatCameAsADraft() throws Exception {
        byte[] text = new byte[200_000];
        Arrays.fill(text, (byte) 'x');
        Draft draft = spool().draft();
        for (int from = 0; from < text.length; from += 1_000) {
            draft.append(ByteBuffer.wrap(text, from, 1_000));
        }
        store(message(1, draft.finish()));
        Draft dropped = spool().draft();
        dropped.append(ByteBuffer.wrap(text));
        dropped.discard();

        assertSame(loaded(1), message(1, Content.of(text)));
    }

    /**
     * Any number of threads may use it at once.
     *
     * @throws Exception if not
     */
    @Test
    public void isSharedByThreads() throws Exception {
        int threads = 4;
        int rounds = 50;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> done = new ArrayList<>();
            IntStream.range(0, threads)
                    .forEach(thread -> done.add(executor.submit(() -> {
                        for (int i = 0; i < rounds; i++) {
                            int number = thread * rounds + i;
                            store(message(number));
                            Message message = loaded(number);
                            message.setSchedule(new Schedule(NOW, i));
                            await(spool().update(message));
                            assertThat(loaded(number).schedule().attempts()).isEqualTo(i);
                            if (i > 0) {
                                await(spool().remove(id(number)));
                            }
                        }
                        return null;
                    })));
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(ids())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, threads)
                        .mapToObj(thread -> id(thread * rounds))
                        .toList());
    }

    /**
     * A durable spool has after a restart what it had before.
     *
     * @throws Exception if not
     */
    @Test
    public void outlivesARestart() throws Exception {
        Content shared = Content.of(new byte[10_000]);
        store(richMessage(3), message(1, shared), message(2, shared));
        Message changed = loaded(1);
        change(changed);
        await(spool().update(changed));
        store(message(4));
        await(spool().remove(id(4)));
        restart();

        Message expected = message(1, shared);
        change(expected);
        assertThat(stored())
                .containsExactly(
                        Spool.Stored.of(richMessage(3)), Spool.Stored.of(expected), Spool.Stored.of(message(2)));
        assertSame(loaded(3), richMessage(3));
        assertSame(loaded(1), expected);
        assertSame(loaded(2), message(2, shared));
        assertThat(spool().load(id(4))).isEmpty();
    }

    /**
     * After a restart, messages that come are put behind those that are there.
     *
     * @throws Exception if not
     */
    @Test
    public void goesOnAfterARestart() throws Exception {
        store(message(2));
        restart();
        store(message(1));
        await(spool().remove(id(2)));
        store(message(2));
        restart();
        restart();

        assertThat(ids()).containsExactly(id(1), id(2));
        assertThatIllegalArgumentException().isThrownBy(() -> spool().store(List.of(message(1))));
    }

    /**
     * To close it twice does nothing.
     *
     * @throws Exception if it does
     */
    @Test
    public void closesTwice() throws Exception {
        store(message(1));
        spool().close();
        spool().close();
    }
}
