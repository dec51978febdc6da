package io.sparkpeft.datasets.shard;

import java.io.Serializable;
import java.util.List;

/**
 * What a split holds.
 *
 * @param truncated examples whose end was cut off
 * @param labelCounts examples of each label; empty where there are no labels
 * @param shards one entry per logical shard
 */
public record SplitSummary(
        long examples, long tokens, long truncated, List<Long> labelCounts, List<ShardSummary> shards)
        implements Serializable {

    /**
     * What a shard holds.
     *
     * @param longest tokens of its longest example
     */
    public record ShardSummary(int examples, long tokens, int longest) implements Serializable {}

    /** Steps until the largest shard has seen each of its examples once. */
    public long stepsPerEpoch(int batchSize) {
        int largest = shards.stream().mapToInt(ShardSummary::examples).max().orElse(0);
        return (largest + batchSize - 1L) / batchSize;
    }

    /** Tokens of the longest example. */
    public int longest() {
        return shards.stream().mapToInt(ShardSummary::longest).max().orElse(0);
    }

    /**
     * How many examples each shard gives to a sample of the split: proportional to its size, what is left to the
     * largest remainders, ties to the lowest shard. All examples where the split has no more than that.
     */
    public int[] quota(long sample) {
        long wanted = Math.min(sample, examples);
        int[] quota = new int[shards.size()];
        long given = 0;
        long[] remainders = new long[quota.length];
        for (int s = 0; s < quota.length; s++) {
            long product = Math.multiplyExact(wanted, shards.get(s).examples());
            quota[s] = Math.toIntExact(product / Math.max(examples, 1));
            remainders[s] = product % Math.max(examples, 1);
            given += quota[s];
        }
        for (; given < wanted; given++) {
            int best = 0;
            for (int s = 1; s < quota.length; s++) {
                if (remainders[s] > remainders[best]) {
                    best = s;
                }
            }
            quota[best]++;
            remainders[best] = -1;
        }
        return quota;
    }
}
