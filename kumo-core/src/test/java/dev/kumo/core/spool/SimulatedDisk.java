package dev.kumo.core.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that forgets like a real one: what was not forced may be lost, sector by sector and name by name, and
 * a force that failed has forgotten what it should have written.
 */
final class SimulatedDisk implements Disk {

    private static final int SECTOR = 512;

    private static final class Inode {
        byte[] bytes = {};
        int size;
        byte[] durable = {};
        int durableSize;
        final BitSet dirty = new BitSet();

        void write(byte[] more) {
            if (size + more.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(size + more.length, 2 * bytes.length));
            }
            System.arraycopy(more, 0, bytes, size, more.length);
            if (more.length > 0) {
                dirty.set(size / SECTOR, (size + more.length - 1) / SECTOR + 1);
            }
            size += more.length;
        }

        void force() {
            durable = Arrays.copyOf(durable, Math.max(durable.length, size));
            dirty.stream().forEach(sector -> copySector(sector, durable, size));
            durableSize = size;
            dirty.clear();
        }

        void copySector(int sector, byte[] to, int limit) {
            int from = sector * SECTOR;
            int length = Math.min(SECTOR, limit - from);
            if (length > 0) {
                System.arraycopy(bytes, from, to, from, length);
            }
        }

        Inode afterPowerLoss(SplittableRandom random) {
            Inode after = new Inode();
            after.size = size <= durableSize ? durableSize : random.nextInt(durableSize, size + 1);
            after.bytes = Arrays.copyOf(Arrays.copyOf(durable, durableSize), after.size);
            boolean all = random.nextInt(4) == 0;
            dirty.stream()
                    .filter(sector -> all || random.nextBoolean())
                    .forEach(sector -> copySector(sector, after.bytes, after.size));
            after.durable = after.bytes.clone();
            after.durableSize = after.size;
            return after;
        }
    }

    /** A name that came, changed or went, and is not forced: a null inode is a name that went. */
    private record Naming(
            Path name, @Nullable Inode inode, @Nullable Path formerly) {}

    private final Map<Path, Inode> names = new TreeMap<>();
    private final Map<Path, Inode> durableNames = new TreeMap<>();
    private final List<Naming> unforced = new ArrayList<>();
    private final SplittableRandom random;

    private int stepsLeft = Integer.MAX_VALUE;
    private int steps;
    private int forces;
    private boolean off;
    private boolean writesFail;
    private boolean forcesFail;
    private int forcesLeft = Integer.MAX_VALUE;
    private boolean createsFail;
    private boolean locked;
    private @Nullable Path unreadable;
    private long unreadableFrom;
    private long usable = 1L << 40;

    SimulatedDisk(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Lets the power fail in the midst of the step after so many. */
    synchronized void cutPowerAfter(int more) {
        stepsLeft = more;
    }

    synchronized boolean isOff() {
        return off;
    }

    synchronized int steps() {
        return steps;
    }

    synchronized int forces() {
        return forces;
    }

    synchronized void failWrites(boolean fail) {
        writesFail = fail;
    }

    synchronized void failForces(boolean fail) {
        forcesFail = fail;
    }

    synchronized void failForcesAfter(int more) {
        forcesLeft = more;
    }

    synchronized void failCreates(boolean fail) {
        createsFail = fail;
    }

    /** A file has a sector that the disk does not give back. */
    synchronized void failReads(Path file, long from) {
        unreadable = file;
        unreadableFrom = from;
    }

    synchronized void setUsableSpace(long bytes) {
        usable = bytes;
    }

    /** What is there when the power is back. */
    synchronized SimulatedDisk afterPowerLoss() {
        SimulatedDisk after = new SimulatedDisk(random.nextLong());
        Map<Path, Inode> left = new TreeMap<>(durableNames);
        boolean all = random.nextInt(4) == 0;
        for (Naming naming : unforced) {
            if (all || random.nextBoolean()) {
                apply(naming, left);
            }
        }
        left.forEach((name, inode) -> {
            Inode survivor = inode.afterPowerLoss(random);
            after.names.put(name, survivor);
            after.durableNames.put(name, survivor);
        });
        return after;
    }

    private static void apply(Naming naming, Map<Path, Inode> to) {
        if (naming.inode() == null) {
            to.remove(naming.name());
        } else if (naming.formerly() == null || to.remove(naming.formerly()) != null) {
            to.put(naming.name(), naming.inode());
        } // else the file that is renamed never came
    }

    /** As when the process ends and the power does not. */
    synchronized void forgetLock() {
        locked = false;
    }

    synchronized byte[] bytes(Path file) {
        Inode inode = names.get(file);
        return Arrays.copyOf(inode.bytes, inode.size);
    }

    synchronized void damage(Path file, int offset) {
        Inode inode = names.get(file);
        inode.bytes[offset] ^= 0x40;
        if (offset < inode.durableSize) {
            inode.durable[offset] ^= 0x40;
        }
    }

    synchronized void put(Path file, byte[] bytes) {
        Inode inode = new Inode();
        inode.write(bytes);
        inode.force();
        names.put(file, inode);
        durableNames.put(file, inode);
    }

    synchronized List<Path> files() {
        return List.copyOf(names.keySet());
    }

    synchronized long totalSize() {
        return names.values().stream().mapToLong(inode -> inode.size).sum();
    }

    private void step() throws IOException {
        requirePower();
        steps++;
        if (stepsLeft-- <= 0) {
            off = true;
            requirePower();
        }
    }

    private void requirePower() throws IOException {
        if (off) {
            throw new IOException("the power is off");
        }
    }

    private Inode inode(Path file) throws IOException {
        requirePower();
        Inode inode = names.get(file);
        if (inode == null) {
            throw new NoSuchFileException(file.toString());
        }
        return inode;
    }

    @Override
    public synchronized Output create(Path file) throws IOException {
        step();
        if (createsFail) {
            throw new IOException("no file can be made");
        }
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Inode inode = new Inode();
        names.put(file, inode);
        unforced.add(new Naming(file, inode, null));
        return new Output() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                writeTo(inode, bytes);
            }

            @Override
            public void force() throws IOException {
                forceOf(inode);
            }

            @Override
            public void close() {}
        };
    }

    private synchronized void writeTo(Inode inode, ByteBuffer bytes) throws IOException {
        if (!bytes.hasRemaining()) {
            requirePower();
            return;
        }
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        byte[] some = Arrays.copyOf(all, random.nextInt(all.length + 1));
        try {
            step();
        } catch (IOException e) {
            inode.write(some);
            throw e;
        }
        if (writesFail) {
            inode.write(some);
            throw new IOException("the disk takes no more");
        }
        inode.write(all);
    }

    private synchronized void forceOf(Inode inode) throws IOException {
        step();
        forces++;
        if (forcesFail || forcesLeft-- <= 0) {
            inode.dirty.clear();
            throw new IOException("the disk has lost what it was given");
        }
        inode.force();
    }

    @Override
    public synchronized Input open(Path file) throws IOException {
        Inode inode = inode(file);
        return new Input() {
            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                return readFrom(file, inode, target, position);
            }

            @Override
            public long size() {
                return inode.size;
            }

            @Override
            public void close() {}
        };
    }

    private synchronized int readFrom(Path file, Inode inode, ByteBuffer target, long position) throws IOException {
        requirePower();
        if (file.equals(unreadable) && position + target.remaining() > unreadableFrom) {
            throw new IOException("Input/output error");
        }
        if (position >= inode.size) {
            return -1;
        }
        int length = Math.min(target.remaining(), inode.size - (int) position);
        target.put(inode.bytes, (int) position, length);
        return length;
    }

    @Override
    public synchronized void truncate(Path file, long size) throws IOException {
        Inode inode = inode(file);
        step();
        inode.size = (int) size;
        inode.force();
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        Inode inode = inode(from);
        step();
        names.remove(from);
        names.put(to, inode);
        unforced.add(new Naming(to, inode, from));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        requirePower();
        if (names.containsKey(file)) {
            step();
            names.remove(file);
            unforced.add(new Naming(file, null, null));
        }
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        step();
        unforced.stream()
                .filter(naming -> directory.equals(naming.name().getParent()))
                .forEach(naming -> apply(naming, durableNames));
        unforced.removeIf(naming -> directory.equals(naming.name().getParent()));
    }

    @Override
    public void makeDirectory(Path directory) {}

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        requirePower();
        return names.keySet().stream()
                .filter(name -> directory.equals(name.getParent()))
                .toList();
    }

    @Override
    public synchronized Closeable lock(Path directory) throws IOException {
        requirePower();
        if (locked) {
            throw new IOException("the spool is in use");
        }
        locked = true;
        return this::forgetLock;
    }

    @Override
    public synchronized long usableSpace(Path directory) {
        return usable;
    }

    @Override
    public long totalSpace(Path directory) {
        return 1L << 41;
    }
}
