package dev.kumo.examples;

import dev.kumo.core.Mta;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.options.OptionException;
import dev.kumo.http.HttpListener;
import dev.kumo.lua.LuaPolicyFile;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A gateway as a policy script describes it. The script may read files below its folder and have maildirs written, and is loaded again when it changes. */
final class LuaGateway implements AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Path file;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(LuaGateway::daemon);
    private final MessageLines lines;
    private final LuaPolicyFile policy;
    private final Mta mta;

    private LuaGateway(Path file, OutputStream out) throws IOException {
        this.file = file;
        policy = LuaPolicyFile.builder(file)
                .readFiles(true)
                .writeMaildirs(true)
                .watch(watch, LOOK)
                .load();
        if (policy.listeners().isEmpty() && policy.httpListeners().isEmpty()) {
            policy.close();
            throw new OptionException(
                    String.valueOf(file.getFileName()),
                    "starts no listener; call kumo.start_esmtp_listener in its 'init' event");
        }
        lines = new MessageLines(out);
        mta = policy.mta(builder -> builder.observer(lines));
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "gateway-policy");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs one until the process is told to end. */
    static void run(Path file) throws IOException {
        LuaGateway gateway = start(file, new FileOutputStream(FileDescriptor.out));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::closeAndExit, "gateway-drain"));
        gateway.lines.say(gateway.greeting());
    }

    static LuaGateway start(Path file, OutputStream out) throws IOException {
        LuaGateway gateway = new LuaGateway(file, out);
        try {
            gateway.mta.start();
        } catch (IOException | RuntimeException e) {
            gateway.close();
            throw e;
        }
        return gateway;
    }

    /** What it listens on, and where mail goes. */
    List<String> greeting() {
        List<String> greeting = new ArrayList<>();
        for (EsmtpListener listener : policy.listeners()) {
            greeting.add("Listening on " + shown(listener.address()) + " as "
                    + listener.options().hostname() + ", by the policy " + file.getFileName());
        }
        for (HttpListener listener : policy.httpListeners()) {
            greeting.add((listener.options().useTls() ? "https://" : "http://") + shown(listener.address())
                    + " takes mail by the policy " + file.getFileName());
        }
        greeting.add("Mail goes to the hosts that the DNS has for its domains");
        policy.localLogs().ifPresent(logs -> greeting.add("The log is in " + logs.logDir()));
        return greeting;
    }

    private static HostPort shown(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort());
    }

    /** To end when told so is no failure, though Java would exit with 128 and the number of the signal. */
    private void closeAndExit() {
        close();
        Runtime.getRuntime().halt(0);
    }

    @Override
    public void close() {
        mta.close();
        policy.close();
        watch.shutdownNow();
        lines.close();
    }
}
