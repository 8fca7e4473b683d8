package dev.kumo.lua;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Policy scripts for tests: those of the resources, and texts written to a folder. */
final class Policies {

    private Policies() {}

    /** What scripts can call, without a policy file. */
    static LuaLibrary library() {
        Configuration nothing = new Configuration(new Configuration.Wiring(
                events -> List.of(),
                events -> List.of(),
                unchanged -> {},
                unchanged -> {},
                () -> {
                    throw new IllegalStateException("there are no queues");
                },
                Runnable::run));
        return KumoModule.library(
                new ScriptFiles(Path.of("policy.lua"), false, false), nothing, new Dns(null), InstantSource.system());
    }

    static Path resource(String name) {
        try {
            return Path.of(Policies.class.getResource("/policies/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path write(Path folder, String text) {
        try {
            return Files.writeString(folder.resolve("policy.lua"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LuaPolicyFile load(Path folder, String text) {
        return LuaPolicyFile.load(write(folder, text));
    }

    /** A script around one handler, with a listener that takes mail for example.com. */
    static String listening(String rest) {
        return """
                kumo.on('init', function()
                  kumo.start_esmtp_listener {
                    listen = '127.0.0.1:0',
                    hostname = 'mx.example.com',
                    domains = { ['example.com'] = { relay_to = true } },
                  }
                end)
                """ + rest;
    }
}
