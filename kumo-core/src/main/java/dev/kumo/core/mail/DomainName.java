package dev.kumo.core.mail;

import dev.kumo.core.text.Quoted;
import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Domain names in the one form in which they are compared: A-labels (RFC 5890), lower case, no dot at the end.
 *
 * <p>A label is at most 63 octets of letters, digits, {@code -} and {@code _} and does not start with {@code -}; the
 * whole name has at most 255 (RFC 5321 section 4.5.3.1.2). The underscore is in no RFC of mail but in many names.
 */
public final class DomainName {

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_LABEL = 63;

    private DomainName() {}

    /**
     * The one form of a name.
     *
     * <p>U-labels become A-labels. {@code ß} and the final sigma keep their own, as IDNA 2008 has it: {@code faß.de}
     * and {@code fass.de} have different owners. A label with a joiner (U+200C, U+200D) is taken as an A-label only.
     *
     * @param name a domain name in any case, with U-labels or A-labels; one dot at its end is dropped
     * @return its normal form, ASCII
     * @throws IllegalArgumentException if it is not a domain name
     */
    public static String normalize(String name) {
        boolean rooted = name.length() > 1 && name.endsWith(".");
        return normalize(name, 0, rooted ? name.length() - 1 : name.length());
    }

    /** The one form of a part of a text, where no dot at the end is dropped. */
    static String normalize(String text, int from, int to) {
        if (to - from > LONGEST_NAME) {
            throw bad(text, from, to, "a domain name has at most " + LONGEST_NAME + " octets");
        }
        boolean lower = true;
        int label = from;
        for (int i = from; i <= to; i++) {
            char c = i < to ? text.charAt(i) : '.';
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' && i > label) {
                continue;
            }
            if (c == '.') {
                requireLabelLength(i - label, text, from, to);
                label = i + 1;
            } else if (c >= 'A' && c <= 'Z') {
                lower = false;
            } else if (c >= 0x80) {
                String ascii = toAscii(text.substring(from, to));
                return normalize(ascii, 0, ascii.length());
            } else {
                throw bad(text, from, to, "a label of a domain name holds letters, digits, '_' and, not first, '-'");
            }
        }
        String name = text.substring(from, to);
        return lower ? name : name.toLowerCase(Locale.ROOT);
    }

    private static void requireLabelLength(int length, String text, int from, int to) {
        if (length == 0) {
            throw bad(text, from, to, "a domain name has no empty label");
        }
        if (length > LONGEST_LABEL) {
            throw bad(text, from, to, "a label of a domain name has at most " + LONGEST_LABEL + " octets");
        }
    }

    private static String toAscii(String name) {
        StringJoiner ascii = new StringJoiner(".");
        try {
            for (String label : name.split("[.\u3002\uff0e\uff61]", -1)) { // the dots of RFC 3490 section 3.1
                if (label.startsWith("-")) {
                    throw new IllegalArgumentException();
                }
                String one = label.chars().anyMatch(DomainName::isFolded)
                        ? unfolded(label)
                        : IDN.toASCII(label, IDN.ALLOW_UNASSIGNED);
                if (one.indexOf('.') >= 0) {
                    throw new IllegalArgumentException(); // of another character that folds to a dot
                }
                ascii.add(one);
            }
        } catch (IllegalArgumentException notIdna) {
            // Its own message repeats the name with whatever control characters are in it.
            throw bad(name, 0, name.length(), "no internationalised domain name (RFC 5890)");
        }
        return ascii.toString();
    }

    /** Whether IDNA 2003, which is what {@link IDN} knows, makes another name of what IDNA 2008 allows. */
    private static boolean isFolded(int c) {
        return c == 'ß' || c == 'ẞ' || c == 'ς' || c == 0x200c || c == 0x200d;
    }

    private static String unfolded(String label) {
        int[] lower = label.codePoints()
                .map(c -> c == 'ẞ' ? 'ß' : Character.toLowerCase(c))
                .toArray();
        String prepared = Normalizer.normalize(new String(lower, 0, lower.length), Normalizer.Form.NFKC);
        // All other rules are left to IDN: but for the folding it has to come to the same label. It drops joiners,
        // which are lawful between some letters only (RFC 5892 appendix A); those have to be written as A-labels.
        String folded = IDN.toUnicode(IDN.toASCII(prepared, IDN.ALLOW_UNASSIGNED), IDN.ALLOW_UNASSIGNED);
        if (prepared.startsWith("xn--")
                || !folded.equals(prepared.replace("ß", "ss").replace('ς', 'σ'))) {
            throw new IllegalArgumentException();
        }
        return "xn--" + Punycode.encode(prepared);
    }

    private static IllegalArgumentException bad(String text, int from, int to, String why) {
        return new IllegalArgumentException("not a domain name: " + Quoted.of(text.substring(from, to)) + "; " + why);
    }
}
