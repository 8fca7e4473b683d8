package dev.kumo.http.secret;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What a client shows in {@code Authorization}, RFC 9110 section 11.6.2. Has no text form, so that none reaches a log. */
public sealed interface Credentials {

    /** Of HTTP Basic authentication, RFC 7617. */
    final class Basic implements Credentials {
        public final String user;
        public final String password;

        private Basic(String user, String password) {
            this.user = user;
            this.password = password;
        }
    }

    /** A bearer token, RFC 6750. */
    final class Bearer implements Credentials {
        public final String token;

        private Bearer(String token) {
            this.token = token;
        }
    }

    /** Reads a value; empty if it is of no scheme that is known here, or malformed. */
    static Optional<Credentials> parse(String value) {
        int space = value.indexOf(' ');
        if (space < 0) {
            return Optional.empty();
        }
        String scheme = value.substring(0, space);
        String rest = value.substring(space).strip();
        if (scheme.equalsIgnoreCase("Bearer")) {
            boolean fit = !rest.isEmpty() && rest.chars().allMatch(c -> c > ' ' && c < 0x7f);
            return fit ? Optional.of(new Bearer(rest)) : Optional.empty();
        }
        return scheme.equalsIgnoreCase("Basic") ? basic(rest) : Optional.empty();
    }

    private static Optional<Credentials> basic(String base64) {
        try {
            String pair = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                    .toString();
            int colon = pair.indexOf(':');
            if (colon < 0 || pair.chars().anyMatch(Character::isISOControl)) {
                return Optional.empty();
            }
            return Optional.of(new Basic(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            return Optional.empty();
        }
    }
}
