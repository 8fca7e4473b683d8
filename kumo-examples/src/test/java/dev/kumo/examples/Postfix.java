package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The Postfix of this machine with a configuration and a queue of its own; that of the machine is not touched. */
final class Postfix implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path configuration;
    private final Path queue;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> log = new ArrayList<>();

    private Postfix(Process process, Path configuration, Path queue) {
        this.process = process;
        this.configuration = configuration;
        this.queue = queue;
        Thread reader = new Thread(this::readLines, "postfix-log");
        reader.setDaemon(true);
        reader.start();
    }

    /** Postfix as a client that relays all mail to one server and verifies its certificate. It listens nowhere. */
    static Postfix client(Path folder, int port, TestCa trusted) throws IOException, InterruptedException {
        return start(folder, """
                disable_dns_lookups = yes
                smtp_host_lookup = native
                relayhost = [localhost]:%d
                smtp_tls_security_level = verify
                smtp_tls_verify_cert_match = hostname
                smtp_tls_CAfile = %s
                smtp_tls_loglevel = 1
                debug_peer_list = 127.0.0.1
                """.formatted(port, trusted.certificate()), "");
    }

    /**
     * Postfix as a server that offers STARTTLS and puts the mail of example.org into the Maildir {@code postfix/mail/box}. It
     * knows no recipient that begins with {@code nobody}.
     */
    static Postfix server(Path folder, int port, TestCa.Issued shown) throws IOException, InterruptedException {
        Path mail = Files.createDirectories(folder.resolve("postfix/mail"));
        Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path unknown =
                Files.writeString(folder.resolve("postfix/unknown"), "/^nobody/ 550 5.1.1 nobody of that name\n");
        return start(folder, """
                smtpd_tls_security_level = may
                smtpd_tls_cert_file = %s
                smtpd_tls_key_file = %s
                smtpd_tls_loglevel = 1
                smtputf8_enable = yes
                smtpd_recipient_restrictions = check_recipient_access regexp:%s, permit
                mynetworks = 127.0.0.0/8
                virtual_mailbox_domains = example.org
                virtual_mailbox_base = %s
                virtual_mailbox_maps = static:box/
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                virtual_minimum_uid = 1
                """.formatted(shown.certificate(), shown.key(), unknown, mail), """
                127.0.0.1:%d inet n - n - - smtpd
                virtual unix       - n n -     - virtual
                anvil   unix       - - n -     1 anvil
                """.formatted(port));
    }

    /**
     * Postfix as a server that takes all mail, and finds out only then that nobody is there: the bounces go back by a server on a
     * port of this machine.
     */
    static Postfix bouncing(Path folder, int port, int backTo) throws IOException, InterruptedException {
        Path transports = Files.writeString(
                Files.createDirectories(folder.resolve("postfix")).resolve("transports"), "/@gone.example$/ gone:\n");
        return start(folder, """
                disable_dns_lookups = yes
                smtp_host_lookup = native
                relayhost = [127.0.0.1]:%d
                smtp_tls_security_level = none
                smtpd_recipient_restrictions = permit
                mynetworks = 127.0.0.0/8
                relay_domains = gone.example
                transport_maps = regexp:%s
                """.formatted(backTo, transports), """
                127.0.0.1:%d inet n - n - - smtpd
                gone    unix       - n n -     - pipe user=nobody argv=/bin/sh -c {exit 67}
                anvil   unix       - - n -     1 anvil
                """.formatted(port));
    }

    /** Starts it; only root may. */
    private static Postfix start(Path folder, String settings, String services)
            throws IOException, InterruptedException {
        Program postfix = Program.named("postfix", "postfix");
        if (!"root".equals(System.getProperty("user.name"))) {
            String missing = "Postfix is started by root only";
            if ("true".equals(System.getenv("CI"))) {
                fail(missing);
            }
            Assumptions.abort(missing);
        }
        // Most of its programs run as the user postfix, who has to get to its folders.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = Files.createDirectories(folder.resolve("postfix"));
        Path data = Files.createDirectory(home.resolve("data"));
        Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        Path queue = Files.createDirectory(home.resolve("queue"));
        Path configuration = Files.createDirectory(home.resolve("conf"));
        Files.writeString(configuration.resolve("main.cf"), """
                compatibility_level = 3.6
                queue_directory = %s
                data_directory = %s
                maillog_file = /dev/stdout
                myhostname = postfix.example
                mydestination =
                alias_maps =
                alias_database =
                inet_protocols = ipv4
                """.formatted(queue, data) + settings);
        Files.writeString(configuration.resolve("master.cf"), """
                pickup  unix       n - n 1     1 pickup
                cleanup unix       n - n -     0 cleanup
                qmgr    unix       n - n 300   1 qmgr
                tlsmgr  unix       - - n 1000? 1 tlsmgr
                rewrite unix       - - n -     - trivial-rewrite
                bounce  unix       - - n -     0 bounce
                defer   unix       - - n -     0 bounce
                trace   unix       - - n -     0 bounce
                proxymap unix      - - n -     - proxymap
                smtp    unix       - - n -     - smtp
                relay   unix       - - n -     - smtp
                error   unix       - - n -     - error
                retry   unix       - - n -     - error
                scache  unix       - - n -     1 scache
                postlog unix-dgram n - n -     1 postlogd
                """ + services);
        Process process = new ProcessBuilder(postfix.file().toString(), "-c", configuration.toString(), "start-fg")
                .redirectErrorStream(true)
                .start();
        Postfix started = new Postfix(process, configuration, queue);
        started.logged("daemon started");
        return started;
    }

    private void readLines() {
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            out.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("standard output ended: " + e);
        }
    }

    /** Hands it a mail, which it sends on in its own time. */
    void send(String sender, String recipient, Path message) throws IOException, InterruptedException {
        Program.named("sendmail", "postfix")
                .run(message, List.of("-i", "-C", configuration.toString(), "-f", sender, "--", recipient));
    }

    /** The first line of its log that holds a text, now or when it comes. */
    String logged(String text) throws InterruptedException {
        for (String line : log) {
            if (line.contains(text)) {
                return line;
            }
        }
        while (true) {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(line)
                    .as("Postfix logs '%s'; it logged:%n%s", text, String.join("\n", log))
                    .isNotNull();
            log.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** Ends it with all of its programs. The process that was started is only the parent of Postfix's master. */
    @Override
    public void close() {
        ProcessHandle master = ProcessHandle.of(masterId()).orElse(process.toHandle());
        master.destroy();
        master.onExit()
                .completeOnTimeout(master, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly().onExit().join();
        assertThat(master.isAlive()).as("Postfix runs on").isFalse();
    }

    private long masterId() {
        try {
            return Long.parseLong(
                    Files.readString(queue.resolve("pid/master.pid")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
