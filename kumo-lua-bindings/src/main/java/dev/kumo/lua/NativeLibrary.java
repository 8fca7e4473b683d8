package dev.kumo.lua;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import party.iroiro.luajava.lua54.Lua54Natives;

/**
 * Loads Lua's native library.
 *
 * <p>luajava by itself unpacks it into the folder for temporary files, under a name that can be foretold, and takes what lies there already if
 * its CRC fits: other users of the machine could put theirs in its place. And it looks for it in its own module, where it is not if there
 * are modules. So it is unpacked here, into a folder that is the owner's alone, and luajava told that it is there.
 */
final class NativeLibrary {

    private NativeLibrary() {}

    /**
     * Loads it, unless it was loaded before, here or elsewhere in the process.
     *
     * @return where it was then
     * @throws LuaFailure if it cannot be loaded; the text has the mend
     */
    static synchronized String load() {
        try {
            Field field = Lua54Natives.class.getDeclaredField("loaded");
            field.setAccessible(true);
            @SuppressWarnings("unchecked") // what it is in the version that the build pins
            AtomicReference<@Nullable String> loaded = (AtomicReference<@Nullable String>) field.get(null);
            String path = loaded.get();
            if (path == null) {
                path = unpackAndLoad(fileName(System.getProperty("os.name"), System.getProperty("os.arch")));
                bind();
                loaded.set(path);
            }
            return path;
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw new LuaFailure(
                    "Lua's native library cannot be loaded. It is unpacked into the folder for temporary files, "
                            + System.getProperty("java.io.tmpdir")
                            + "; if nothing may be written there, or run from there"
                            + " (noexec), name another with -Djava.io.tmpdir=. The cause: " + e,
                    e);
        }
    }

    private static void bind() throws ReflectiveOperationException {
        Method bind = Lua54Natives.class.getDeclaredMethod("initBindings");
        bind.setAccessible(true);
        if (!Integer.valueOf(0).equals(bind.invoke(null))) {
            throw new IllegalStateException("it does not fit this Java");
        }
    }

    private static String unpackAndLoad(String name) throws IOException {
        Path folder = Files.createTempDirectory("kumo-lua"); // for its owner alone where there are POSIX permissions
        Path file = folder.resolve(name);
        try (InputStream in = NativeLibrary.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(
                        "there is no " + name + " in any jar; add party.iroiro.luajava:lua54-platform with the"
                                + " classifier natives-desktop, if it has one for this machine");
            }
            Files.copy(in, file);
            System.load(file.toString());
            return file.toString();
        } finally {
            forget(file);
            forget(folder);
        }
    }

    /** Once loaded, the file is not needed any more, but Windows deletes none that is in use. */
    private static void forget(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }

    /** As the files in the jar are named. */
    static String fileName(String system, String architecture) {
        String os = system.toLowerCase(Locale.ROOT);
        String arch = architecture.toLowerCase(Locale.ROOT);
        boolean arm = arch.startsWith("arm") || arch.startsWith("aarch64");
        String end = arm ? (arch.contains("64") ? "arm64" : "arm") : arch.contains("64") ? "64" : "";
        if (os.contains("windows")) {
            return "lua54" + end + ".dll";
        }
        return "liblua54" + end + (os.contains("mac") ? ".dylib" : ".so");
    }
}
