package dev.kumo.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail.Log;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever was acknowledged is there when the power is back, and nothing by halves. */
class PowerLossTest {

    private final List<Log> trouble = List.of(
            new Log(GroupCommit.class), new Log(Upkeep.class), new Log(Recovery.class), new Log(Compaction.class));
    private final Log damage = new Log(Damage.class);

    @AfterEach
    void nothingIsTakenForDamage() {
        trouble.forEach(Log::close);
        damage.close();
        assertThat(damage.lines()).allMatch(line -> line.startsWith("left out ")); // in the commit that was under way
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void losesNothingWhenThePowerFails(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        SpoolModel model = new SpoolModel("seed " + seed, seed, true);
        model.open();
        for (int life = 0; life < 6; life++) {
            live(model, random, random.nextInt(5) == 0 ? 4 : 1 << random.nextInt(2, 9));
        }
        model.compare();
    }

    private static void live(SpoolModel model, SplittableRandom random, int steps) throws IOException {
        model.disk().cutPowerAfter(steps);
        boolean killed = random.nextInt(4) == 0;
        try {
            for (int i = 0; i < 200 && !model.disk().isOff(); i++) {
                if (random.nextInt(60) == 0) {
                    model.failOnce();
                } else {
                    model.step();
                }
            }
        } catch (IOException e) {
            if (!model.disk().isOff()) {
                throw e;
            }
        }
        restart(model, killed);
    }

    private static void restart(SpoolModel model, boolean killed) throws IOException {
        if (killed) {
            model.kill();
        } else {
            model.losePower();
        }
        model.open();
        model.compare();
    }

    /** The same life, ended at each of its writes, forces, and changes of names; and ended once more during the restart. */
    @Test
    void losesNothingAtWhateverStepThePowerFails() throws IOException {
        int steps = play(Integer.MAX_VALUE);
        IntStream.range(0, steps).forEach(step -> {
            try {
                play(step);
            } catch (IOException e) {
                throw new AssertionError("step " + step, e);
            }
        });
    }

    private static int play(int steps) throws IOException {
        SpoolModel model = new SpoolModel("power cut at step " + steps, 7, true);
        SplittableRandom random = new SplittableRandom(steps);
        model.disk().cutPowerAfter(steps);
        try {
            model.open();
            for (int i = 0; i < 250; i++) {
                model.step();
                if (i % 80 == 79) {
                    model.failOnce();
                }
            }
            model.reopen();
        } catch (IOException e) {
            if (!model.disk().isOff()) {
                throw e;
            }
        }
        int played = model.disk().steps();
        if (model.disk().isOff()) {
            cutDuringRestart(model, random);
            restart(model, false);
        }
        return played;
    }

    private static void cutDuringRestart(SpoolModel model, SplittableRandom random) {
        model.losePower();
        model.disk().cutPowerAfter(random.nextInt(6));
        try {
            model.open();
        } catch (IOException e) {
            // as it should
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsRefusedNeverComesBack(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        SpoolModel model = new SpoolModel("seed " + seed, seed, random.nextBoolean());
        model.open();
        for (int i = 0; i < 300; i++) {
            if (random.nextInt(20) == 0) {
                model.failOnce();
            } else {
                model.step();
            }
        }
        model.reopen();
    }
}
