package dev.kumo.core.delivery;

/** Whether a connection is encrypted, and how strictly: the values of {@code enable_tls}. */
public enum EgressTls {
    /** TLS where offered, with a certificate that verifies, else in clear. What does not verify fails the host. */
    OPPORTUNISTIC,
    /** TLS where offered, with any certificate; in clear if it is not offered, or the handshake fails. */
    OPPORTUNISTIC_INSECURE,
    /** TLS with a certificate that verifies, or nothing. */
    REQUIRED,
    /** TLS with any certificate, or nothing. */
    REQUIRED_INSECURE,
    /** In clear, whatever is offered. */
    DISABLED
}
