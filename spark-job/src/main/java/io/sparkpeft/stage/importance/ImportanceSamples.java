package io.sparkpeft.stage.importance;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.model.Objective;
import io.sparkpeft.run.BatchPlans;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.stage.data.RunData;
import java.util.Arrays;

/** The examples that importance is computed on: some of the task's, and general text. */
public final class ImportanceSamples {
    private final Recipe recipe;
    private final RunData data;
    private final EstimateImportance importance;
    private final BatchPlans plans;
    private final Objective pretraining;

    public ImportanceSamples(
            Recipe recipe, RunData data, EstimateImportance importance, BatchPlans plans, Objective pretraining) {
        this.recipe = recipe;
        this.data = data;
        this.importance = importance;
        this.plans = plans;
        this.pretraining = pretraining;
    }

    /** The statistic on training examples. */
    public ImportanceArtefact onTask(ModelState state, ImportanceStatistic statistic) {
        ShardedData train = ShardedData.of(data.task(), RunData.TRAIN, 0);
        int[] quota = data.task()
                .manifest()
                .split(RunData.TRAIN)
                .quota(recipe.importance().examples());
        return importance.estimate(
                "task", state, statistic, train, quota, plan(recipe.task().type(), quota));
    }

    /** The statistic on the generic sample. */
    public ImportanceArtefact onGeneric(ModelState state, ImportanceStatistic statistic) {
        ShardedData generic = ShardedData.of(
                data.generic().orElseThrow(),
                RunData.SAMPLE,
                recipe.importance().generic().skip());
        int[] all = generic.examples().stream().mapToInt(Integer::intValue).toArray();
        return importance.estimate("generic sample", state, statistic, generic, all, plan(pretraining, all));
    }

    private BatchPlan plan(Objective objective, int[] quota) {
        return plans.importance(objective, Arrays.stream(quota).max().orElse(0));
    }
}
