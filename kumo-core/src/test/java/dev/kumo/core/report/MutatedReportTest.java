package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MutatedReportTest {

    private static final String[] PIECES = {
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "--",
        ":",
        ";",
        "\"",
        "(",
        ")",
        "<",
        ">",
        "=?utf-8?Q?",
        "?=",
        "=",
        " ",
        "\t",
        "\0",
        "\u00ff",
        "Content-Type: ",
        "message/rfc822",
        "Action: failed\n",
        "Status: 5.0.0\n",
        "\u0085",
        "=?x?b?",
        "99999999999999999999"
    };

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void isAReportOrNoneWhateverHappensToIt(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> names = RealMailTest.names().toList();
        int reports = 0;
        int others = 0;
        for (int round = 0; round < 4_000; round++) {
            byte[] mail = RealMailTest.mail(names.get(random.nextInt(names.size())));
            for (int i = random.nextInt(6); i >= 0; i--) {
                mail = mutated(mail, random);
            }
            try {
                boolean bounce = SoundReports.readBounce(mail);
                boolean complaint = SoundReports.readFeedback(mail);
                if (bounce || complaint) {
                    reports++;
                } else {
                    others++;
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ", round " + round + ":\n" + new String(mail, StandardCharsets.ISO_8859_1), e);
            }
        }
        assertThat(reports).isGreaterThan(500);
        assertThat(others).isGreaterThan(500);
    }

    private static byte[] mutated(byte[] mail, SplittableRandom random) {
        int from = random.nextInt(mail.length + 1);
        int to = Math.min(mail.length, from + random.nextInt(random.nextBoolean() ? 4 : 200));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (random.nextInt(5)) {
            case 0 -> { // insert
                out.write(mail, 0, from);
                out.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.ISO_8859_1));
                out.write(mail, from, mail.length - from);
            }
            case 1 -> { // remove
                out.write(mail, 0, from);
                out.write(mail, to, mail.length - to);
            }
            case 2 -> { // double
                out.write(mail, 0, to);
                out.write(mail, from, mail.length - from);
            }
            case 3 -> { // move to the end
                out.write(mail, 0, from);
                out.write(mail, to, mail.length - to);
                out.write(mail, from, to - from);
            }
            default -> { // change a bit
                byte[] copy = mail.clone();
                if (from < copy.length) {
                    copy[from] ^= (byte) (1 << random.nextInt(8));
                }
                out.writeBytes(copy);
            }
        }
        return out.toByteArray();
    }
}
