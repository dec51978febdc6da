package io.sparkpeft.stage.evaluate;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.model.Objective;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.run.BatchPlans;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.RunContext;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.model.WeightsInUse;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.train.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Measures a model on the executors: how good it is at the task, and what it still knows of general text. */
public final class EvaluateModel {
    private final Cluster cluster;
    private final RunData data;
    private final Objective pretraining;
    private final BatchPlans plans;
    private final Objective task;
    private final Optional<ShardedData> retention;

    public EvaluateModel(RunContext run, Recipe recipe, BatchPlans plans) {
        this(run.cluster(), run.data(), run.pretraining(), recipe, plans);
    }

    private EvaluateModel(Cluster cluster, RunData data, Objective pretraining, Recipe recipe, BatchPlans plans) {
        this.cluster = cluster;
        this.data = data;
        this.pretraining = pretraining;
        this.plans = plans;
        this.task = recipe.task().type();
        int skip = recipe.evaluate().retention().skip();
        this.retention = data.retention().map(sample -> ShardedData.of(sample, RunData.SAMPLE, skip));
    }

    /** @param inputs of the models that are measured */
    public static EvaluateModel of(Cluster cluster, RunData data, ModelInputs inputs, Recipe recipe) {
        BatchPlans plans = new BatchPlans(recipe, inputs.masking());
        return new EvaluateModel(cluster, data, inputs.pretraining(), recipe, plans);
    }

    /**
     * Measures a model on the task, and on the generic sample where there is one.
     *
     * @param split of the task's examples
     */
    public Measurement measure(WeightsInUse weights, String split) {
        return cluster.profile().stage(Stage.EVALUATE, () -> measureAll(weights, split));
    }

    private Measurement measureAll(WeightsInUse weights, String split) {
        Measurement onTask = measureTask(weights, split);
        if (retention.isEmpty()) {
            return onTask;
        }
        Map<String, Double> values = new LinkedHashMap<>(onTask.values());
        Evaluation generic = score("general text", weights, retention.get(), plans.measuring(pretraining));
        values.put(Measurement.RETENTION, generic.crossEntropy());
        return new Measurement(onTask.examples(), values);
    }

    /** Measures a model on the task alone. */
    public Measurement measureTask(WeightsInUse weights, String split) {
        ShardedData examples = ShardedData.of(data.task(), split, 0);
        return Measurement.of(score(split, weights, examples, plans.measuring(task)), task.isLanguageModel());
    }

    private Evaluation score(String what, WeightsInUse weights, ShardedData examples, BatchPlan plan) {
        String description = "evaluate %d shards of %s".formatted(examples.shards(), what);
        // Summed in shard order, so that the last bit of the loss does not depend on who finished first.
        return cluster
                .onShards(description, weights.backend(), examples.shards(), new EvaluateTask(weights, examples, plan))
                .stream()
                .reduce(Evaluation.NONE, Evaluation::plus);
    }
}
