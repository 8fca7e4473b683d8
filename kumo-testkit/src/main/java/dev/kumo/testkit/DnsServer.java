package dev.kumo.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The two sockets of a name server, UDP and TCP on one port of the loopback address, each with a thread. */
final class DnsServer implements AutoCloseable {

    private static final int LARGEST_MESSAGE = 65_535;
    private static final int TRIES = 20;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Function<DnsWire.Query, Optional<DnsWire.Response>> answers;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    private DnsServer(
            DatagramSocket udp, ServerSocket tcp, Function<DnsWire.Query, Optional<DnsWire.Response>> answers) {
        this.udp = udp;
        this.tcp = tcp;
        this.answers = answers;
    }

    static DnsServer open(Function<DnsWire.Query, Optional<DnsWire.Response>> answers) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        for (int tries = 1; ; tries++) {
            ServerSocket tcp = new ServerSocket(0, 50, loopback);
            try {
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
                DnsServer server = new DnsServer(udp, tcp, answers);
                server.start("kumo-fake-dns-udp", server::serveDatagrams);
                server.start("kumo-fake-dns-tcp", server::acceptClients);
                return server;
            } catch (IOException portIsTaken) {
                tcp.close();
                if (tries == TRIES) {
                    throw portIsTaken;
                }
            }
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    private void start(String name, Service service) {
        Thread thread = new Thread(
                () -> {
                    try {
                        service.run();
                    } catch (IOException closed) {
                        // The end of a server is the end of its sockets.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @FunctionalInterface
    private interface Service {
        void run() throws IOException;
    }

    private void serveDatagrams() throws IOException {
        byte[] buffer = new byte[LARGEST_MESSAGE];
        while (true) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            udp.receive(packet);
            byte[] message = Arrays.copyOf(buffer, packet.getLength());
            Optional<byte[]> octets = DnsWire.read(message)
                    .flatMap(query ->
                            answers.apply(query).map(response -> DnsWire.write(query, response, query.payload())));
            if (octets.isPresent()) {
                udp.send(new DatagramPacket(octets.get(), octets.get().length, packet.getSocketAddress()));
            }
        }
    }

    private void acceptClients() throws IOException {
        while (true) {
            Socket client = tcp.accept();
            clients.add(client);
            start("kumo-fake-dns-client", () -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (!tcp.isClosed()) {
                byte[] message = in.readNBytes(in.readUnsignedShort());
                Optional<byte[]> octets = DnsWire.read(message)
                        .flatMap(query -> answers.apply(query)
                                .map(response -> DnsWire.write(query, response.untruncated(), LARGEST_MESSAGE)));
                if (octets.isPresent()) {
                    out.write(framed(octets.get()));
                }
            }
        } finally {
            clients.remove(client);
        }
    }

    /** In one piece, with its length in front. */
    private static byte[] framed(byte[] message) {
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
            for (Socket client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
