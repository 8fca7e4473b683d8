package dev.kumo.smtp;

/** The word that a command starts with. */
public enum Verb {

    /** RFC 5321 section 4.1.1.1. */
    EHLO,

    /** RFC 5321 section 4.1.1.1. */
    HELO,

    /** RFC 5321 section 4.1.1.2. */
    MAIL,

    /** RFC 5321 section 4.1.1.3. */
    RCPT,

    /** RFC 5321 section 4.1.1.4. */
    DATA,

    /** RFC 5321 section 4.1.1.5. */
    RSET,

    /** RFC 5321 section 4.1.1.6. */
    VRFY,

    /** RFC 5321 section 4.1.1.7. */
    EXPN,

    /** RFC 5321 section 4.1.1.8. */
    HELP,

    /** RFC 5321 section 4.1.1.9. */
    NOOP,

    /** RFC 5321 section 4.1.1.10. */
    QUIT,

    /** RFC 3207 section 4. */
    STARTTLS,

    /** RFC 4954 section 4. */
    AUTH,

    /** RFC 3030 section 2. */
    BDAT,

    /** Every other word. */
    UNKNOWN;

    private static final Verb[] VERBS = values();

    /** Finds the verb of a word in any case, which must be ASCII: the case of other scripts maps into it. */
    static Verb of(String line, int length) {
        for (Verb verb : VERBS) {
            if (verb.name().length() == length && line.regionMatches(true, 0, verb.name(), 0, length)) {
                return verb;
            }
        }
        return UNKNOWN;
    }
}
