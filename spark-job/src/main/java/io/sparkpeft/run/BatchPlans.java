package io.sparkpeft.run;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.shard.SplitSummary;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.datasets.shard.batch.MaskingRule;
import io.sparkpeft.model.Objective;

/**
 * How this run's examples become batches.
 *
 * @param recipe of the run
 * @param masking of the tokenizer; none for models that hide no tokens
 */
public record BatchPlans(Recipe recipe, MaskingRule masking) {

    /** For training on the task. */
    public BatchPlan training(SplitSummary train) {
        return new BatchPlan(
                recipe.task().type(),
                recipe.train().batchSize(),
                recipe.train().microBatchTokens(),
                recipe.seed(),
                Math.max(1, train.stepsPerEpoch(recipe.train().batchSize())),
                recipe.model().dropout(),
                masking);
    }

    /** For importance: batches of at most so many examples and tokens, without dropout. */
    public BatchPlan importance(Objective objective, int largestShard) {
        int batchSize = recipe.importance().batchSize();
        return new BatchPlan(
                objective,
                batchSize,
                recipe.train().microBatchTokens(),
                recipe.seed(),
                Math.max(1, (largestShard + batchSize - 1) / batchSize),
                false,
                masking);
    }

    /** For measuring: every example once, without dropout, one pattern of masks. */
    public BatchPlan measuring(Objective objective) {
        return BatchPlan.evaluation(objective, recipe.train().microBatchTokens(), recipe.seed(), masking);
    }
}
