package dev.kumo.auth.dkim;

import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Reply;
import java.util.List;

/**
 * A message that cannot be signed, because what a signature of it says would be in doubt. Its text tells what is wrong, and holds
 * nothing of the message.
 *
 * @see DkimSigner#signature
 */
public final class UnsignableException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final EnhancedStatus BAD_CONTENT = new EnhancedStatus(5, 6, 0);

    UnsignableException(String text) {
        super(text);
    }

    /** It would be in doubt for whom a signature speaks, RFC 6376 sections 5.4 and 8.15. */
    static void unlessOneFrom(int fields) {
        if (fields != 1) {
            throw new UnsignableException(fields == 0 ? "it has no From field" : "it has " + fields + " From fields");
        }
    }

    /**
     * The refusal of such a message.
     *
     * @return {@code 554 5.6.0}, and what is wrong
     */
    public Reply reply() {
        return Reply.of(554, BAD_CONTENT, List.of("the message cannot be signed: " + getMessage()));
    }
}
