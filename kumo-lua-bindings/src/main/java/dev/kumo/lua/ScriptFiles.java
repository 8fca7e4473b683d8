package dev.kumo.lua;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The files that a script may read: those below its own folder, if it may read any. */
final class ScriptFiles {

    private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*");

    private final Path folder;
    private final boolean granted;

    ScriptFiles(Path script, boolean granted) {
        Path parent = script.toAbsolutePath().normalize().getParent();
        this.folder = parent == null ? script.toAbsolutePath() : parent;
        this.granted = granted;
    }

    /** {@code require}: the text of a module, and the name of its file. */
    Object find(Arguments arguments) {
        String module = arguments.text(1);
        if (!MODULE.matcher(module).matches()) {
            throw new IllegalArgumentException("require '" + Shown.of(module)
                    + "': a module is named by letters, digits, _ and -, with dots between folders");
        }
        String name = module.replace('.', '/') + ".lua";
        Script script = Script.read(resolve("require '" + module + "'", name), name);
        return LuaFunction.Several.of(script.source(), name);
    }

    /**
     * A file below the folder.
     *
     * @throws IllegalArgumentException if there is none, or it may not be read
     */
    Path resolve(String what, String name) {
        if (!granted) {
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
            throw new IllegalArgumentException(what + ": there is no file " + name + " below the script's folder", e);
        }
    }
}
