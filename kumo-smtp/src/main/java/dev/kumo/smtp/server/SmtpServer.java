package dev.kumo.smtp.server;

import dev.kumo.core.log.Link;
import dev.kumo.core.mail.Reply;
import dev.kumo.tls.port.BoundPort;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.charset.StandardCharsets;

/** Gives each client of a port its session. */
final class SmtpServer implements BoundPort.Host {

    private final SessionContext context;

    SmtpServer(SessionContext context) {
        this.context = context;
    }

    @Override
    public Runnable accept(Channel client, Link link) {
        Peer peer = new Peer(link.client(), link.server(), context.options().hostname(), context.random());
        SmtpConnection connection = new SmtpConnection(context, new SmtpSession(context, peer));
        context.observer().connected(link);
        client.closeFuture()
                .addListener(closed ->
                        context.observer().disconnected(link, context.time().instant()));
        if (context.options().implicitTls()) {
            client.pipeline().addLast(context.tlsHandler(client));
        }
        client.pipeline().addLast(connection);
        return connection::shutDown;
    }

    @Override
    public void refuse(Channel client) {
        if (context.options().implicitTls()) {
            client.close(); // a reply would cost a handshake first
        } else {
            Reply reply = context.replies().tooManyConnections;
            client.writeAndFlush(Unpooled.copiedBuffer(reply.wire(), StandardCharsets.UTF_8))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
