package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Exim as a server that takes all mail and keeps it in its queue. */
final class EximServer implements AutoCloseable {

    private final Process process;
    private final Path home;

    private EximServer(Process process, Path home) {
        this.process = process;
        this.home = home;
    }

    /** Starts it; only root may. */
    static EximServer start(Path folder, int port, TestCa.Issued shown) throws IOException, InterruptedException {
        Path exim = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(each -> Path.of(each, "exim4"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> Assumptions.abort("exim4 is missing; its package excludes that of Postfix"));
        Path home = Files.createDirectories(folder.resolve("exim"));
        for (String each : List.of("spool", "log")) {
            Files.createDirectories(home.resolve(each));
        }
        Path configuration = Files.writeString(
                home.resolve("exim.conf"), """
                primary_hostname = exim.example
                spool_directory = %1$s/spool
                log_file_path = %1$s/log/%%slog
                exim_user = root
                exim_group = root
                queue_only = true
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = %2$d
                tls_advertise_hosts = *
                tls_certificate = %3$s
                tls_privatekey = %4$s
                chunking_advertise_hosts = *
                dsn_advertise_hosts = *
                acl_smtp_rcpt = rcpt
                acl_smtp_data = accept
                begin acl
                rcpt:
                  defer message = 451 4.2.1 come back later
                        local_parts = later
                  accept
                begin routers
                all:
                  driver = accept
                  transport = none
                begin transports
                none:
                  driver = appendfile
                  file = /dev/null
                """.formatted(home, port, shown.certificate(), shown.key()));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-r--r--"));
        Process process = new ProcessBuilder(exim.toString(), "-C", configuration.toString(), "-bdf")
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile())
                .start();
        return new EximServer(process, home);
    }

    /** The contents of its queue, envelope and content of a message in one text. */
    List<String> messages() throws IOException {
        Path input = home.resolve("spool/input");
        if (!Files.exists(input)) {
            return List.of();
        }
        List<String> messages = new ArrayList<>();
        try (Stream<Path> files = Files.list(input)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith("-H")).toList()) {
                Path data = Path.of(file.toString().replaceFirst("-H$", "-D"));
                messages.add(Files.readString(file, UTF_8) + Files.readString(data, UTF_8));
            }
        }
        return messages;
    }

    /** What it has written down of the connections it has had. */
    String log() throws IOException {
        Path log = home.resolve("log/mainlog");
        return Files.exists(log) ? Files.readString(log, UTF_8) : "";
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("Exim ends").isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
