package io.sparkpeft.datasets.shard;

import io.sparkpeft.datasets.shard.batch.MaskingRule;
import io.sparkpeft.random.CounterRandom;

/** Shards made up for tests. */
public final class Shards {
    public static final int VOCABULARY = 100;
    public static final int BEGIN = 1;
    public static final int END = 2;
    public static final int MASK = 3;

    private Shards() {}

    /** Examples of 3 to 22 tokens between a begin and an end token; label = ordinal mod 5, ordinals with gaps. */
    public static TokenShard of(int index, int examples, boolean paired) {
        int[] offsets = new int[examples + 1];
        int[] labels = new int[examples];
        long[] ordinals = new long[examples];
        for (int e = 0; e < examples; e++) {
            offsets[e + 1] = offsets[e] + 3 + (int) (CounterRandom.uniform(index, e) * 20);
            ordinals[e] = 3L * e + index;
            labels[e] = (int) (ordinals[e] % 5);
        }
        int[] tokens = new int[offsets[examples]];
        int[] typeIds = new int[paired ? tokens.length : 0];
        for (int e = 0; e < examples; e++) {
            for (int t = offsets[e]; t < offsets[e + 1]; t++) {
                tokens[t] = 4 + (int) (CounterRandom.uniform(7L + index, t) * (VOCABULARY - 4));
                if (paired) {
                    typeIds[t] = t - offsets[e] > 2 ? 1 : 0;
                }
            }
            tokens[offsets[e]] = BEGIN;
            tokens[offsets[e + 1] - 1] = END;
        }
        return new TokenShard(index, tokens, typeIds, offsets, labels, ordinals);
    }

    public static MaskingRule masking() {
        return MaskingRule.of(MASK, VOCABULARY, 0, BEGIN, END);
    }
}
