package dev.kumo.core.delivery;

import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One maildir: a message is written to {@code tmp} under a name that is never used twice, and then moved to {@code new},
 * so that no reader ever sees half a message and no lock is needed.
 */
final class Maildir implements Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Maildir.class);

    private static final Duration STALE = Duration.ofHours(36); // the age at which the maildir rules give a file up
    private static final int CHUNK = 1 << 16;
    private static final String ALL = "rwxrwxrwx"; // a bit for each, from 0400 to 0001

    private static final Attempt BY = Attempt.by("Maildir");
    private static final Outcome DELIVERED = new Outcome.Delivered(Reply.of(250, "2.0.0", "delivered"), BY);
    private static final Outcome NO_ROOM =
            new Outcome.Deferred(Reply.of(452, "4.3.1", "insufficient storage, try again later"), BY);
    private static final Outcome FAILED =
            new Outcome.Deferred(Reply.of(451, "4.3.0", "local error in delivery, try again later"), BY);

    private final Path root;
    private final Path tmp;
    private final Path fresh;
    private final boolean posix;
    private final InstantSource time;
    private final String instance;
    private final String host;
    private final AtomicLong counter = new AtomicLong();
    private final OptionalInt dirMode;
    private final OptionalInt fileMode;

    private Maildir(Protocol.Maildir options, InstantSource time, String host, long random) {
        this.root = options.path().toAbsolutePath();
        this.dirMode = options.dirMode();
        this.fileMode = options.fileMode();
        this.tmp = this.root.resolve("tmp");
        this.fresh = this.root.resolve("new");
        this.posix = this.root.getFileSystem().supportedFileAttributeViews().contains("posix");
        this.time = time;
        // A process id comes back and two maildirs may be open in one process: only the random part tells those apart.
        this.instance =
                "P" + ProcessHandle.current().pid() + "R" + HexFormat.of().toHexDigits(random);
        this.host = host.replace("/", "\\057").replace(":", "\\072");
    }

    static Maildir open(Path root, InstantSource time) throws IOException {
        return open(root, time, localHost());
    }

    static Maildir open(Path root, InstantSource time, String host) throws IOException {
        return open(new Protocol.Maildir(root, OptionalInt.empty(), OptionalInt.empty()), time, host);
    }

    static Maildir open(Protocol.Maildir options, InstantSource time) throws IOException {
        return open(options, time, localHost());
    }

    private static Maildir open(Protocol.Maildir options, InstantSource time, String host) throws IOException {
        Path root = options.path();
        Maildir maildir = new Maildir(options, time, host, new SecureRandom().nextLong());
        try {
            maildir.makeDirectories();
            maildir.clearStale();
        } catch (IOException e) {
            throw new IOException("cannot use '" + root + "' as a maildir: " + reason(e), e);
        }
        return maildir;
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "the directory it stands in does not exist, or takes no more";
        }
        if (e instanceof AccessDeniedException) {
            return "user '" + System.getProperty("user.name") + "' may not write there";
        }
        return e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(e.getMessage());
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    private void makeDirectories() throws IOException {
        Path parent = root.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        for (Path directory : List.of(root, tmp, fresh, root.resolve("cur"))) {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, ownerOnly("rwx------"));
                allow(directory, dirMode);
                sync(directory.resolveSibling(".")); // or a crash could take the directory and the first mail in it
            }
        }
    }

    private void clearStale() throws IOException {
        Instant limit = time.instant().minus(STALE);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(tmp)) {
            for (Path file : files) {
                // Another process may be clearing, too.
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    @Override
    public List<Outcome> deliver(List<Message> batch) {
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (Message message : batch) {
            outcomes.add(deliver(message));
        }
        if (outcomes.contains(DELIVERED)) {
            try {
                sync(fresh); // once for the whole batch
            } catch (IOException e) {
                LOG.error("cannot sync the maildir {}; {} messages may come twice", root, batch.size(), e);
                outcomes.replaceAll(outcome -> outcome.equals(DELIVERED) ? FAILED : outcome);
            }
        }
        return outcomes;
    }

    private Outcome deliver(Message message) {
        String name = uniqueName();
        Path draft = tmp.resolve(name);
        boolean moved = false;
        try {
            write(message, draft);
            Files.move(draft, fresh.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            moved = true;
            return DELIVERED;
        } catch (IOException | RuntimeException e) {
            LOG.error("cannot deliver message {} to the maildir {}", message.id(), root, e);
            return hasRoomFor(message) ? FAILED : NO_ROOM;
        } finally {
            if (!moved) {
                delete(draft);
            }
        }
    }

    private String uniqueName() {
        Instant now = time.instant();
        return now.getEpochSecond() + ".M" + now.getNano() / 1000 + instance + "Q" + counter.incrementAndGet() + "."
                + host;
    }

    private void write(Message message, Path file) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly("rw-------"))) {
            OutputStream out = new BufferedOutputStream(new ChannelOutput(channel));
            out.write(("Return-Path: <" + message.sender() + ">\r\n").getBytes(StandardCharsets.UTF_8));
            message.writeTo(out);
            out.flush();
            allow(file, fileMode);
            channel.force(true);
        }
    }

    private boolean hasRoomFor(Message message) {
        try {
            return Files.getFileStore(root).getUsableSpace() > message.size();
        } catch (IOException unknown) {
            return true;
        }
    }

    private static void delete(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            LOG.warn("cannot delete {}; it will be cleared when it is {} hours old", draft, STALE.toHours(), e);
        }
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Opens to others what was made for the owner alone: the mask of the process does not count for what was asked for. */
    private void allow(Path file, OptionalInt mode) throws IOException {
        if (posix && mode.isPresent()) {
            StringBuilder permissions = new StringBuilder();
            for (int i = 0; i < ALL.length(); i++) {
                permissions.append((mode.getAsInt() & 0400 >> i) == 0 ? '-' : ALL.charAt(i));
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions.toString()));
        }
    }

    /** Forces the entries of a directory to disk, where a directory can be opened at all. */
    private void sync(Path directory) throws IOException {
        if (posix) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Writes in chunks: the JDK copies each write into a direct buffer of its size, and keeps that for the thread. */
    private static final class ChannelOutput extends OutputStream {

        private final FileChannel channel;

        ChannelOutput(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int from = offset, end = offset + length; from < end; from += CHUNK) {
                ByteBuffer chunk = ByteBuffer.wrap(bytes, from, Math.min(CHUNK, end - from));
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
        }
    }
}
