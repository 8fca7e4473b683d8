package dev.kumo.smtp.server;

import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.policy.DomainMap;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.trace.TraceHeaders;
import java.time.Duration;

/**
 * How an ESMTP listener behaves: one component per documented key of {@code start_esmtp_listener}.
 *
 * @param listen {@code listen}: the address and port to bind; {@code 0.0.0.0:25} binds all IPv4 addresses, port 0 any
 *     free port. Default {@code 127.0.0.1:2025}
 * @param hostname {@code hostname}: the name in the greeting, in other replies and in {@code Received}. Default: the
 *     name of this machine
 * @param banner {@code banner}: what follows the host name in the greeting. Default {@code ESMTP Kumo}
 * @param clientTimeout {@code client_timeout}: how long the client may send nothing before it is told {@code 421} and
 *     the connection is closed. Default 1 minute
 * @param relayHosts {@code relay_hosts}: who may relay to any domain that has no entry in {@code domains}. Default
 *     {@code 127.0.0.1} and {@code ::1}
 * @param domains {@code domains}: what may be done for single domains and for all below one. Default: no entries
 * @param maxMessagesPerConnection {@code max_messages_per_connection}: how many MAIL commands a connection may bring;
 *     further ones are answered {@code 451}. Default 10000
 * @param maxRecipientsPerMessage {@code max_recipients_per_message}: how many recipients a transaction may have;
 *     further ones are answered {@code 452}. Default 1024
 * @param traceHeaders {@code trace_headers}: which headers are added to each message. Default: both
 * @param maxMessageSize {@code max_message_size}: largest message in bytes, advertised (RFC 1870) and enforced while it
 *     is read. Default 20971520
 * @param lineLengthHardLimit {@code line_length_hard_limit}: longest line in octets without CRLF, of commands and of
 *     content. Default 998 (RFC 5322 section 2.1.1)
 * @param invalidLineEndings {@code invalid_line_endings}: what becomes of content with a CR or LF of its own. Default
 *     {@code Deny}
 * @param maxConnections {@code max_connections}: how many clients may be connected at once; further ones are told
 *     {@code 421}. Default 32768
 * @param limits {@code limits}: what a session may cost
 */
public record EsmtpListenerOptions(
        HostPort listen,
        String hostname,
        String banner,
        Duration clientTimeout,
        CidrSet relayHosts,
        DomainMap<DomainOptions> domains,
        int maxMessagesPerConnection,
        int maxRecipientsPerMessage,
        TraceHeaders traceHeaders,
        long maxMessageSize,
        int lineLengthHardLimit,
        InvalidLineEndings invalidLineEndings,
        int maxConnections,
        SessionLimits limits) {}
