package dev.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@link CidrSet} against the plainest other way to say the same: a list of ranges of big numbers. */
class CidrSetPropertyTest {

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void containsWhatTheRangesContain(long seed) throws UnknownHostException {
        Random random = new Random(seed);
        List<Range> ranges = ranges(random);
        CidrSet set = CidrSet.of(ranges.stream().map(Range::text).toList());
        for (int i = 0; i < 200; i++) {
            InetAddress address = address(random, ranges);
            assertThat(set.contains(address))
                    .as("seed %d: %s contains %s", seed, set, address)
                    .isEqualTo(ranges.stream().anyMatch(range -> range.contains(address)));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theOrderOfTheEntriesDoesNotMatter(long seed) {
        Random random = new Random(seed);
        List<String> entries =
                new ArrayList<>(ranges(random).stream().map(Range::text).toList());
        CidrSet set = CidrSet.of(entries);
        Collections.shuffle(entries, random);
        assertThat(CidrSet.of(entries)).as("seed %d", seed).isEqualTo(set).hasSameHashCodeAs(set);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aBlockIsEqualToItsHalves(long seed) {
        Random random = new Random(seed);
        List<String> whole = new ArrayList<>();
        List<String> halves = new ArrayList<>();
        for (Range range : ranges(random)) {
            whole.add(range.text());
            if (range.prefix < range.width) {
                halves.add(range.half(false).text());
                halves.add(range.half(true).text());
            } else {
                halves.add(range.text());
            }
        }
        assertThat(CidrSet.of(halves)).as("seed %d", seed).isEqualTo(CidrSet.of(whole));
    }

    /** Few different bits, so that blocks lie within and beside each other. */
    private static List<Range> ranges(Random random) {
        List<Range> ranges = new ArrayList<>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            int width = random.nextBoolean() ? 32 : 128;
            int prefix = random.nextInt(4) == 0 ? random.nextInt(width + 1) : width - random.nextInt(6);
            BigInteger bits = new BigInteger(8, random)
                    .shiftLeft(random.nextBoolean() ? 0 : Math.max(0, random.nextInt(width) - 8))
                    .mod(BigInteger.ONE.shiftLeft(width));
            ranges.add(new Range(width, bits.shiftRight(width - prefix).shiftLeft(width - prefix), prefix));
        }
        return ranges;
    }

    private static InetAddress address(Random random, List<Range> ranges) throws UnknownHostException {
        if (ranges.isEmpty() || random.nextInt(4) == 0) {
            return toAddress(new BigInteger(8, random), random.nextBoolean() ? 32 : 128, random);
        }
        Range range = ranges.get(random.nextInt(ranges.size()));
        // Within it, one before it or one past it.
        BigInteger offset = switch (random.nextInt(4)) {
            case 0 -> BigInteger.ONE.negate();
            case 1 -> range.size();
            case 2 -> range.size().subtract(BigInteger.ONE);
            default -> new BigInteger(range.width, random).mod(range.size());
        };
        return toAddress(range.first.add(offset).mod(BigInteger.ONE.shiftLeft(range.width)), range.width, random);
    }

    private static InetAddress toAddress(BigInteger bits, int width, Random random) throws UnknownHostException {
        byte[] number = bits.toByteArray();
        byte[] bytes = new byte[width / 8];
        int length = Math.min(number.length, bytes.length);
        System.arraycopy(number, number.length - length, bytes, bytes.length - length, length);
        if (width == 32 && random.nextBoolean()) {
            byte[] mapped = new byte[16];
            Arrays.fill(mapped, 10, 12, (byte) -1);
            System.arraycopy(bytes, 0, mapped, 12, 4);
            return Inet6Address.getByAddress(null, mapped, -1);
        }
        return InetAddress.getByAddress(bytes);
    }

    /** A block as numbers. */
    private record Range(int width, BigInteger first, int prefix) {

        BigInteger size() {
            return BigInteger.ONE.shiftLeft(width - prefix);
        }

        Range half(boolean upper) {
            BigInteger half = size().shiftRight(1);
            return new Range(width, upper ? first.add(half) : first, prefix + 1);
        }

        boolean contains(InetAddress address) {
            byte[] bytes = address.getAddress();
            BigInteger number = new BigInteger(1, bytes);
            boolean v4 = bytes.length == 4 || number.shiftRight(32).equals(BigInteger.valueOf(0xffff));
            BigInteger within = v4 ? number.and(BigInteger.valueOf(0xffff_ffffL)) : number;
            return v4 == (width == 32) && within.compareTo(first) >= 0 && within.compareTo(first.add(size())) < 0;
        }

        String text() {
            StringBuilder text = new StringBuilder();
            int step = width == 32 ? 8 : 16;
            for (int shift = width - step; shift >= 0; shift -= step) {
                int part = first.shiftRight(shift).intValue() & (1 << step) - 1;
                text.append(text.isEmpty() ? "" : width == 32 ? "." : ":")
                        .append(width == 32 ? Integer.toString(part) : Integer.toHexString(part));
            }
            return text + "/" + prefix;
        }
    }
}
