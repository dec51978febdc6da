package io.sparkpeft.datasets.shard.batch;

import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.random.CounterRandom;

/** Packs examples of a shard one after the other and makes the labels of the objective. */
final class BatchAssembler {
    private final TokenShard shard;
    private final BatchPlan plan;

    BatchAssembler(TokenShard shard, BatchPlan plan) {
        this.shard = shard;
        this.plan = plan;
    }

    /** End of the micro-batch that starts at {@code from}: as many examples as fit the token budget, at least one. */
    int end(int[] examples, int from) {
        long tokens = shard.length(examples[from]);
        int to = from + 1;
        while (to < examples.length && tokens + shard.length(examples[to]) <= plan.maxTokens()) {
            tokens += shard.length(examples[to]);
            to++;
        }
        return to;
    }

    /** A batch with dropout keys where the plan has dropout. */
    TokenBatch batch(int[] examples, long maskKey, long dropoutKey) {
        long[] keys = new long[plan.dropout() ? examples.length : 0];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = CounterRandom.mix(dropoutKey, shard.ordinal(examples[i]));
        }
        return assemble(examples, maskKey, keys);
    }

    TokenBatch batchWithoutDropout(int[] examples, long maskKey) {
        return assemble(examples, maskKey, new long[0]);
    }

    private TokenBatch assemble(int[] examples, long maskKey, long[] keys) {
        int[] offsets = new int[examples.length + 1];
        for (int i = 0; i < examples.length; i++) {
            offsets[i + 1] = offsets[i] + shard.length(examples[i]);
        }
        int rows = offsets[examples.length];
        int[] tokens = new int[rows];
        int[] typeIds = new int[shard.isPaired() ? rows : 0];
        int[] labels = new int[plan.objective() == Objective.SEQUENCE_CLASSIFICATION ? examples.length : rows];
        for (int i = 0; i < examples.length; i++) {
            shard.copyTokens(examples[i], tokens, offsets[i]);
            if (shard.isPaired()) {
                shard.copyTypeIds(examples[i], typeIds, offsets[i]);
            }
            switch (plan.objective()) {
                case SEQUENCE_CLASSIFICATION -> labels[i] = shard.label(examples[i]);
                case CAUSAL_LM -> shift(tokens, offsets[i], offsets[i + 1], labels);
                case MASKED_LM -> {
                    long key = CounterRandom.mix(maskKey, shard.ordinal(examples[i]));
                    plan.masking().corrupt(key, tokens, offsets[i], offsets[i + 1], labels);
                }
            }
        }
        return new TokenBatch(plan.objective(), tokens, typeIds, offsets, labels, keys);
    }

    private static void shift(int[] tokens, int from, int to, int[] labels) {
        for (int row = from; row < to - 1; row++) {
            labels[row] = tokens[row + 1];
        }
        if (to > from) {
            labels[to - 1] = -1;
        }
    }
}
