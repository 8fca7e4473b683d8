package dev.kumo.core.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Takes turns by weight: of weights 5, 1 and 1, the first gets five turns of seven, spread evenly. A weight of 0 gets
 * none.
 *
 * <p>It is smooth: each turn, every candidate gains its weight, and the one that has most pays what all have gained.
 * Who cannot be used gains nothing meanwhile, so that it does not come back with a claim to a burst.
 *
 * <p>The same turns come of the same questions. Any number of threads may use it.
 */
final class WeightedRotation<T> {

    private final List<Share<T>> shares = new ArrayList<>();

    /** Candidates in the order in which they go first where weights are equal. */
    WeightedRotation(List<T> candidates, ToIntFunction<? super T> weight) {
        for (T candidate : candidates) {
            int share = weight.applyAsInt(candidate);
            if (share < 0) {
                throw new IllegalArgumentException("a weight is 0 or more, not " + share);
            }
            if (share > 0) {
                shares.add(new Share<>(candidate, share));
            }
        }
        int divisor = shares.stream().mapToInt(share -> share.weight).reduce(0, WeightedRotation::gcd);
        shares.forEach(share -> share.weight /= divisor);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Whose turn it is of those that can be used; empty if none can. */
    synchronized Optional<T> next(Predicate<? super T> usable) {
        Share<T> best = null;
        long total = 0;
        for (Share<T> share : shares) {
            if (usable.test(share.candidate)) {
                share.credit += share.weight;
                total += share.weight;
                if (best == null || share.credit > best.credit) {
                    best = share;
                }
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        best.credit -= total;
        return Optional.of(best.candidate);
    }

    private static final class Share<T> {

        private final T candidate;
        private int weight;
        private long credit;

        Share(T candidate, int weight) {
            this.candidate = candidate;
            this.weight = weight;
        }
    }
}
