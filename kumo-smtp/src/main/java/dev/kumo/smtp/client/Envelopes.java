package dev.kumo.smtp.client;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** MAIL and RCPT as they are said, with the parameters that the far side offers to take and the message asks for. */
final class Envelopes {

    static final String RET = "dsn_ret";
    static final String ENVID = "dsn_envid";
    static final String NOTIFY = "dsn_notify";
    static final String ORCPT = "dsn_orcpt";
    static final String REQUIRE_TLS = "require_tls";

    private static final Pattern NOTIFICATIONS =
            Pattern.compile("NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY)){0,2}");
    private static final Pattern ADDRESS_TYPE = Pattern.compile("[a-zA-Z0-9-]{1,20}");
    private static final int LONGEST_ENVID = 100; // RFC 3461 section 4.4
    private static final int LONGEST_ORCPT = 500; // section 4.2

    private final Message message;
    private final ContentFacts facts;
    private final Capabilities offered;

    Envelopes(Message message, ContentFacts facts, Capabilities offered) {
        this.message = message;
        this.facts = facts;
        this.offered = offered;
    }

    /** RFC 8689 section 2. */
    static boolean requiresTls(Message message) {
        return message.meta().get(REQUIRE_TLS).filter(Boolean.TRUE::equals).isPresent();
    }

    /** The parameter is left out where nothing needs it, RFC 6531 section 3.4. */
    static boolean needsUtf8(Message message, ContentFacts facts) {
        return needsUtf8(message.sender()) || message.envelope().smtpUtf8() && facts.eightBitHeader();
    }

    /** Domains are A-labels by now, so it is only for a local part. */
    static boolean needsUtf8(EnvelopeAddress address) {
        return !address.localPart().chars().allMatch(c -> c < 0x80);
    }

    String mail(boolean utf8) {
        StringBuilder line =
                new StringBuilder("MAIL FROM:<").append(message.sender()).append('>');
        if (offered.has("SIZE")) {
            line.append(" SIZE=").append(facts.size());
        }
        if (facts.eightBit() && offered.has("8BITMIME")) {
            line.append(" BODY=8BITMIME");
        }
        if (utf8 && offered.has("SMTPUTF8")) {
            line.append(" SMTPUTF8");
        }
        if (requiresTls(message)) {
            line.append(" REQUIRETLS");
        }
        if (offered.has("DSN")) {
            message.meta()
                    .text(RET)
                    .map(ret -> ret.toUpperCase(Locale.ROOT))
                    .filter(ret -> ret.equals("FULL") || ret.equals("HDRS"))
                    .ifPresent(ret -> line.append(" RET=").append(ret));
            message.meta()
                    .text(ENVID)
                    .map(Envelopes::xtext)
                    .filter(id -> !id.isEmpty() && id.length() <= LONGEST_ENVID)
                    .ifPresent(id -> line.append(" ENVID=").append(id));
        }
        return line.toString();
    }

    String rcpt(EnvelopeAddress recipient) {
        StringBuilder line = new StringBuilder("RCPT TO:<").append(recipient).append('>');
        if (offered.has("DSN")) {
            of(NOTIFY, recipient)
                    .map(when -> when.toUpperCase(Locale.ROOT))
                    .filter(when -> NOTIFICATIONS.matcher(when).matches())
                    .ifPresent(when -> line.append(" NOTIFY=").append(when));
            of(ORCPT, recipient)
                    .flatMap(Envelopes::originalRecipient)
                    .ifPresent(original -> line.append(" ORCPT=").append(original));
        }
        return line.toString();
    }

    /** A value for all recipients, or one of a table by recipient. */
    private Optional<String> of(String name, EnvelopeAddress recipient) {
        Object value = message.meta().get(name).orElse("");
        Object one = value instanceof Map<?, ?> table ? table.get(recipient.toString()) : value;
        return one instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }

    private static Optional<String> originalRecipient(String text) {
        int semicolon = text.indexOf(';');
        String type = semicolon < 0 ? "rfc822" : text.substring(0, semicolon);
        String address = xtext(text.substring(semicolon + 1));
        return ADDRESS_TYPE.matcher(type).matches()
                        && !address.isEmpty()
                        && type.length() + 1 + address.length() <= LONGEST_ORCPT
                ? Optional.of(type + ";" + address)
                : Optional.empty();
    }

    /** RFC 3461 section 4. */
    static String xtext(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '+' && b != '=') {
                out.append((char) b);
            } else {
                out.append('+').append(String.format(Locale.ROOT, "%02X", b & 0xff));
            }
        }
        return out.toString();
    }
}
