package dev.kumo.http;

import dev.kumo.core.net.IpLiteral;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.wire.RequestHead;
import java.util.Locale;

/**
 * Keeps pages of others from giving orders, or looking on, in the name of whoever shows them: a browser on a trusted host sends their
 * requests, too, and adds its credentials. Programs that are no browsers say nothing of where a request comes from, and are let
 * through.
 */
final class SameOrigin {

    private static final String FRONT = "/";

    private final String hostname;

    SameOrigin(String hostname) {
        this.hostname = hostname;
    }

    /**
     * Requires that no page has sent it, or one of this listener. Others may link to its front page, and to what an
     * embedder shows.
     *
     * @throws RefusedException if the page is somebody else's
     */
    void require(RequestHead head, Access access) {
        if (access == Access.OPEN) {
            return;
        }
        String site = head.header("sec-fetch-site");
        boolean ours = site.isEmpty()
                ? isOurs(head.header("origin"), head.header("host"))
                : site.equals("same-origin") || site.equals("none"); // Fetch Metadata, which no page can forge
        boolean linked = head.method().equals("GET")
                && head.header("upgrade").isEmpty()
                && head.header("sec-fetch-mode").equals("navigate")
                && (access == Access.AUTHENTICATED || head.path().equals(FRONT));
        if (!ours && !linked) {
            throw new RefusedException(403, "a page of another origin may not do this (RFC 6454)");
        }
    }

    /**
     * Requires of a caller who is let in for its address alone that it asks for a name in whose address no stranger has a
     * say: a browser takes a page whose name leads here for one of ours (DNS rebinding). On this machine even programs
     * have to, where trusted hosts alone may go: a proxy that sends them all the world would open it to strangers.
     *
     * @throws RefusedException if the name may be a stranger's
     */
    void requireHost(RequestHead head, Access access, Caller caller) {
        boolean forAddressAlone =
                access != Access.OPEN && caller.trusted() && caller.user().isEmpty();
        boolean suspect = isBrowser(head)
                || access == Access.TRUSTED && caller.client().getAddress().isLoopbackAddress();
        if (forAddressAlone && suspect && !isOwn(head.header("host"))) {
            throw new RefusedException(
                    421,
                    "ask for an address, localhost or " + hostname
                            + ", as any other name may be a stranger's that leads here (DNS rebinding)");
        }
    }

    /**
     * Whether a page can be behind it. Without TLS a browser sends no Fetch Metadata, and with GET no Origin to where it
     * believes the page is from; but always what it can read, which no page can leave out.
     */
    private static boolean isBrowser(RequestHead head) {
        return head.headers().names().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(name -> name.equals("origin")
                                || name.equals("accept-language")
                                || name.startsWith("sec-fetch-"))
                || head.header("user-agent").startsWith("Mozilla/");
    }

    /** Without the scheme, as a proxy in front may have ended TLS. */
    private static boolean isOurs(String origin, String host) {
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
