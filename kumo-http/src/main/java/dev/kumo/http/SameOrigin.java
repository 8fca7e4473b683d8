package dev.kumo.http;

import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.wire.RequestHead;

/**
 * Keeps pages of others from giving orders in the name of whoever looks at them: a browser on a trusted host sends their requests,
 * too, and adds its credentials. Programs that are no browsers say nothing of where a request comes from, and are let through.
 */
final class SameOrigin {

    private SameOrigin() {}

    /**
     * Requires of what does more than show something that no page has sent it, or one of this listener.
     *
     * @throws RefusedException 403 if the page is somebody else's
     */
    static void require(RequestHead head) {
        boolean shows = head.method().equals("GET") && head.header("upgrade").isEmpty();
        if (!shows && !isOurs(head.header("sec-fetch-site"), head.header("origin"), head.header("host"))) {
            throw new RefusedException(403, "a page of another origin may not do this (RFC 6454)");
        }
    }

    private static boolean isOurs(String site, String origin, String host) {
        if (!site.isEmpty()) { // Fetch Metadata, which no page can forge
            return site.equals("same-origin") || site.equals("none");
        }
        // Without the scheme, as a proxy in front may have ended TLS.
        int authority = origin.indexOf("://") + 3;
        return origin.isEmpty() || authority > 3 && origin.substring(authority).equalsIgnoreCase(host);
    }
}
