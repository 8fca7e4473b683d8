package dev.kumo.http.wire;

import io.netty.channel.ChannelInboundHandlerAdapter;

/** An answer that goes on, in place of an exchange. */
abstract class Ongoing extends ChannelInboundHandlerAdapter {

    /** The port closes. Called on the event loop. */
    abstract void shutDown();
}
