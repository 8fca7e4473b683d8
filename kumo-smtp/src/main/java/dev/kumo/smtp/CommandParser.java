package dev.kumo.smtp;

/** Splits a command line into its verb and its argument, RFC 5321 section 4.1.1. */
public final class CommandParser {

    private CommandParser() {}

    /**
     * Reads a line. The argument is not looked at before the {@link Command} is asked for it.
     *
     * <p>White space at the end of the line is dropped (RFC 5321 section 4.1.1), for all verbs.
     *
     * @param line a line without its CRLF
     * @return the command; a word that is no verb of ours makes {@link Verb#UNKNOWN}
     * @throws SyntaxException if the line does not start with a word of letters and digits, followed by white space or
     *     nothing
     */
    public static Command parse(String line) throws SyntaxException {
        int word = 0;
        while (word < line.length() && isLetterOrDigit(line.charAt(word))) {
            word++;
        }
        if (word == 0 || word < line.length() && !isBlank(line.charAt(word))) {
            throw new SyntaxException(SyntaxException.NOT_A_COMMAND);
        }
        int end = line.length();
        while (end > word && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return new Command(Verb.of(line, word), line.substring(skipBlanks(line, word, end), end));
    }

    static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    static int skipBlanks(String text, int from, int to) {
        int i = from;
        while (i < to && isBlank(text.charAt(i))) {
            i++;
        }
        return i;
    }
}
