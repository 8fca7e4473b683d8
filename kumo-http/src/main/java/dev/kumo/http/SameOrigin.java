package dev.kumo.http;

import dev.kumo.core.net.IpLiteral;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.wire.RequestHead;
import java.net.InetAddress;
import java.util.Locale;

/**
 * Keeps pages of others from giving orders, or looking on, in the name of whoever shows them: a browser on a trusted host sends their
 * requests, too, and adds its credentials. Programs that are no browsers say nothing of where a request comes from, and are let
 * through.
 */
final class SameOrigin {

    private final String hostname;

    SameOrigin(String hostname) {
        this.hostname = hostname;
    }

    /**
     * Requires that no page has sent it, or one of this listener.
     *
     * @throws RefusedException if the page is somebody else's
     */
    void require(RequestHead head, Access access, InetAddress client) {
        if (access == Access.OPEN) {
            return;
        }
        String origin = head.header("origin");
        boolean shows = head.method().equals("GET") && head.header("upgrade").isEmpty();
        if (!shows && !isOurs(head.header("sec-fetch-site"), origin, head.header("host"))) {
            throw new RefusedException(403, "a page of another origin may not do this (RFC 6454)");
        }
        boolean trusts = access == Access.TRUSTED || !origin.isEmpty();
        if (trusts && client.isLoopbackAddress() && !isOwn(head.header("host"))) {
            throw new RefusedException(
                    421,
                    "from this machine, ask for an address, localhost or " + hostname
                            + ", as any other name may be a stranger's that leads here (DNS rebinding)");
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

    /** Whether no name server has a say in where it leads. */
    private boolean isOwn(String host) {
        String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        return name.isEmpty()
                || name.equals("localhost")
                || name.endsWith(".localhost") // RFC 6761 section 6.3
                || name.equalsIgnoreCase(hostname)
                || isAddress(name);
    }

    private static boolean isAddress(String name) {
        try {
            IpLiteral.parse(name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
