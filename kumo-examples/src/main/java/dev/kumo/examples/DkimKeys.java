package dev.kumo.examples;

import dev.kumo.auth.dkim.DkimOptions;
import dev.kumo.auth.dkim.DkimSigner;
import dev.kumo.auth.dkim.DkimSigners;
import dev.kumo.core.mail.Message;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.server.EsmtpListenerOptions;
import dev.kumo.smtp.server.Policy;
import dev.kumo.tls.TlsException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who signs a gateway's mail: the key {@code dkim}, a list of tables with the documented keys of {@code kumo.dkim.rsa_sha256_signer}. */
final class DkimKeys {

    private final List<DkimOptions> tables = new ArrayList<>();
    private volatile List<DkimSigner> signers = List.of();

    void add(Map<String, ?> table) {
        String key = key(tables.size());
        DkimOptions.Builder builder = OptionTable.apply(key, table, DkimOptions.builder());
        try {
            tables.add(builder.build());
        } catch (IllegalArgumentException e) {
            throw new OptionException(key, String.valueOf(e.getMessage()), e);
        }
    }

    private static String key(int index) {
        return "dkim[" + index + "]";
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }

    /** Reads the keys, before a port is opened. */
    void open() throws IOException {
        List<DkimSigner> opened = new ArrayList<>();
        for (DkimOptions table : tables) {
            String key = key(opened.size()) + ".key";
            try {
                opened.add(DkimSigner.of(table));
            } catch (IllegalArgumentException e) {
                throw new OptionException(key, String.valueOf(e.getMessage()), e);
            } catch (TlsException e) {
                if (!e.mayPass()) {
                    throw new OptionException(key, String.valueOf(e.getMessage()), e);
                }
                throw new IOException(key + ": " + e.getMessage(), e);
            }
        }
        signers = List.copyOf(opened);
    }

    /**
     * Signs as a domain for those who may send as it: mail of others that claims to be of our domains must not become ours by a signature.
     * Once for all recipients, since nothing is changed for one of them.
     */
    Policy policy(EsmtpListenerOptions listener) {
        return Policy.onData((peer, message) -> {
            InetAddress client = peer.client().getAddress();
            return DkimSigners.of(signers.stream()
                            .filter(signer -> maySendAs(signer.options().domain(), client, listener))
                            .toList())
                    .signOrRefuse(message);
        });
    }

    /** What the sender is called on the envelope says nothing of who wrote the mail; so it opens no other domain. */
    private static boolean maySendAs(String domain, InetAddress client, EsmtpListenerOptions listener) {
        return listener.relayHosts().contains(client)
                || listener.domains()
                        .find(domain)
                        .map(DomainOptions::relayFrom)
                        .filter(hosts -> hosts.contains(client))
                        .isPresent();
    }

    /** Signs for those who may send as anybody. */
    Verdict sign(Message message) {
        return DkimSigners.of(signers).signOrRefuse(message);
    }

    /** Sentences for people. */
    List<String> words() {
        return tables.stream()
                .map(table -> "Signs mail of " + table.domain() + "; the DNS has its key at " + table.selector()
                        + "._domainkey." + table.domain())
                .toList();
    }
}
