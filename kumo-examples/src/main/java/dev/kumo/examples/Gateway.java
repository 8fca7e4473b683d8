package dev.kumo.examples;

import dev.kumo.core.Listener;
import dev.kumo.core.Mta;
import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.queue.Queues;
import dev.kumo.http.HttpListener;
import dev.kumo.http.HttpListenerOptions;
import dev.kumo.lua.LuaPolicyException;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.EsmtpListenerOptions;
import dev.kumo.tls.TlsException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A runnable gateway: listeners and a delivery as a JSON file describes them, or a policy script in Lua.
 *
 * <p>{@code java -jar kumo-gateway.jar [FILE.json | POLICY.lua]}. Lines about messages go to standard output, trouble to standard
 * error. Exit codes: 0 after SIGTERM or SIGINT, when running transactions have ended; 1 if a port, the Maildir or Vault
 * cannot be had now; 2 if the file, the command line, or a certificate or key that the file names is wrong.
 */
public final class Gateway implements AutoCloseable {

    static final String USAGE = """
            usage: java -jar kumo-gateway.jar [FILE.json | POLICY.lua]

            FILE.json, for example:

              {
                "esmtp_listeners": [
                  {
                    "listen": "0.0.0.0:25",
                    "hostname": "mail.example.com",
                    "relay_hosts": ["127.0.0.1", "10.0.0.0/8"],
                    "domains": {"example.com": {"relay_to": true}}
                  }
                ],
                "deliver": {"maildir": "./mail"}
              }

            A listener takes the keys of start_esmtp_listener. "http_listeners", such as [{"listen": "127.0.0.1:8000"}],
            take those of start_http_listener; "http_users", such as {"shop": {"password_file": "shop.password"}}, may
            send from other machines than their trusted_hosts. "deliver" is "mx", {"smart_host": ["host:port"]},
            {"lmtp": "host:port"}, {"maildir": "path"} or "discard". With "spool": {"kind": "LocalDisk", "path":
            "./spool"} mail waits in queues and is tried again; "queue" takes the keys of make_queue_config, and
            "egress_path" those of make_egress_path.
            "dkim": [{"domain": "example.com", "selector": "mail", "key": "./dkim.pem"}] signs mail from example.com of those who may send as it.
            "local_logs" writes the life of each message into files: {"log_dir": "./logs"}.
            POLICY.lua is a policy script, and docs/lua.md tells what it can do.
            Without a file: listeners for mail of this machine, SMTP on 127.0.0.1:2525 and HTTP on 127.0.0.1:8000, into
            the Maildir ./mail.
            """;

    private static final int DOMAINS_SHOWN = 5;

    private final GatewayFile file;
    private final List<HttpListener> http;
    private final Map<String, Listener> doors;
    private final MessageLines lines;
    private final Mta mta;

    private Gateway(GatewayFile file, OutputStream out) throws IOException {
        this.file = file;
        this.http = file.httpListeners(this::queues);
        this.doors = file.doors(http);
        Mta.Builder builder = file.compose();
        doors.values().forEach(builder::listener);
        this.lines = new MessageLines(out);
        builder.observer(lines);
        file.openLog().ifPresent(builder::observer);
        this.mta = builder.build();
    }

    private Queues queues() {
        return mta.queues();
    }

    /**
     * Runs a gateway until the process is told to end.
     *
     * @param arguments a file, or nothing for a local default
     */
    public static void main(String[] arguments) {
        // Where the JDK does the work of TLS 1.2, a client could ask for one handshake after another in one connection.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        if (arguments.length == 1 && Set.of("-h", "--help").contains(arguments[0])) {
            System.out.print(USAGE);
            return;
        }
        if (arguments.length > 1 || arguments.length == 1 && arguments[0].startsWith("-")) {
            System.err.print(USAGE);
            System.exit(2);
        }
        try {
            if (arguments.length == 1 && arguments[0].endsWith(".lua")) {
                LuaGateway.run(Path.of(arguments[0]));
            } else if (arguments.length == 1) {
                run(GatewayFile.read(Path.of(arguments[0])), List.of());
            } else {
                run(GatewayFile.localDefault(), tryOut(GatewayFile.LOCAL_ADDRESS, GatewayFile.LOCAL_HTTP_ADDRESS));
            }
        } catch (OptionException | LuaPolicyException | InvalidPathException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(GatewayFile file, List<String> advice) throws IOException {
        Gateway gateway = start(file, new FileOutputStream(FileDescriptor.out));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::closeAndExit, "gateway-drain"));
        gateway.lines.say(greeting(file, gateway.addresses(), gateway.httpAddresses()));
        gateway.lines.say(advice);
    }

    static Gateway start(GatewayFile file, OutputStream out) throws IOException {
        Gateway gateway = new Gateway(file, out);
        try {
            gateway.mta.start();
        } catch (IOException e) {
            gateway.close();
            throw gateway.failed(e);
        }
        return gateway;
    }

    /** Says which key of the file a failure to start is about. */
    private IOException failed(IOException e) {
        // Of two that want the same address, the later one cannot have it.
        String key = doors.entrySet().stream()
                .filter(door -> String.valueOf(e.getMessage()).startsWith("cannot open " + door.getValue() + ": "))
                .map(Map.Entry::getKey)
                .reduce("", (first, last) -> last);
        if (key.isEmpty() || e.getCause() == null) {
            return new IOException("gateway: " + e.getMessage(), e);
        }
        String reason = String.valueOf(e.getCause().getMessage());
        if (e.getCause() instanceof TlsException tls) {
            if (!tls.mayPass()) {
                throw new OptionException(key, reason, e);
            }
            return new IOException(key + ": " + reason, e);
        }
        return new IOException(
                key + ".listen: " + reason
                        + "; give it another address in the file (see --help), or end what has this one",
                e);
    }

    /** Where each ESMTP listener of the file can be reached. */
    List<InetSocketAddress> addresses() {
        return file.listeners().stream().map(EsmtpListener::address).toList();
    }

    /** Where each HTTP listener of the file can be reached. */
    List<InetSocketAddress> httpAddresses() {
        return http.stream().map(HttpListener::address).toList();
    }

    static List<String> greeting(
            GatewayFile file, List<InetSocketAddress> addresses, List<InetSocketAddress> httpAddresses) {
        List<String> greeting = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            greeting.add("Listening on " + shown(addresses.get(i)) + " "
                    + rules(file.listeners().get(i).options()));
        }
        for (int i = 0; i < httpAddresses.size(); i++) {
            HttpListenerOptions options = file.http().get(i).options();
            greeting.add("Listening on " + (options.useTls() ? "https" : "http") + "://" + shown(httpAddresses.get(i))
                    + "; takes mail from " + hosts(options.trustedHosts()) + users(file.users()));
        }
        greeting.add(file.destination().words());
        greeting.addAll(file.dkim().words());
        file.spool().ifPresent(spool -> greeting.add(spool.words()));
        file.localLogs().ifPresent(logs -> greeting.add("The log is in " + logs.logDir()));
        return greeting;
    }

    private static HostPort shown(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort());
    }

    private static String rules(EsmtpListenerOptions options) {
        String rules = "as " + options.hostname() + "; relays from " + hosts(options.relayHosts()) + " to any domain";
        if (options.domains().isEmpty()) {
            return rules;
        }
        List<String> names = List.copyOf(options.domains().entries().keySet());
        int more = names.size() - DOMAINS_SHOWN;
        return rules + " without an entry; entries: "
                + String.join(", ", names.subList(0, Math.min(names.size(), DOMAINS_SHOWN)))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static String hosts(CidrSet hosts) {
        return hosts.isEmpty() ? "nobody" : hosts.toString().replaceAll("[\\[\\]]", "");
    }

    private static String users(List<HttpUser> users) {
        return switch (users.size()) {
            case 0 -> "";
            case 1 -> ", and from the user " + users.get(0).name();
            default -> ", and from " + users.size() + " users";
        };
    }

    static List<String> tryOut(String address, String httpAddress) {
        return List.of(
                "Try it: swaks --server " + address + " --from me@example.com --to you@example.org",
                "    or: printf 'Subject: Hi\\n\\nHello\\n' | curl --crlf smtp://" + address
                        + " --mail-from me@example.com --mail-rcpt you@example.org --upload-file -",
                "    or: curl http://" + httpAddress + "/api/inject/v1 -H 'Content-Type: application/json' -d"
                        + " '{\"envelope_sender\": \"me@example.com\", \"recipients\": [{\"email\": \"you@example.org\"}],"
                        + " \"content\": {\"subject\": \"Hi\", \"text_body\": \"Hello\"}}'");
    }

    /** To end when told so is no failure, though Java would exit with 128 and the number of the signal. */
    private void closeAndExit() {
        close();
        Runtime.getRuntime().halt(0);
    }

    /** Drains: running transactions end, then the ports and the delivery are closed. */
    @Override
    public void close() {
        mta.close();
        lines.close();
    }
}
