package dev.kumo.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages of the DNS as octets, RFC 1035 section 4: a question read, a response written, names compressed. */
final class DnsWire {

    private static final int OPT = 41;
    private static final int SMALLEST_PAYLOAD = 512;
    private static final int FARTHEST_POINTER = 0x3fff;

    /** What a client asks; the payload is how large an answer by UDP may be. */
    record Query(int id, boolean recursionDesired, String name, int type, boolean edns, int payload) {}

    /** What to say to it. */
    record Response(int code, boolean truncated, List<DnsZone.Entry> answers, List<DnsZone.Entry> authority) {

        static Response of(int code) {
            return new Response(code, false, List.of(), List.of());
        }

        Response untruncated() {
            return new Response(code, false, answers, authority);
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Integer> places = new HashMap<>();

    private DnsWire() {}

    /** Reads a question; empty if it is none that a client sends. */
    static Optional<Query> read(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            int id = in.getShort() & 0xffff;
            int flags = in.getShort();
            int questions = in.getShort();
            in.getInt();
            int additional = in.getShort();
            StringBuilder name = new StringBuilder();
            for (int length = in.get(); length != 0; length = in.get()) {
                byte[] label = new byte[length];
                in.get(label);
                name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
            }
            int type = in.getShort() & 0xffff;
            in.getShort();
            boolean edns = additional == 1 && in.get() == 0 && in.getShort() == OPT;
            int payload = edns ? Math.max(in.getShort() & 0xffff, SMALLEST_PAYLOAD) : SMALLEST_PAYLOAD;
            Query query = new Query(id, (flags & 0x100) != 0, DnsZone.plain(name.toString()), type, edns, payload);
            return questions == 1 ? Optional.of(query) : Optional.empty();
        } catch (RuntimeException junk) {
            return Optional.empty();
        }
    }

    /** Writes a response, whole or, if it must, cut to nothing but the sign that it is cut. */
    static byte[] write(Query query, Response response, int most) {
        byte[] whole = new DnsWire().message(query, response);
        return whole.length <= most && !response.truncated()
                ? whole
                : new DnsWire().message(query, new Response(response.code(), true, List.of(), List.of()));
    }

    private byte[] message(Query query, Response response) {
        number(2, query.id());
        // A response, authoritative, of a server that recurses as far as there is anything.
        number(
                2,
                0x8480 | (query.recursionDesired() ? 0x100 : 0) | (response.truncated() ? 0x200 : 0) | response.code());
        number(2, 1);
        number(2, response.answers().size());
        number(2, response.authority().size());
        number(2, query.edns() ? 1 : 0);
        name(query.name());
        number(2, query.type());
        number(2, 1);
        response.answers().forEach(this::record);
        response.authority().forEach(this::record);
        if (query.edns()) {
            out.writeBytes(new byte[] {0, 0, OPT, 0x10, 0, 0, 0, 0, 0, 0, 0});
        }
        return out.toByteArray();
    }

    private void record(DnsZone.Entry entry) {
        name(entry.name());
        number(2, entry.type());
        number(2, 1);
        number(4, entry.ttl());
        int place = out.size();
        number(2, 0);
        for (DnsZone.Part part : entry.data()) {
            if (part instanceof DnsZone.Octets data) {
                data.writeTo(out);
            } else if (part instanceof DnsZone.NamePart host) {
                name(DnsZone.plain(host.name()));
            }
        }
        byte[] all = out.toByteArray();
        int length = all.length - place - 2;
        all[place] = (byte) (length >> 8);
        all[place + 1] = (byte) length;
        out.reset();
        out.writeBytes(all);
    }

    private void name(String name) {
        String rest = name.equals(".") ? "" : name;
        while (!rest.isEmpty()) {
            Integer place = places.get(rest);
            if (place != null) {
                number(2, 0xc000 | place);
                return;
            }
            if (out.size() <= FARTHEST_POINTER) {
                places.put(rest, out.size());
            }
            int dot = rest.indexOf('.');
            byte[] label = (dot < 0 ? rest : rest.substring(0, dot)).getBytes(StandardCharsets.UTF_8);
            number(1, label.length);
            out.writeBytes(label);
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        number(1, 0);
    }

    private void number(int octets, long value) {
        for (int shift = 8 * octets - 8; shift >= 0; shift -= 8) {
            out.write((int) (value >> shift));
        }
    }
}
