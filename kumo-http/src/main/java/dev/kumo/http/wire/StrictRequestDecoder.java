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
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Reads requests of HTTP/1.1 without leniency: what two readers could understand in two ways is refused (RFC 9112
 * section 11.2). Beyond what Netty refuses, that is a folded line of a header or trailer (section 5.2) and a first line with more than single blanks (section 3); a length together with a transfer
 * coding is left for {@link RequestHead} to see.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

    private static final int LONGEST_LINE = 8192;
    private static final int LARGEST_CHUNK = 65_536;

    private final Runnable onHeaderBegun;
    private boolean inHeader = true;
    private boolean lineSeen;
    private boolean broken;
    private boolean inTrailer;
    private boolean trailerFolded;
    private int trailersRead;

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
            String wrong =
                    isFolded(buffer) ? "a header line is folded" : isLoose(buffer) ? "its first line is loose" : "";
            if (!wrong.isEmpty()) {
                broken = true;
                buffer.skipBytes(buffer.readableBytes());
                out.add(invalid(wrong));
                return;
            }
        }
        int start = buffer.readerIndex();
        int before = out.size();
        boolean allTrailer = inTrailer;
        trailersRead = 0;
        super.decode(ctx, buffer, out);
        trailerFolded |= inTrailer && hasFold(buffer, start, allTrailer);
        lineSeen |= inHeader && firstOfLine(buffer, start, buffer.readerIndex()) < buffer.readerIndex();
        for (int i = before; i < out.size(); i++) {
            if (out.get(i) instanceof LastHttpContent last) {
                if (trailerFolded) {
                    last.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("a trailer is folded")));
                }
                inTrailer = false;
                trailerFolded = false;
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

    /** Called for each line of a header or a trailer but those that are folded, and nothing else tells of a trailer. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (!inHeader) {
            inTrailer = true;
            trailersRead++;
        }
        return super.splitHeaderName(line, start, length);
    }

    /**
     * Whether of the lines that were just read one of the trailer begins with white space. They are the last ones, as many
     * as there are fields, or all of them.
     */
    private boolean hasFold(ByteBuf buffer, int start, boolean all) {
        int end = buffer.readerIndex();
        int fields = trailersRead;
        while (end > start && (all || fields > 0)) {
            int line = end - 1;
            while (line > start && buffer.getByte(line - 1) != '\n') {
                line--;
            }
            byte first = buffer.getByte(line);
            if (first == ' ' || first == '\t') {
                return true;
            }
            if (first != '\r') {
                fields--;
            }
            end = line;
        }
        return false;
    }

    private HttpMessage invalid(String why) {
        HttpMessage invalid = createInvalidMessage();
        invalid.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(why)));
        return invalid;
    }

    /** Whether the first line has other white space than one blank between two words, RFC 9112 section 3. */
    private boolean isLoose(ByteBuf buffer) {
        if (lineSeen) {
            return false;
        }
        int start = firstOfLine(buffer, buffer.readerIndex(), buffer.writerIndex());
        int lf = buffer.indexOf(start, buffer.writerIndex(), (byte) '\n');
        if (lf <= start) {
            return false; // not all of it is here yet
        }
        int end = buffer.getByte(lf - 1) == '\r' ? lf - 1 : lf;
        boolean blank = true;
        for (int i = start; i < end; i++) {
            byte c = buffer.getByte(i);
            if (c == '\t' || c == 0x0b || c == '\f' || c == ' ' && blank) {
                return true;
            }
            blank = c == ' ';
        }
        return blank;
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
