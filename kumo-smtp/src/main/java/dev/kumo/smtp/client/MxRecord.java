package dev.kumo.smtp.client;

/**
 * What an MX record says, RFC 1035 section 3.3.9.
 *
 * @param preference 0 to 65535; lower ones are tried first
 * @param host the name of the host as it is published, which may be unfit for one; {@code .} stands for no host at all
 *     (RFC 7505)
 */
public record MxRecord(int preference, String host) {}
