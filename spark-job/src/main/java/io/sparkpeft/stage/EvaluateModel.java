package io.sparkpeft.stage;

import io.sparkpeft.config.Metric;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.shard.BatchPlan;
import io.sparkpeft.model.Objective;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.WeightsInUse;
import io.sparkpeft.train.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Measures a model on the executors: how good it is at the task, and what it still knows of general text. */
final class EvaluateModel {
    private final RunContext run;
    private final BatchPlans plans;
    private final Objective task;
    private final Optional<ShardedData> retention;

    EvaluateModel(RunContext run, Recipe recipe, BatchPlans plans) {
        this.run = run;
        this.plans = plans;
        this.task = recipe.task().type();
        int skip = recipe.evaluate().retention().skip();
        this.retention = run.data().retention().map(sample -> ShardedData.of(sample, RunData.SAMPLE, skip));
    }

    /**
     * @param what names the model, for the Spark user interface
     * @param split of the task's examples
     */
    Measurement measure(String what, WeightsInUse weights, String split) {
        ShardedData examples = ShardedData.of(run.data().task(), split, 0);
        Evaluation taskResult = score("evaluate " + what, weights, examples, plans.measuring(task));
        Map<String, Double> values = new LinkedHashMap<>();
        if (!task.isLanguageModel()) {
            values.put(Metric.ACCURACY.key(), taskResult.accuracy());
            values.put(Metric.MACRO_F1.key(), taskResult.macroF1());
            values.put(Metric.MATTHEWS.key(), taskResult.matthews());
        }
        values.put(Metric.CROSS_ENTROPY.key(), taskResult.crossEntropy());
        if (task.isLanguageModel()) {
            values.put(Measurement.PERPLEXITY, taskResult.perplexity());
        }
        if (retention.isPresent()) {
            Evaluation generic =
                    score("retention of " + what, weights, retention.get(), plans.measuring(run.pretraining()));
            values.put(Measurement.RETENTION, generic.crossEntropy());
        }
        return new Measurement(taskResult.examples(), values);
    }

    private Evaluation score(String what, WeightsInUse weights, ShardedData data, BatchPlan plan) {
        // Summed in shard order, so that the last bit of the loss does not depend on who finished first.
        return run.cluster().onShards(what, data.shards(), new EvaluateTask(weights, data, plan)).stream()
                .reduce(Evaluation.NONE, Evaluation::plus);
    }
}
