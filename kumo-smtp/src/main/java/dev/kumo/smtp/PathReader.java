package dev.kumo.smtp;

import dev.kumo.core.mail.DomainName;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Reply;

/** Reads what MAIL and RCPT have as their argument: a keyword, a path (RFC 5321 section 4.1.2), parameters. */
final class PathReader {

    private final String text;
    private final Reply badAddress;
    private int position;

    PathReader(String argument, String keyword, Reply badAddress) throws SyntaxException {
        if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) {
            throw new SyntaxException(SyntaxException.BAD_ARGUMENT);
        }
        this.text = argument;
        this.badAddress = badAddress;
        this.position = CommandParser.skipBlanks(argument, keyword.length(), argument.length());
    }

    /** Reads the path; the null sender and the bare postmaster only in brackets. */
    EnvelopeAddress path() throws SyntaxException {
        if (!text.startsWith("<", position)) {
            EnvelopeAddress address = mailbox(endOfMailbox(false));
            if (address.isPostmaster()) {
                throw new SyntaxException(badAddress);
            }
            return address;
        }
        position++;
        if (text.startsWith(">", position)) {
            position++;
            return EnvelopeAddress.NULL_SENDER;
        }
        boolean routed = text.startsWith("@", position);
        if (routed) {
            skipRoute();
        }
        EnvelopeAddress address = mailbox(endOfMailbox(true));
        if (routed && address.isPostmaster()) {
            throw new SyntaxException(badAddress);
        }
        position++;
        return address;
    }

    /** Reads the rest. */
    EsmtpParameters parameters() throws SyntaxException {
        if (position < text.length() && !CommandParser.isBlank(text.charAt(position))) {
            throw new SyntaxException(SyntaxException.BAD_ARGUMENT);
        }
        return EsmtpParameters.parse(text.substring(position));
    }

    /** Reads over {@code @a,@b:}, which a server must take and should ignore, RFC 5321 section 4.1.1.3. */
    private void skipRoute() throws SyntaxException {
        char separator = ',';
        while (separator == ',') {
            if (!text.startsWith("@", position)) {
                throw new SyntaxException(badAddress);
            }
            int end = position + 1;
            while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != ':') {
                end++;
            }
            if (end == text.length()) {
                throw new SyntaxException(badAddress);
            }
            requireDomain(text.substring(position + 1, end));
            separator = text.charAt(end);
            position = end + 1;
        }
    }

    private void requireDomain(String name) throws SyntaxException {
        try {
            DomainName.normalize(name);
        } catch (IllegalArgumentException notADomain) {
            throw new SyntaxException(badAddress);
        }
    }

    /** Where the mailbox ends: at {@code >} or at white space, unless these are quoted. */
    private int endOfMailbox(boolean bracketed) throws SyntaxException {
        int i = position;
        boolean quoted = false;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (!quoted && (bracketed ? c == '>' : CommandParser.isBlank(c))) {
                return i;
            }
            i++;
        }
        if (bracketed) {
            throw new SyntaxException(badAddress);
        }
        return text.length();
    }

    private EnvelopeAddress mailbox(int end) throws SyntaxException {
        try {
            EnvelopeAddress address = EnvelopeAddress.parse(text.substring(position, end));
            position = end;
            return address;
        } catch (IllegalArgumentException notAMailbox) {
            throw new SyntaxException(badAddress);
        }
    }
}
