package io.sparkpeft.score;

import io.sparkpeft.command.ModelChoice;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.model.WeightsInUse;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.stage.evaluate.EvaluateModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Measures any model on the recipe's dev and test examples, and on the sample of general text. */
public final class EvaluateChosen {
    private final Recipe recipe;
    private final Cluster cluster;
    private final Consumer<String> say;

    /** @param say is told in sentences what is done and found */
    public EvaluateChosen(Recipe recipe, Cluster cluster, Consumer<String> say) {
        this.recipe = Computation.settle(recipe, cluster.context().getConf());
        this.cluster = cluster;
        this.say = say;
    }

    /**
     * What was measured, by split; that of general text stands with dev.
     *
     * @throws io.sparkpeft.failure.JobException if the model or the data is not there or cannot be used
     */
    public Map<String, Measurement> run(ModelChoice choice) {
        ChosenModel chosen = ChosenModel.of(recipe, choice, cluster.hadoopConfiguration());
        say.accept("model " + chosen.name());
        try (MeasuringData source = new MeasuringData(chosen, cluster, say)) {
            Optional<List<String>> named = chosen.labels();
            RunData data = source.open(named);
            LoadedModel model = chosen.load(named.orElseGet(data::labels), cluster.hadoopConfiguration());
            describe(model);
            return cluster.describe("model " + chosen.name(), () -> measure(chosen, model, general(model, data)));
        }
    }

    private Map<String, Measurement> measure(ChosenModel chosen, LoadedModel model, RunData data) {
        EvaluateModel evaluate = EvaluateModel.of(cluster, data, chosen.inputs(), chosen.recipe());
        WeightsInUse weights = WeightsInUse.of(model.state());
        Map<String, Measurement> measured = new LinkedHashMap<>();
        measured.put(RunData.DEV, evaluate.measure(weights, RunData.DEV));
        if (data.task().manifest().hasSplit(RunData.TEST)) {
            measured.put(RunData.TEST, evaluate.measureTask(weights, RunData.TEST));
        }
        return measured;
    }

    private void describe(LoadedModel model) {
        if (!model.labels().isEmpty()) {
            say.accept("classes: " + String.join(", ", model.labels()));
        }
        if (!model.drawn().isEmpty()) {
            say.accept("not in the checkpoint, drawn from the seed: " + String.join(", ", model.drawn()));
        }
    }

    /** The data without the sample of general text where the model can no longer do what it was pre-trained for. */
    private RunData general(LoadedModel model, RunData data) {
        if (model.languageHead() || data.retention().isEmpty()) {
            return data;
        }
        say.accept("what it knows of general text is not measured: the checkpoint has no head for it");
        return new RunData(data.task(), data.generic(), Optional.empty());
    }
}
