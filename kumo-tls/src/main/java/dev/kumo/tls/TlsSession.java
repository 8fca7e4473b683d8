package dev.kumo.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * What a TLS handshake has agreed on.
 *
 * @param protocol {@code TLSv1.3} or {@code TLSv1.2}
 * @param cipher the IANA name of the cipher suite, such as {@code TLS_AES_256_GCM_SHA384}
 * @param serverName the name that the client asked for; the client's own text
 * @param peerSubjectName the subject of the client's certificate if it has shown one that was verified, else
 *     empty: each attribute as {@code CN=value}, in the certificate's order
 */
public record TlsSession(String protocol, String cipher, Optional<String> serverName, List<String> peerSubjectName) {

    /**
     * Holds a copy of the list.
     *
     * @param protocol such as {@code TLSv1.3}
     * @param cipher such as {@code TLS_AES_256_GCM_SHA384}
     * @param serverName what the client asked for
     * @param peerSubjectName of a verified certificate
     */
    public TlsSession {
        peerSubjectName = List.copyOf(peerSubjectName);
    }

    /**
     * The session of a connection.
     *
     * @param channel a connection
     * @return empty if it has no TLS, or the handshake is not over
     */
    public static Optional<TlsSession> of(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler == null || !handler.handshakeFuture().isSuccess()
                ? Optional.empty()
                : Optional.of(of(handler.engine().getSession()));
    }

    private static TlsSession of(SSLSession session) {
        return new TlsSession(
                session.getProtocol(), session.getCipherSuite(), serverName(session), peerSubjectName(session));
    }

    private static Optional<String> serverName(SSLSession session) {
        return session instanceof ExtendedSSLSession extended
                ? extended.getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                : Optional.empty();
    }

    private static List<String> peerSubjectName(SSLSession session) {
        X500Name subject;
        try {
            X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
            subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
        List<String> attributes = new ArrayList<>();
        for (RDN names : subject.getRDNs()) {
            for (AttributeTypeAndValue attribute : names.getTypesAndValues()) {
                String known = BCStyle.INSTANCE.oidToDisplayName(attribute.getType());
                attributes.add(
                        (known == null ? attribute.getType().getId() : known) + "=" + text(attribute.getValue()));
            }
        }
        return attributes;
    }

    private static String text(ASN1Encodable value) {
        return value instanceof ASN1String string ? string.getString() : IETFUtils.valueToString(value);
    }
}
