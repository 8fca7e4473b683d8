package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;

/** The way to a site by SMTP or LMTP. */
final class SmtpRoute implements Route {

    private final Site hosts;
    private final Dialer dialer;
    private final boolean lmtp;

    SmtpRoute(Site hosts, Dialer dialer, boolean lmtp) {
        this.hosts = hosts;
        this.dialer = dialer;
        this.lmtp = lmtp;
    }

    @Override
    public String site() {
        return hosts.name();
    }

    @Override
    public String protocol() {
        return lmtp ? "lmtp_client" : "smtp_client";
    }

    @Override
    public SmtpLink connect(EgressSource source, EgressPathOptions path) throws UnroutableException {
        SmtpLink link = new SmtpLink(dialer, hosts.plan(source, path), source, path, lmtp || path.useLmtp());
        link.connect();
        return link;
    }
}
