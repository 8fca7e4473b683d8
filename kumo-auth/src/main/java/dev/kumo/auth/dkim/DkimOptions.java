package dev.kumo.auth.dkim;

import dev.kumo.core.mail.DomainName;
import dev.kumo.core.net.DurationText;
import dev.kumo.tls.KeySource;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DkimSigner} signs, as whom, with which key: the keys of {@code kumo.dkim.rsa_sha256_signer} and {@code kumo.dkim.ed25519_signer}.
 *
 * @param domain {@code domain}: who answers for the mail, tag {@code d=}; in A-labels. Receivers that ask for alignment (DMARC) want the domain of
 *     {@code From}, or one above it. Required
 * @param selector {@code selector}: which of the domain's keys it is, tag {@code s=}: the DNS has its public key at
 *     {@code selector._domainkey.domain}. Required
 * @param key {@code key}: where the private key comes from: PEM or DER of PKCS#8, or for RSA of PKCS#1. Required
 * @param algorithm {@code algorithm}: how it signs, a key of our own; a key of another kind is refused. Default that of the key
 * @param headers {@code headers}: the header fields that are signed, {@code From} among them; every field of these names. A name that is given more
 *     than once is in the signature at least as often, so that with {@code From, From} no second one can be added. Default {@link #DEFAULT_HEADERS}
 * @param overSign {@code over_sign}: whether the signature also says that there are no more fields of these names (RFC 6376 section 8.15). Default false
 * @param headerCanonicalization {@code header_canonicalization}: what the header may suffer on its way. Default {@link Canonicalization#RELAXED}
 * @param bodyCanonicalization {@code body_canonicalization}: what the body may suffer on its way. Default {@link Canonicalization#RELAXED}
 * @param expiration {@code expiration}: how long a signature holds, in whole seconds, 1 second to 36,500 days, tag {@code x=}. Default without end
 * @param agentUserIdentifier {@code agent_user_identifier}: on whose behalf the domain signs, tag {@code i=}: {@code @domain}, or with a local part
 *     before it; the domain is {@code domain} or one below it. Default none
 * @param atps {@code atps}: the domain that has authorised {@code domain} to sign for it, RFC 6541. Default none
 * @param atpsh {@code atpsh}: how that domain's record names {@code domain}: {@code none} or {@code sha256}. Required with {@code atps}
 * @param reporting {@code reporting}: whether the domain wants reports of failures, tag {@code r=y}, RFC 6651. Default false
 * @param ttl {@code ttl}: how long the key is used before its source is looked at again; in whole seconds, 1 second to 36,500 days. Default 5 minutes
 */
public record DkimOptions(
        String domain,
        String selector,
        KeySource key,
        Optional<DkimAlgorithm> algorithm,
        List<String> headers,
        boolean overSign,
        Canonicalization headerCanonicalization,
        Canonicalization bodyCanonicalization,
        Optional<Duration> expiration,
        Optional<String> agentUserIdentifier,
        Optional<String> atps,
        Optional<String> atpsh,
        boolean reporting,
        Duration ttl) {

    /** Those that tell a reader what a mail says, of whom, and how it is to be shown: RFC 6376 section 5.4.1, RFC 8058 section 4. */
    public static final List<String> DEFAULT_HEADERS = List.of(
            "From",
            "Reply-To",
            "Subject",
            "Date",
            "To",
            "Cc",
            "Message-ID",
            "In-Reply-To",
            "References",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
            "List-Id",
            "List-Unsubscribe",
            "List-Unsubscribe-Post");

    private static final int LONGEST_QUERY = 253;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * Checks each, and what belongs together.
     *
     * @param domain who signs
     * @param selector which key it is
     * @param key the private key
     * @param algorithm the only one
     * @param headers what is signed of the header
     * @param overSign whether none can be added
     * @param headerCanonicalization form of the header
     * @param bodyCanonicalization form of the body
     * @param expiration how long it holds
     * @param agentUserIdentifier on whose behalf
     * @param atps who authorised it
     * @param atpsh how
     * @param reporting whether failures are reported
     * @param ttl how long the key is used
     * @throws IllegalArgumentException if the parts contradict each other, or one is none
     */
    public DkimOptions {
        domain = DomainName.normalize(domain);
        selector = DomainName.normalize(selector);
        if (selector.length() + domain.length() + "._domainkey.".length() > LONGEST_QUERY) {
            throw new IllegalArgumentException("selector and domain are too long: '" + selector + "._domainkey."
                    + domain + "' has more than " + LONGEST_QUERY + " characters");
        }
        headers = HeaderName.signed(headers);
        expiration.ifPresent(time -> requireSeconds("expiration", time));
        requireSeconds("ttl", ttl);
        agentUserIdentifier = agentUserIdentifier.map(AgentUser::normalized);
        AgentUser.requireWithin(domain, agentUserIdentifier);
        atps = atps.map(DomainName::normalize);
        atpsh.ifPresent(DkimOptions::requireHash);
        if (atps.isPresent() != atpsh.isPresent()) {
            throw new IllegalArgumentException(
                    "atps and atpsh belong together (RFC 6541 section 4.1); set atpsh to 'none' or 'sha256' and atps to the"
                            + " domain that authorises this one, or leave out both");
        }
    }

    private static void requireSeconds(String key, Duration time) {
        if (time.toSeconds() < 1 || time.compareTo(LONGEST) > 0 || !time.equals(time.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException(key + " must be 1s to " + LONGEST.toDays() + "d in whole seconds, not "
                    + (time.isNegative() ? time : DurationText.format(time))
                    + "; set it to such a time, or leave it out");
        }
    }

    private static void requireHash(String name) {
        if (!name.equals("none") && !name.equals("sha256")) {
            throw new IllegalArgumentException("atpsh must be 'none' or 'sha256', not " + Printable.quoted(name));
        }
    }

    /**
     * Starts from the defaults; {@code domain}, {@code selector} and {@code key} have to be set.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; one setter for each key. */
    public static final class Builder {

        private @Nullable String domain;
        private @Nullable String selector;
        private @Nullable KeySource key;
        private Optional<DkimAlgorithm> algorithm = Optional.empty();
        private List<String> headers = DEFAULT_HEADERS;
        private boolean overSign;
        private Canonicalization headerCanonicalization = Canonicalization.RELAXED;
        private Canonicalization bodyCanonicalization = Canonicalization.RELAXED;
        private Optional<Duration> expiration = Optional.empty();
        private Optional<String> agentUserIdentifier = Optional.empty();
        private Optional<String> atps = Optional.empty();
        private Optional<String> atpsh = Optional.empty();
        private boolean reporting;
        private Duration ttl = Duration.ofMinutes(5);

        private Builder() {}

        /**
         * Sets {@code domain}.
         *
         * @param name who answers for the mail; U-labels become A-labels
         * @return this
         * @throws IllegalArgumentException if it is no domain name
         */
        public Builder domain(String name) {
            domain = DomainName.normalize(name);
            return this;
        }

        /**
         * Sets {@code selector}.
         *
         * @param name one or more labels
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder selector(String name) {
            selector = DomainName.normalize(name);
            return this;
        }

        /**
         * Sets {@code key}.
         *
         * @param source where the private key comes from
         * @return this
         */
        public Builder key(KeySource source) {
            key = source;
            return this;
        }

        /**
         * Sets {@code key}.
         *
         * @param file the path of a file with the private key
         * @return this
         * @throws IllegalArgumentException if it is no path, but empty or the PEM text itself
         */
        public Builder key(String file) {
            return key(KeySource.file(file));
        }

        /**
         * Sets {@code key}.
         *
         * @param table sets the keys of the source, such as {@code key_data}
         * @return this
         * @throws IllegalArgumentException if they do not make a source
         */
        public Builder key(Consumer<KeySource.Builder> table) {
            return key(KeySource.of(table));
        }

        /**
         * Sets {@code algorithm}.
         *
         * @param only how it signs; a key of another kind is refused
         * @return this
         */
        public Builder algorithm(DkimAlgorithm only) {
            algorithm = Optional.of(only);
            return this;
        }

        /**
         * Sets {@code headers}.
         *
         * @param names of header fields, in any case
         * @return this
         * @throws IllegalArgumentException if one cannot be signed, or {@code From} is not among them
         */
        public Builder headers(String... names) {
            return headers(List.of(names));
        }

        /**
         * Sets {@code headers}.
         *
         * @param names of header fields, in any case
         * @return this
         * @throws IllegalArgumentException if one cannot be signed, or {@code From} is not among them
         */
        public Builder headers(List<String> names) {
            headers = HeaderName.signed(names);
            return this;
        }

        /**
         * Sets {@code over_sign}.
         *
         * @param over whether the signature breaks if a field of these names is added
         * @return this
         */
        public Builder overSign(boolean over) {
            overSign = over;
            return this;
        }

        /**
         * Sets {@code header_canonicalization}.
         *
         * @param form what the header may suffer
         * @return this
         */
        public Builder headerCanonicalization(Canonicalization form) {
            headerCanonicalization = form;
            return this;
        }

        /**
         * Sets {@code body_canonicalization}.
         *
         * @param form what the body may suffer
         * @return this
         */
        public Builder bodyCanonicalization(Canonicalization form) {
            bodyCanonicalization = form;
            return this;
        }

        /**
         * Takes the documented key {@code body_length}, for policies that set it to its default.
         *
         * @param length only false: a signature of a part of the body lets anybody add to it (RFC 6376 section 8.2)
         * @return this
         * @throws IllegalArgumentException if it is true
         */
        public Builder bodyLength(boolean length) {
            if (length) {
                throw new IllegalArgumentException(
                        "must be false: whoever passes on a mail that is signed up to a length can add"
                                + " to it, and the signature still holds (RFC 6376 section 8.2); leave it out");
            }
            return this;
        }

        /**
         * Sets {@code expiration}.
         *
         * @param time that a signature holds, 1 second to 36,500 days; receivers may see a mail days later
         * @return this
         * @throws IllegalArgumentException if it is not, or not in whole seconds
         */
        public Builder expiration(Duration time) {
            requireSeconds("expiration", time);
            expiration = Optional.of(time);
            return this;
        }

        /**
         * Sets {@code agent_user_identifier}.
         *
         * @param address such as {@code @news.example.com} or {@code joe@example.com}
         * @return this
         * @throws IllegalArgumentException if it is none
         */
        public Builder agentUserIdentifier(String address) {
            agentUserIdentifier = Optional.of(AgentUser.normalized(address));
            return this;
        }

        /**
         * Sets {@code atps}.
         *
         * @param name of the domain that has authorised this one
         * @return this
         * @throws IllegalArgumentException if it is no domain name
         */
        public Builder atps(String name) {
            atps = Optional.of(DomainName.normalize(name));
            return this;
        }

        /**
         * Sets {@code atpsh}.
         *
         * @param hash {@code none} or {@code sha256}
         * @return this
         * @throws IllegalArgumentException if it is another
         */
        public Builder atpsh(String hash) {
            requireHash(hash);
            atpsh = Optional.of(hash);
            return this;
        }

        /**
         * Sets {@code reporting}.
         *
         * @param wanted whether the domain wants reports of failures
         * @return this
         */
        public Builder reporting(boolean wanted) {
            reporting = wanted;
            return this;
        }

        /**
         * Sets {@code ttl}.
         *
         * @param time until the source of the key is looked at again, 1 second to 36,500 days
         * @return this
         * @throws IllegalArgumentException if it is not, or not in whole seconds
         */
        public Builder ttl(Duration time) {
            requireSeconds("ttl", time);
            ttl = time;
            return this;
        }

        /**
         * Ends the options.
         *
         * @return what was set, and defaults for the rest
         * @throws IllegalArgumentException if one is missing, or they contradict each other
         */
        public DkimOptions build() {
            return new DkimOptions(
                    required("domain", domain),
                    required("selector", selector),
                    required("key", key),
                    algorithm,
                    headers,
                    overSign,
                    headerCanonicalization,
                    bodyCanonicalization,
                    expiration,
                    agentUserIdentifier,
                    atps,
                    atpsh,
                    reporting,
                    ttl);
        }

        private static <T> T required(String name, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException(name + " is missing; a signature needs domain, selector and key");
            }
            return value;
        }
    }
}
