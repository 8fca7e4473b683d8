package dev.kumo.core.net;

/**
 * The addresses of one family that are in a set, below one point of the binary tree of all addresses.
 *
 * <p>The form is canonical: nothing is {@link Nothing}, one block is that {@link CidrBlock} at whatever depth (so that a
 * lone host costs one node and not 128), and only what is neither is a {@link Fork}. Two tries of the same addresses are
 * therefore equal.
 */
sealed interface CidrTrie permits CidrTrie.Nothing, CidrTrie.Fork, CidrBlock {

    /** No address. */
    enum Nothing implements CidrTrie {
        NOTHING
    }

    /** Some, on both sides or in several blocks on one. */
    record Fork(CidrTrie zero, CidrTrie one) implements CidrTrie {

        private CidrTrie add(CidrBlock block, int depth) {
            if (block.prefix() <= depth) {
                return block;
            }
            return block.bit(depth)
                    ? join(zero, one.with(block, depth + 1), depth)
                    : join(zero.with(block, depth + 1), one, depth);
        }

        private static CidrTrie join(CidrTrie zero, CidrTrie one, int depth) {
            if (zero == Nothing.NOTHING && one instanceof CidrBlock) {
                return one;
            }
            if (one == Nothing.NOTHING && zero instanceof CidrBlock) {
                return zero;
            }
            // Two full halves are one block: 10.0.0.0/25 and 10.0.0.128/25 are 10.0.0.0/24.
            return zero instanceof CidrBlock first
                            && one instanceof CidrBlock second
                            && first.prefix() == depth + 1
                            && second.prefix() == depth + 1
                    ? first.parent()
                    : new Fork(zero, one);
        }
    }

    /** Whether the address of these bits is here, this trie being the root. */
    default boolean contains(long high, long low) {
        CidrTrie part = this;
        for (int depth = 0; part instanceof Fork fork; depth++) {
            part = bit(high, low, depth) ? fork.one : fork.zero;
        }
        return part instanceof CidrBlock block && block.covers(high, low);
    }

    /** These addresses and those of a block of the same family; depth is where this trie stands on the block's path. */
    default CidrTrie with(CidrBlock block, int depth) {
        if (this instanceof CidrBlock mine) {
            if (mine.covers(block)) {
                return mine;
            }
            return block.covers(mine) ? block : split(mine, depth).add(block, depth);
        }
        return this instanceof Fork fork ? fork.add(block, depth) : block;
    }

    private static Fork split(CidrBlock block, int depth) {
        return block.bit(depth) ? new Fork(Nothing.NOTHING, block) : new Fork(block, Nothing.NOTHING);
    }

    /** Whether a bit of an address is set, 0 being the first. */
    static boolean bit(long high, long low, int index) {
        return (index < 64 ? high << index : low << index - 64) < 0;
    }
}
