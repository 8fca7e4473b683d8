package dev.kumo.examples;

import dev.kumo.core.Mta;
import dev.kumo.core.options.OptionException;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.EsmtpListenerOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * A runnable gateway: listeners and a delivery as a JSON file describes them.
 *
 * <p>{@code java -jar kumo-gateway.jar [FILE.json]}. Exit codes: 0 after SIGTERM or SIGINT, 1 if a port cannot be
 * bound, 2 if the file is wrong.
 */
public final class Gateway implements AutoCloseable {

    private final GatewayFile file;
    private final MessageLines lines;
    private final Mta mta;

    private Gateway(GatewayFile file, PrintStream out) {
        this.file = file;
        this.lines = new MessageLines(out);
        Mta.Builder builder = Mta.builder().delivery(file.delivery()).observer(lines);
        file.listeners().forEach(builder::listener);
        this.mta = builder.build();
    }

    /**
     * Runs a gateway until the process is told to end.
     *
     * @param arguments a file, or nothing for a local default
     */
    public static void main(String[] arguments) {
        if (arguments.length > 1 || arguments.length == 1 && arguments[0].startsWith("-")) {
            System.err.println("usage: java -jar kumo-gateway.jar [FILE.json]");
            System.exit(2);
        }
        try {
            GatewayFile file =
                    arguments.length == 0 ? GatewayFile.localDefault() : GatewayFile.read(Path.of(arguments[0]));
            Gateway gateway = start(file, System.out);
            Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "gateway-drain"));
        } catch (OptionException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    static Gateway start(GatewayFile file, PrintStream out) throws IOException {
        Gateway gateway = new Gateway(file, out);
        gateway.mta.start();
        gateway.file.listeners().forEach(listener -> out.println(described(listener)));
        out.println("Mail lands " + file.destination());
        out.flush();
        return gateway;
    }

    private static String described(EsmtpListener listener) {
        EsmtpListenerOptions options = listener.options();
        String address = listener.address().getAddress().getHostAddress();
        String shown = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return "Listening on " + shown + ":" + listener.address().getPort() + " as " + options.hostname()
                + "; relays from " + options.relayHosts()
                + (options.domains().isEmpty()
                        ? ""
                        : "; domains " + options.domains().entries().keySet());
    }

    /** Drains: running transactions end, then the ports and the delivery are closed. */
    @Override
    public void close() {
        mta.close();
        lines.flush();
    }
}
