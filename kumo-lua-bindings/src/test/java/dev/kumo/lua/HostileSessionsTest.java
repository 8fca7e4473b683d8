package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Scripts that loop, or take all memory, in sessions over sockets, while other sessions go on. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileSessionsTest {

    private static final int GOOD = 3;

    private static final Map<String, String> ATTACKS = new TreeMap<>(Map.ofEntries(
            Map.entry("loop", "while true do end"),
            Map.entry("caught", "while true do pcall(function() while true do end end) end"),
            Map.entry("handled", "while true do xpcall(error, function() while true do end end) end"),
            Map.entry(
                    "hidden",
                    "local co = coroutine.create(function() while true do end end) while true do coroutine.resume(co) end"),
            Map.entry(
                    "closing",
                    "local c <close> = setmetatable({}, { __close = function() while true do end end }) error 'x'"),
            Map.entry("deep", "local function f() return 1 + f() end f()"),
            Map.entry("giant", "local s = ('x'):rep(1 << 34)"),
            Map.entry("doubled", "local s = 'x' while true do s = s .. s end"),
            Map.entry("tables", "local t = {} while true do t = { t, {} } end"),
            Map.entry("kept", "kept = {} while true do kept[#kept + 1] = ('x'):rep(1000) .. #kept end"),
            Map.entry("pattern", "(('a'):rep(100000)):find('.-.-.-.-b')"),
            Map.entry("replaced", "(('a'):rep(10000)):gsub('a', ('b'):rep(100000))"),
            Map.entry("meta", "for i = 1, 1 << 30 do conn:set_meta('x_' .. i, ('x'):rep(10000)) end"),
            Map.entry("globals", "setmetatable(_G, { __newindex = function() while true do end end }) x = 1"),
            Map.entry("texts", "getmetatable('').__index = function() while true do end end return ('x').y"),
            Map.entry("message", "error(('x'):rep(1000000))"),
            Map.entry("object", "error(setmetatable({}, { __tostring = function() while true do end end }))"),
            Map.entry("bytecode", "assert(load('\\27Lua'))"),
            Map.entry("finalizer", "setmetatable({}, { __gc = function() while true do end end })"),
            Map.entry("process", "os.execute('true')"),
            Map.entry("files", "io.open('/etc/passwd')"),
            Map.entry("classes", "java.import('java.lang.Runtime')"),
            Map.entry("library", "package.loadlib('libc.so.6', 'system')"),
            Map.entry("path", "require '../../etc/passwd'"),
            Map.entry("stop", "collectgarbage 'stop'"),
            Map.entry("hook", "debug.sethook()"),
            Map.entry("yield", "coroutine.yield()")));

    private static final String SCRIPT = """
            local ATTACKS = {
            %s}
            kumo.on('init', function()
              kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com', relay_hosts = { '127.0.0.1' } }
            end)
            kumo.on('smtp_server_rcpt_to', function(recipient, conn)
              local attack = ATTACKS[recipient.user]
              if attack then
                attack(conn)
              end
            end)
            kumo.on('smtp_server_message_received', function(msg)
              msg:set_meta('x_held', collectgarbage 'count')
            end)
            """;

    @TempDir
    Path folder;

    private final List<Double> held = new ArrayList<>();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final AtomicBoolean over = new AtomicBoolean();

    /** What loops ends after so many instructions: the good sessions have time, however busy the machine is. */
    private LuaPolicyFile policy() {
        StringBuilder attacks = new StringBuilder();
        ATTACKS.forEach((name, script) -> attacks.append("  ['" + name + "'] = function(conn) " + script + " end,\n"));
        return LuaPolicyFile.builder(Policies.write(folder, SCRIPT.replace("%s", attacks)))
                .bounds(LuaBounds.DEFAULT
                        .withInstructions(2_000_000)
                        .withTime(Duration.ofSeconds(20))
                        .withMemory(8 << 20)
                        .withStates(4))
                .delivery(noting())
                .load();
    }

    private Delivery noting() {
        Delivery discard = Delivery.discard();
        return batch -> {
            synchronized (held) {
                batch.forEach(message ->
                        held.add(((Number) message.meta().get("x_held").orElseThrow()).doubleValue()));
            }
            return discard.deliver(batch);
        };
    }

    @Test
    void noOtherSessionNotices() throws Exception {
        ListAppender<ILoggingEvent> log = listen();
        try (LuaPolicyFile policy = policy();
                Mta mta = policy.mta()) {
            mta.start();
            InetSocketAddress address = policy.listeners().get(0).address();
            List<Future<Integer>> good = new ArrayList<>();
            for (int i = 0; i < GOOD; i++) {
                good.add(clients.submit(() -> sendUntilOver(address)));
            }
            List<String> names = List.copyOf(ATTACKS.keySet());
            Future<?> half = clients.submit(() -> attack(address, names.subList(0, names.size() / 2)));
            attack(address, names.subList(names.size() / 2, names.size()));
            half.get();
            over.set(true);
            for (Future<Integer> sender : good) {
                assertThat(sender.get()).isPositive();
            }
            assertThat(policy.idleStates()).isBetween(1, 4);
        } finally {
            clients.shutdownNow();
            ((Logger) LoggerFactory.getLogger("dev.kumo.smtp.server.SmtpSession")).detachAppender(log);
        }
        assertThat(held).allSatisfy(kilobytes -> assertThat(kilobytes).isLessThan(4096));
        synchronized (log) {
            assertThat(log.list)
                    .hasSize(ATTACKS.size())
                    .allSatisfy(event -> assertThat(event.getThrowableProxy().getMessage())
                            .startsWith("policy.lua:")
                            .hasSizeLessThan(1000));
        }
    }

    private static ListAppender<ILoggingEvent> listen() {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.kumo.smtp.server.SmtpSession");
        logger.setAdditive(false);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        return log;
    }

    private static void attack(InetSocketAddress address, List<String> names) {
        for (String name : names) {
            try (Client client = new Client(address)) {
                client.say("EHLO client.example", "250 ");
                client.say("MAIL FROM:<a@client.example>", "250 ");
                assertThat(client.say("RCPT TO:<" + name + "@example.com>"))
                        .as(name)
                        .startsWith("421 4.3.0 ");
                assertThat(client.read()).as(name).isNull();
            }
        }
    }

    /** Each reply is the right one; how many messages were sent. */
    private int sendUntilOver(InetSocketAddress address) {
        int count = 0;
        while (!over.get() || count == 0) {
            try (Client client = new Client(address)) {
                client.say("EHLO client.example", "250 ");
                for (int i = 0; i < 5; i++) {
                    client.say("MAIL FROM:<a@client.example>", "250 ");
                    client.say("RCPT TO:<b@example.com>", "250 ");
                    client.say("DATA", "354 ");
                    client.say("Subject: x\r\n\r\nx\r\n.", "250 ");
                    count++;
                }
            }
        }
        return count;
    }

    /** A client that waits for each reply. */
    private static final class Client implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader replies;

        Client(InetSocketAddress address) {
            try {
                socket = new Socket(address.getAddress(), address.getPort());
                socket.setSoTimeout(30_000);
                replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                assertThat(read()).startsWith("220 ");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void say(String line, String reply) {
            assertThat(say(line)).as(line).startsWith(reply);
        }

        String say(String line) {
            try {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            String reply = read();
            while (reply != null && reply.length() > 3 && reply.charAt(3) == '-') {
                reply = read();
            }
            return String.valueOf(reply);
        }

        String read() {
            try {
                return replies.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
