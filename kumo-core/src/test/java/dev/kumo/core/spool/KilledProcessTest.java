package dev.kumo.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.MessageId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed leaves what it has acknowledged. */
class KilledProcessTest {

    private static final int ROUNDS = 3;

    @TempDir
    Path directory;

    /** Of each two that are stored together, the first is removed, whether that is acknowledged or not. */
    private final Set<MessageId> toBeRemoved = new HashSet<>();

    /** Stores and removes on several threads, and says so once it is acknowledged. */
    static final class Storing {

        private static final int THREADS = 4;

        private Storing() {}

        public static void main(String[] args) throws Exception {
            Spool spool = open(Path.of(args[0]));
            int base = Integer.parseInt(args[1]);
            for (int thread = 0; thread < THREADS; thread++) {
                int first = base + thread;
                new Thread(() -> run(spool, first)).start();
            }
        }

        private static void run(Spool spool, int first) {
            for (int number = first; ; number += 2 * THREADS) {
                spool.store(List.of(TestMail.message(number), TestMail.message(number + THREADS)))
                        .toCompletableFuture()
                        .join();
                say("+", number);
                say("+", number + THREADS);
                spool.remove(TestMail.id(number)).thenRun(saying("-", number));
            }
        }

        private static Runnable saying(String what, int number) {
            return () -> say(what, number);
        }

        private static void say(String what, int number) {
            System.out.println(what + TestMail.id(number));
        }
    }

    private static Spool open(Path path) throws IOException {
        return Spool.onDisk(
                DiskSpoolOptions.builder().path(path).minFreeSpace("0").build());
    }

    @Test
    void leavesWhatItHasAcknowledged() throws Exception {
        SplittableRandom random = new SplittableRandom();
        Set<MessageId> stored = new HashSet<>();
        Set<MessageId> removed = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            liveAndDie(round * 10_000, random.nextInt(1, 600), stored, removed);
            Set<MessageId> found = new HashSet<>();
            try (Spool spool = open(directory);
                    Stream<Spool.Stored> all = spool.enumerate()) {
                all.forEach(each -> found.add(each.id()));
            }

            // A process that was killed at once has removed nothing.
            assertThat(removed).as("round %d", round).noneMatch(found::contains);
            stored.removeAll(found);
            // Of each two that were stored together one was removed; the other one must be there.
            assertThat(stored)
                    .as("round %d", round)
                    .allSatisfy(id -> assertThat(toBeRemoved).contains(id));
        }
    }

    private void liveAndDie(int base, int lines, Set<MessageId> stored, Set<MessageId> removed) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Storing.class.getName(),
                        directory.toString(),
                        Integer.toString(base))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader()) {
            int left = lines;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.length() == 33 && line.matches("[+-][0-9a-f]{32}")) {
                    (line.charAt(0) == '+' ? stored : removed).add(new MessageId(line.substring(1)));
                }
                if (--left == 0) {
                    process.toHandle().destroyForcibly(); // that of the process itself would also close the stream
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        for (int number = base; number < base + 10_000; number++) {
            if ((number - base) % 8 < 4) {
                toBeRemoved.add(TestMail.id(number));
            }
        }
        assertThat(stored).isNotEmpty();
    }
}
