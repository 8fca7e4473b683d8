package dev.kumo.lua;

import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.queue.QueueOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The files that a script may read: those below its own folder, if it may read any; and the maildirs that it may have written. */
final class ScriptFiles {

    /** Helpers of KumoMTA. */
    private static final String EXTRAS = "policy-extras.";

    /** Those of them that are here. */
    static final Set<String> HELPERS = Set.of("listener_domains", "log_hooks");

    private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*");

    private final Path folder;
    private final boolean granted;
    private final boolean maildirs;

    ScriptFiles(Path script, boolean granted, boolean maildirs) {
        Path parent = script.toAbsolutePath().normalize().getParent();
        this.folder = parent == null ? script.toAbsolutePath() : parent;
        this.granted = granted;
        this.maildirs = maildirs;
    }

    /**
     * The options of a queue as a script gave them, with the path of its maildir below the script's folder unless it is absolute.
     *
     * @throws OptionException if the script may not have maildirs written, or a relative path leads out of its folder: a part of it
     *     may be what a client says
     */
    QueueOptions located(String what, QueueOptions options) {
        if (!(options.protocol() instanceof Protocol.Maildir maildir)) {
            return options;
        }
        if (!maildirs) {
            throw new OptionException(
                    what + ".protocol.maildir_path",
                    "this script may not have files written; LuaPolicyFile.builder(path).writeMaildirs(true) lets it");
        }
        Path path = folder.resolve(maildir.path()).normalize();
        if (!maildir.path().isAbsolute() && (!path.startsWith(folder) || path.equals(folder))) {
            throw new OptionException(
                    what + ".protocol.maildir_path",
                    "'" + Shown.of(maildir.path().toString())
                            + "' is no folder below that of the script; write an absolute path if it is to be elsewhere");
        }
        return options.toBuilder()
                .protocol(new Protocol.Maildir(path, maildir.dirMode(), maildir.fileMode()))
                .build();
    }

    /** {@code require}: the text of a module, what Lua is to call it, and whether it is one of ours. */
    Object find(Arguments arguments) {
        String module = arguments.text(1);
        if (module.startsWith(EXTRAS)) {
            Optional<byte[]> extra = extra(module.substring(EXTRAS.length()));
            if (extra.isPresent()) {
                return LuaFunction.Several.of(extra.get(), "=" + Prelude.NAME, true);
            }
        }
        if (!MODULE.matcher(module).matches()) {
            throw new IllegalArgumentException("require '" + Shown.of(module)
                    + "': a module is named by letters, digits, _ and -, with dots between folders");
        }
        String name = module.replace('.', '/') + ".lua";
        Script script = Script.read(resolve("require '" + module + "'", name), name);
        return LuaFunction.Several.of(script.source(), "@" + name, false);
    }

    /** A helper that KumoMTA has beside its functions, written anew for those that are here. */
    private static Optional<byte[]> extra(String name) {
        if (!HELPERS.contains(name)) {
            return Optional.empty();
        }
        try (InputStream in = ScriptFiles.class.getResourceAsStream("extras/" + name + ".lua")) {
            return Optional.of(Objects.requireNonNull(in).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A file below the folder.
     *
     * @throws IllegalArgumentException if there is none, or it may not be read
     */
    Path resolve(String what, String name) {
        boolean helper = what.startsWith("require '" + EXTRAS);
        String noHelper = what + ": this helper of KumoMTA is not here; there are "
                + String.join(", ", new TreeSet<>(HELPERS)) + "; docs/lua.md lists what can be used";
        if (!granted) {
            if (helper) {
                throw new IllegalArgumentException(noHelper);
            }
            throw new IllegalArgumentException(
                    what
                            + ": this script may not read other files; LuaPolicyFile.builder(path).readFiles(true) lets it, below its folder");
        }
        try {
            Path file = folder.resolve(name).toRealPath();
            if (!file.startsWith(folder.toRealPath()) || !Files.isRegularFile(file)) {
                throw new IllegalArgumentException(what + ": " + name + " is no file below the script's folder");
            }
            return file;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    helper ? noHelper : what + ": there is no file " + name + " below the script's folder", e);
        }
    }

    /**
     * The path of a file below the folder, to be read now and again: if a link in it leads elsewhere some day, that is what is read.
     *
     * @throws IllegalArgumentException as {@link #resolve} does
     */
    Path path(String what, String name) {
        resolve(what, name);
        return folder.resolve(name).normalize();
    }
}
