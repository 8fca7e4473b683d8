package dev.kumo.core.mail;

import java.util.Random;

/** Valid mailboxes in all forms, written with more quotes and capitals than they need. */
final class RandomAddresses {

    private static final String ATEXT = "abcXYZ019!#$%&'*+-/=?^_`{|}~";
    private static final String BEYOND = "üßжと用\u00a0\ufffd";

    private final Random random;

    RandomAddresses(long seed) {
        random = new Random(seed);
    }

    record Written(String text, String localPart) {}

    Written next() {
        String content = random.nextBoolean() ? dotString() : anything();
        boolean bare =
                content.matches("[^\" @(),:;<>\\[\\\\\\].]+([.][^\" @(),:;<>\\[\\\\\\].]+)*") && random.nextBoolean();
        return new Written((bare ? content : quoted(content)) + "@" + domain(), content);
    }

    private String dotString() {
        StringBuilder out = new StringBuilder();
        for (int atoms = 1 + random.nextInt(3); atoms > 0; atoms--) {
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                out.append(pick(random.nextInt(10) == 0 ? BEYOND : ATEXT));
            }
            out.append(atoms > 1 ? "." : "");
        }
        return out.toString();
    }

    private String anything() {
        StringBuilder out = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            switch (random.nextInt(10)) {
                case 0 -> out.append(pick(BEYOND));
                case 1 -> out.appendCodePoint(0x1f600 + random.nextInt(64));
                default -> out.append((char) (' ' + random.nextInt(0x7f - ' ')));
            }
        }
        return out.toString();
    }

    private String quoted(String content) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '"' || c == '\\' || c < 0x7f && random.nextInt(4) == 0) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    private String domain() {
        return switch (random.nextInt(6)) {
            case 0 -> "[" + octet() + "." + octet() + "." + octet() + "." + octet() + "]";
            case 1 -> "[IPv6:" + ipv6() + "]";
            default -> {
                StringBuilder out = new StringBuilder(label());
                for (int n = random.nextInt(4); n > 0; n--) {
                    out.append('.').append(label());
                }
                yield out.toString();
            }
        };
    }

    private int octet() {
        return random.nextInt(256);
    }

    private String ipv6() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            int group = random.nextBoolean() ? 0 : random.nextInt(0x10000);
            out.append(i == 0 ? "" : ":").append(String.format(random.nextBoolean() ? "%x" : "%04X", group));
        }
        return out.toString();
    }

    private String label() {
        StringBuilder out = new StringBuilder().append(pick("abXY01_"));
        for (int n = random.nextInt(8); n > 0; n--) {
            out.append(pick("abXY01_-"));
        }
        // IDNA 2003 allows no hyphen-like mix with its prefix, but any letters beyond ASCII.
        return random.nextInt(6) == 0 ? out + pick("üöжと用") : out.toString();
    }

    private String pick(String from) {
        int i = random.nextInt(from.length());
        return from.substring(i, i + 1);
    }
}
