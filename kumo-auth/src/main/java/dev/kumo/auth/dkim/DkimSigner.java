package dev.kumo.auth.dkim;

import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs mail for a domain with DKIM (RFC 6376, RFC 8301, RFC 8463), so that its receivers can tell that the domain answers for it.
 *
 * <pre>{@code
 * DkimSigner signer = DkimSigner.of(DkimOptions.builder()
 *         .domain("example.com")
 *         .selector("mail")
 *         .key("/etc/mail/dkim.pem")
 *         .build());
 * EsmtpListener.builder().policy(Policy.onMessageReceived((peer, message) -> signer.signOrRefuse(message)))
 * }</pre>
 *
 * <p>Sign as the last of all that changes a message, and only mail of those who may send as the domain: whoever gets a signature can send
 * the mail that it is for to everybody.
 *
 * <p>Signed is what leaves: a CR or LF of its own is taken for the end of a line, which is what delivery by SMTP makes of it, and a last line
 * without an end has one. A message is read once, in pieces; its body may have any size. A header may have 1 MiB and 10,000 fields.
 *
 * <p>Any number of threads may use a signer at once.
 */
public final class DkimSigner {

    private static final Logger LOG = LoggerFactory.getLogger(DkimSigner.class);
    private static final int MOST_SIGNED = 500;
    private static final int ADVISED_BITS = 2048;

    private final DkimOptions options;
    private final InstantSource time;
    private final RenewedKey key;
    private final Set<String> signed;

    private DkimSigner(Builder builder) throws IOException {
        this.options = builder.options;
        this.time = builder.time;
        this.signed = new LinkedHashSet<>(options.headers());
        this.key = new RenewedKey(
                options.key(),
                (content, source) -> read(content, source, builder.provider),
                options.ttl(),
                time,
                builder.executor);
    }

    /**
     * A signer.
     *
     * @param options what it signs, as whom, and with which key
     * @return the signer
     * @throws IOException if the key cannot be had; its text names the source and the mend
     * @throws IllegalArgumentException if it cannot sign: it is no private key, damaged, encrypted, of less than 1024 bits, or not
     *     of the {@link DkimOptions#algorithm}
     */
    public static DkimSigner of(DkimOptions options) throws IOException {
        return builder(options).build();
    }

    /**
     * Starts a signer.
     *
     * @param options what it signs, as whom, and with which key
     * @return the builder
     */
    public static Builder builder(DkimOptions options) {
        return new Builder(options);
    }

    private SigningKey read(byte[] content, String source, @Nullable Provider provider) {
        SigningKey read = KeyReader.read(content, source, provider);
        options.algorithm().filter(only -> only != read.algorithm()).ifPresent(only -> {
            throw new IllegalArgumentException(
                    source + " holds a key for " + read.algorithm().tag() + ", not for " + only.tag()
                            + "; give it a key of that kind, or another algorithm");
        });
        if (read.algorithm() == DkimAlgorithm.RSA_SHA256 && read.bits() < ADVISED_BITS) {
            LOG.warn(
                    "the DKIM key of {} has {} bits; RFC 8301 section 3.2 advises {}",
                    source,
                    read.bits(),
                    ADVISED_BITS);
        }
        return read;
    }

    /**
     * Signs a message and puts the signature above all its header fields. Its content is read once and not copied.
     *
     * @param message all of it, with the fields put on top
     * @throws UnsignableException as {@link #signature} does; the message is as it was
     * @throws UncheckedIOException if the store that holds the content fails
     */
    public void sign(Message message) {
        message.prependHeader(SignatureField.NAME, signature(message));
    }

    /**
     * Signs a message, or says why it cannot be: what a policy answers that signs.
     *
     * @param message all of it, with the fields put on top
     * @return to proceed, or a refusal with {@code 554 5.6.0}
     * @throws UncheckedIOException if the store that holds the content fails
     */
    public Verdict signOrRefuse(Message message) {
        try {
            sign(message);
            return Verdict.proceed();
        } catch (UnsignableException e) {
            return Verdict.reject(e.reply());
        }
    }

    /**
     * The signature of a message, which stays as it is. All fields of a name in {@link DkimOptions#headers} are signed, the
     * lowest first (RFC 6376 section 5.4.2); names that it lacks are not mentioned, unless {@link DkimOptions#overSign}
     * or a name that is given more than once says so.
     *
     * @param message all of it, with the fields put on top
     * @return the value of its field {@code DKIM-Signature}, folded
     * @throws UnsignableException if it has no field {@code From} or several of them, since it would be in doubt for whom the signature
     *     speaks (RFC 6376 sections 5.4 and 8.15), if a line of its header is no field, so that receivers disagree on where the body
     *     begins, or if its header is too large, or has more than 500 fields to be signed
     * @throws UncheckedIOException if the store that holds the content fails
     */
    public String signature(Message message) {
        Reading reading = new Reading(new BodyHash(options.bodyCanonicalization(), SigningKey.sha256()));
        try {
            message.writeTo(reading);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return signature(reading.header(), reading.body.end());
    }

    private String signature(HeaderBlock header, byte[] bodyHash) {
        UnsignableException.unlessOneFrom(header.fields("From").size());
        List<String> names = new ArrayList<>();
        ByteArrayOutputStream data = new ByteArrayOutputStream(2048);
        for (String name : signed) {
            List<byte[]> fields = header.fields(name);
            for (int i = fields.size() - 1; i >= 0; i--) {
                HeaderForm.add(options.headerCanonicalization(), fields.get(i), data);
            }
            names.addAll(Collections.nCopies(times(name, fields.size()), name));
            if (names.size() > MOST_SIGNED) {
                throw new UnsignableException("it has more than " + MOST_SIGNED + " header fields to be signed");
            }
        }
        SigningKey now = key.current();
        SignatureField field = field(now.algorithm(), names, bodyHash);
        HeaderForm.add(options.headerCanonicalization(), field.field().getBytes(StandardCharsets.US_ASCII), data);
        return field.end(base64(signed(now, data.toByteArray()))).toString();
    }

    /** How often a name is in the signature: each time beyond its fields says that there is none, RFC 6376 section 5.4.2. */
    private int times(String name, int fields) {
        int given = Collections.frequency(options.headers(), name);
        int least = options.overSign() ? fields + 1 : fields;
        return given > 1 ? Math.max(given, least) : least;
    }

    private SignatureField field(DkimAlgorithm algorithm, List<String> names, byte[] bodyHash) {
        long now = time.instant().getEpochSecond();
        SignatureField field = new SignatureField()
                .tag("v", "1")
                .tag("a", algorithm.tag())
                .tag(
                        "c",
                        options.headerCanonicalization().tag() + "/"
                                + options.bodyCanonicalization().tag())
                .tag("d", options.domain())
                .tag("s", options.selector())
                .tag("t", Long.toString(now));
        options.expiration().ifPresent(lasts -> field.tag("x", Long.toString(now + lasts.toSeconds())));
        options.agentUserIdentifier().ifPresent(user -> field.tag("i", AgentUser.quoted(user)));
        options.atps().ifPresent(domain -> field.tag("atps", domain));
        options.atpsh().ifPresent(hash -> field.tag("atpsh", hash));
        if (options.reporting()) {
            field.tag("r", "y");
        }
        return field.list("h", names).tag("bh", base64(bodyHash)).last("b");
    }

    private byte[] signed(SigningKey now, byte[] data) {
        try {
            return now.sign(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with the key of " + options.key() + ": " + e.getMessage(), e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * What it signs, as whom, and where its key comes from.
     *
     * @return the options
     */
    public DkimOptions options() {
        return options;
    }

    /**
     * Where the DNS has to have the public key.
     *
     * @return the name of a TXT record, such as {@code mail._domainkey.example.com}
     */
    public String recordName() {
        return options.selector() + "._domainkey." + options.domain();
    }

    /**
     * What the DNS has to have there, RFC 6376 section 3.6.1.
     *
     * @return the text of the TXT record; files of zones want it in pieces of at most 255 characters
     */
    public String record() {
        SigningKey now = key.current();
        return "v=DKIM1; k=" + now.algorithm().keyType() + "; p=" + base64(now.published());
    }

    /** The name of its record and the kind of its key. */
    @Override
    public String toString() {
        return "DkimSigner " + recordName() + " (" + key.current() + ")";
    }

    /** A message as it passes by: the header is kept, the body goes into its hash. */
    private static final class Reading extends OutputStream {

        private final HeaderBlock header = new HeaderBlock();
        private final BodyHash body;

        Reading(BodyHash body) {
            this.body = body;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int from = header.hasEnded() ? offset : header.add(bytes, offset, offset + length);
            body.add(bytes, from, offset + length);
        }

        HeaderBlock header() {
            header.end();
            return header;
        }
    }

    /** Collects what a signer is made of beside its options. */
    public static final class Builder {

        private final DkimOptions options;
        private InstantSource time = InstantSource.system();
        private Executor executor = Builder::onThreadOfItsOwn;
        private @Nullable Provider provider;

        private Builder(DkimOptions options) {
            this.options = options;
        }

        /** Needed for a moment once in minutes, and may wait for Vault. */
        private static void onThreadOfItsOwn(Runnable look) {
            Thread thread = new Thread(look, "kumo-dkim-key");
            thread.setDaemon(true);
            thread.start();
        }

        /**
         * Sets the clock.
         *
         * @param source of the times {@code t=} and {@code x=}, and of {@link DkimOptions#ttl}
         * @return this
         */
        public Builder time(InstantSource source) {
            time = source;
            return this;
        }

        /**
         * Sets where a key is read again after its {@link DkimOptions#ttl}.
         *
         * @param runs tasks that may block; default a thread for each
         * @return this
         */
        public Builder executor(Executor runs) {
            executor = runs;
            return this;
        }

        /**
         * Sets who does the work of RSA; Ed25519 is done by Bouncy Castle.
         *
         * @param signs has {@code SHA256withRSA}; default the JVM's. Conscrypt needs half of its time
         * @return this
         */
        public Builder provider(Provider signs) {
            provider = signs;
            return this;
        }

        /**
         * Reads the key, and ends the signer. This may block, as {@link dev.kumo.tls.KeySource#read} does.
         *
         * @return the signer
         * @throws IOException if the key cannot be had; its text names the source and the mend
         * @throws IllegalArgumentException if it cannot sign
         */
        public DkimSigner build() throws IOException {
            return new DkimSigner(this);
        }
    }
}
