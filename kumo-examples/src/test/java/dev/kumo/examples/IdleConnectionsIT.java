package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand clients that say nothing, at the gateway as it is run. */
class IdleConnectionsIT {

    private static final int CONNECTIONS = 10_000;

    @TempDir
    private Path folder;

    @Test
    void tenThousandIdleClientsCostNoThreadAndFewKilobytesEach() throws Exception {
        assumeTrue(openFilesAllowed() > CONNECTIONS + 1000, "needs Linux, and more file descriptors (ulimit -n)");
        Path file = Files.writeString(folder.resolve("gateway.json"), """
                {"esmtp_listeners":[{"listen":"127.0.0.1:0","hostname":"mail.example.com","client_timeout":"10 minutes",
                  "relay_hosts":["127.0.0.1"]}],"deliver":"discard"}
                """);
        Process gateway = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-jar",
                        System.getProperty("kumo.gateway.jar"),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<SocketChannel> clients = new ArrayList<>(CONNECTIONS);
        try (BufferedReader lines = gateway.inputReader(StandardCharsets.UTF_8)) {
            InetSocketAddress address = address(lines.readLine());
            greeted(address).close();
            int threadsBefore = threads(gateway);
            long heapBefore = liveHeap(gateway);

            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(greeted(address));
            }
            long heapEach = (liveHeap(gateway) - heapBefore) / CONNECTIONS;

            // The loops may have started late, and the VM's own threads come and go.
            assertThat(threads(gateway)).isLessThan(threadsBefore + 16);
            assertThat(heapEach).as("live heap per idle connection, bytes").isBetween(1L, 4_000L);
            System.out.println("Live heap per idle connection: " + heapEach + " bytes");
            try (Socket bystander = new Socket(address.getAddress(), address.getPort())) {
                BufferedReader replies =
                        new BufferedReader(new InputStreamReader(bystander.getInputStream(), StandardCharsets.UTF_8));
                assertThat(replies.readLine()).startsWith("220 mail.example.com");
                bystander.getOutputStream().write("NOOP\r\n".getBytes(StandardCharsets.UTF_8));
                assertThat(replies.readLine()).isEqualTo("250 2.0.0 OK");
            }
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
            gateway.destroyForcibly().waitFor();
        }
    }

    private static SocketChannel greeted(InetSocketAddress address) throws IOException {
        SocketChannel client = SocketChannel.open(address);
        ByteBuffer greeting = ByteBuffer.allocate(256);
        while (greeting.position() < 3 || greeting.get(greeting.position() - 1) != '\n') {
            assertThat(client.read(greeting)).as("bytes of the greeting").isPositive();
        }
        assertThat(StandardCharsets.US_ASCII.decode(greeting.flip()).toString()).startsWith("220 ");
        return client;
    }

    private static InetSocketAddress address(String announced) {
        Matcher listening =
                Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) .*").matcher(announced);
        assertThat(listening.matches()).as(announced).isTrue();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(listening.group(1)));
    }

    private static long openFilesAllowed() throws IOException {
        Path limits = Path.of("/proc/self/limits");
        if (!Files.exists(limits)) {
            return 0;
        }
        return Files.readAllLines(limits).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" {2,}", -1)[2]) // the hard limit, to which the VM raises its own
                .mapToLong(hard -> hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard))
                .findFirst()
                .orElse(0);
    }

    private static int threads(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("Threads:".length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    /** Bytes that survive a collection, as the VM counts them class by class. */
    private static long liveHeap(Process process) throws IOException, InterruptedException {
        Process count = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        "GC.class_histogram")
                .start();
        String total = "";
        try (BufferedReader lines = count.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                total = line.startsWith("Total") ? line : total;
            }
        }
        count.waitFor();
        return Long.parseLong(total.strip().split(" +", -1)[2]);
    }
}
