package io.sparkpeft.datasets.shard.batch;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.shard.SplitSummary;
import io.sparkpeft.model.Objective;
import java.io.Serializable;

/**
 * How the examples of a shard become batches.
 *
 * @param objective what the labels mean
 * @param batchSize examples of one optimiser step on one shard
 * @param maxTokens most tokens of a micro-batch; a longer example is a micro-batch of its own
 * @param seed of the order of examples, of masks and of dropout
 * @param stepsPerEpoch steps until every shard has seen each of its examples once:
 *     {@link SplitSummary#stepsPerEpoch}
 * @param dropout whether examples carry keys for dropout
 * @param masking for a masked language model, else {@link MaskingRule#none}
 */
public record BatchPlan(
        Objective objective,
        int batchSize,
        int maxTokens,
        long seed,
        long stepsPerEpoch,
        boolean dropout,
        MaskingRule masking)
        implements Serializable {

    public BatchPlan {
        if (batchSize < 1 || maxTokens < 1 || stepsPerEpoch < 1) {
            throw DatasetException.config(
                    "Invalid batches: batch size %d, %d tokens a micro-batch, %d steps an epoch must be above 0",
                    batchSize, maxTokens, stepsPerEpoch);
        }
        if (objective == Objective.MASKED_LM && masking == MaskingRule.none()) {
            throw DatasetException.config("Invalid batches: a masked language model needs a masking rule");
        }
    }

    /** For evaluation and importance, where only objective, token budget, seed and masking matter. */
    public static BatchPlan evaluation(Objective objective, int maxTokens, long seed, MaskingRule masking) {
        return new BatchPlan(objective, 1, maxTokens, seed, 1, false, masking);
    }
}
