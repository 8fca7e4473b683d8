package dev.kumo.smtp;

/**
 * What BDAT says, RFC 3030 section 2.
 *
 * @param octets how many octets of content follow the command line; {@link Long#MAX_VALUE} for more than a long can hold
 * @param last whether the content ends with them
 */
public record ChunkSize(long octets, boolean last) {

    private static final int MOST_DIGITS = 20;
    private static final String LAST = "LAST";

    /**
     * Checks the number.
     *
     * @param octets how many
     * @param last whether no more come
     * @throws IllegalArgumentException if the number is negative
     */
    public ChunkSize {
        if (octets < 0) {
            throw new IllegalArgumentException("a chunk has 0 octets or more, not " + octets);
        }
    }

    static ChunkSize parse(String argument) throws SyntaxException {
        int digits = 0;
        while (digits < argument.length() && argument.charAt(digits) >= '0' && argument.charAt(digits) <= '9') {
            digits++;
        }
        int word = CommandParser.skipBlanks(argument, digits, argument.length());
        boolean last = word < argument.length();
        if (digits == 0 || digits > MOST_DIGITS || last && (word == digits || !isLast(argument.substring(word)))) {
            throw new SyntaxException(SyntaxException.BAD_CHUNK_SIZE);
        }
        return new ChunkSize(number(argument.substring(0, digits)), last);
    }

    private static boolean isLast(String word) {
        // For equalsIgnoreCase alone a long s is an s.
        return word.chars().allMatch(c -> c < 0x80) && word.equalsIgnoreCase(LAST);
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException beyondLong) {
            return Long.MAX_VALUE;
        }
    }
}
