package dev.kumo.smtp;

import dev.kumo.core.mail.EnvelopeAddress;
import java.util.OptionalLong;

/**
 * What MAIL says, RFC 5321 section 4.1.1.2.
 *
 * @param sender the reverse-path, perhaps {@link EnvelopeAddress#NULL_SENDER}
 * @param parameters all parameters, known or not
 */
public record MailFrom(EnvelopeAddress sender, EsmtpParameters parameters) {

    /** What lines the content is made of, RFC 6152. */
    public enum BodyType {

        /** {@code 7BIT}: ASCII. */
        SEVEN_BIT,

        /** {@code 8BITMIME}: any octets, in lines. */
        EIGHT_BIT_MIME
    }

    /**
     * Checks the parameters that have a meaning here.
     *
     * @param sender the reverse-path
     * @param parameters all parameters
     * @throws IllegalArgumentException if the value of SIZE, BODY or SMTPUTF8 is not one that it can have
     */
    public MailFrom {
        if (!isWellFormed(parameters)) {
            throw new IllegalArgumentException(
                    "SIZE takes up to 20 digits, BODY takes 7BIT or 8BITMIME, SMTPUTF8 takes nothing: " + parameters);
        }
    }

    static MailFrom read(EnvelopeAddress sender, EsmtpParameters parameters) throws SyntaxException {
        if (!isWellFormed(parameters)) {
            throw new SyntaxException(SyntaxException.BAD_PARAMETER);
        }
        return new MailFrom(sender, parameters);
    }

    private static boolean isWellFormed(EsmtpParameters parameters) {
        return (!parameters.has("SIZE")
                        || parameters.value("SIZE").filter(MailFrom::isSize).isPresent())
                && (!parameters.has("BODY")
                        || parameters.value("BODY").filter(MailFrom::isBodyType).isPresent())
                && parameters.value("SMTPUTF8").isEmpty();
    }

    private static boolean isSize(String value) {
        return value.length() <= 20 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isBodyType(String value) {
        // For equalsIgnoreCase alone a dotless i is an i.
        return value.chars().allMatch(c -> c < 0x80)
                && (value.equalsIgnoreCase("7BIT") || value.equalsIgnoreCase("8BITMIME"));
    }

    /**
     * The size that the client declares: {@code SIZE=}, RFC 1870 section 6.
     *
     * @return in octets, {@link Long#MAX_VALUE} for more than a long can hold; nothing if it declares none
     */
    public OptionalLong size() {
        String digits = parameters.value("SIZE").orElse("");
        if (digits.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(digits));
        } catch (NumberFormatException beyondLong) {
            return OptionalLong.of(Long.MAX_VALUE);
        }
    }

    /**
     * The body type that the client declares: {@code BODY=}, RFC 6152 section 2. BINARYMIME (RFC 3030) is refused.
     *
     * @return {@link BodyType#SEVEN_BIT} if it declares none
     */
    public BodyType body() {
        return parameters.value("BODY").filter("8BITMIME"::equalsIgnoreCase).isPresent()
                ? BodyType.EIGHT_BIT_MIME
                : BodyType.SEVEN_BIT;
    }

    /**
     * Whether the client asks for SMTPUTF8, RFC 6531 section 3.4: addresses and header fields may be UTF-8.
     *
     * @return whether the parameter is there
     */
    public boolean smtpUtf8() {
        return parameters.has("SMTPUTF8");
    }
}
