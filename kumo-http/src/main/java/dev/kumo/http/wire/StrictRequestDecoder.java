package dev.kumo.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Reads requests of HTTP/1.1 without leniency: what two readers could understand in two ways is refused (RFC 9112
 * section 11.2). Beyond what Netty refuses, that is a folded header line (section 5.2); a length together with a transfer
 * coding is left for {@link RequestHead} to see.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

    private static final int LONGEST_LINE = 8192;
    private static final int LARGEST_CHUNK = 65_536;

    private final Runnable onHeaderBegun;
    private boolean inHeader = true;
    private boolean lineSeen;
    private boolean broken;

    StrictRequestDecoder(int maxHeaderSize, Runnable onHeaderBegun) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(LONGEST_LINE)
                .setMaxHeaderSize(maxHeaderSize)
                .setMaxChunkSize(LARGEST_CHUNK)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setHeadersFactory(DefaultHttpHeadersFactory.headersFactory().withValidation(true))
                .setTrailersFactory(DefaultHttpHeadersFactory.trailersFactory().withValidation(true)));
        this.onHeaderBegun = onHeaderBegun;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        if (broken) {
            buffer.skipBytes(buffer.readableBytes());
            return;
        }
        if (inHeader && buffer.isReadable()) {
            onHeaderBegun.run();
            if (isFolded(buffer)) {
                broken = true;
                buffer.skipBytes(buffer.readableBytes());
                out.add(folded());
                return;
            }
        }
        int start = buffer.readerIndex();
        int before = out.size();
        super.decode(ctx, buffer, out);
        lineSeen |= inHeader && firstOfLine(buffer, start, buffer.readerIndex()) < buffer.readerIndex();
        for (int i = before; i < out.size(); i++) {
            if (out.get(i) instanceof LastHttpContent) {
                inHeader = true;
                lineSeen = false;
            } else if (out.get(i) instanceof HttpRequest) {
                inHeader = false;
            }
        }
    }

    /** Keeps both fields, so that the contradiction is seen and refused. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {}

    private HttpMessage folded() {
        HttpMessage invalid = createInvalidMessage();
        invalid.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("a header line is folded")));
        return invalid;
    }

    /** Whether a line of the header begins with white space. The buffer always begins with a line. */
    private boolean isFolded(ByteBuf buffer) {
        int end = buffer.writerIndex();
        int line = lineSeen ? buffer.readerIndex() : firstOfLine(buffer, buffer.readerIndex(), end);
        while (line >= 0 && line < end) {
            byte first = buffer.getByte(line);
            if (first == ' ' || first == '\t') {
                return true;
            }
            if (first == '\r' || first == '\n') {
                return false; // the header ends here
            }
            int lf = buffer.indexOf(line, end, (byte) '\n');
            line = lf < 0 ? -1 : lf + 1;
        }
        return false;
    }

    /** Beyond the empty lines that may come before a request, RFC 9112 section 2.2. */
    private static int firstOfLine(ByteBuf buffer, int from, int end) {
        int at = from;
        while (at < end && (buffer.getByte(at) == '\r' || buffer.getByte(at) == '\n')) {
            at++;
        }
        return at;
    }
}
