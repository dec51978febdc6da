package io.sparkpeft.config;

import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.config.choice.TrainMode;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that says what a run does. Each component is a key of the recipe file, in kebab-case; what a key means and
 * its default stand in {@code reference.conf} beside this class.
 */
public record Recipe(
        String name,
        long seed,
        TaskRecipe task,
        ModelRecipe model,
        DataRecipe data,
        ImportanceRecipe importance,
        PruneRecipe prune,
        UpdateRecipe update,
        TrainRecipe train,
        RefineRecipe refine,
        EvaluateRecipe evaluate,
        OutputRecipe output) {

    /** The metric that decides: the recipe's, or the usual one of the task. */
    public Metric metric() {
        if (evaluate.metric() != Metric.AUTO) {
            return evaluate.metric();
        }
        return task.type().isLanguageModel() ? Metric.CROSS_ENTROPY : Metric.ACCURACY;
    }

    /** The criterion of the update mask: the recipe's, or the one that importance names. */
    public String updateCriterion() {
        return update.criterion().isEmpty() ? importance.criterion() : update.criterion();
    }

    /** Most passes of pruning and tuning, those that are rolled back included. */
    public int maxPhases() {
        return refine.maxPhases() == 0 ? prune.phases() : refine.maxPhases();
    }

    /** Where the tokenizer is: the recipe's path, or the model's. */
    public String tokenizerPath() {
        return model.tokenizer().isEmpty() ? model.path() : model.tokenizer();
    }

    /** Everything that a run reads: its model, its tokenizer and all corpora. */
    public List<String> inputs() {
        return Stream.of(
                        List.of(model.path(), tokenizerPath()),
                        data.train().paths(),
                        data.dev().paths(),
                        data.test().paths(),
                        importance.generic().paths(),
                        evaluate.retention().paths())
                .flatMap(List::stream)
                .toList();
    }

    /** Where the run directory is: the recipe's path, or {@code runs/NAME}. */
    public String outputDirectory() {
        return output.directory().isEmpty() ? "runs/" + name : output.directory();
    }

    /** Whether the weights that the run starts from are drawn from the seed instead of read. */
    public boolean startsFromRandomWeights() {
        return train.mode() == TrainMode.PRETRAIN || model.initialWeights() == ModelRecipe.InitialWeights.RANDOM;
    }

    /** The same recipe under another name. */
    public Recipe withName(String other) {
        return new Recipe(other, seed, task, model, data, importance, prune, update, train, refine, evaluate, output);
    }

    /** The same recipe for another model. */
    public Recipe withModel(ModelRecipe other) {
        return new Recipe(name, seed, task, other, data, importance, prune, update, train, refine, evaluate, output);
    }

    /** The same recipe with the class names given. */
    public Recipe withLabels(List<String> labels) {
        TaskRecipe other = new TaskRecipe(task.type(), labels);
        return new Recipe(name, seed, other, model, data, importance, prune, update, train, refine, evaluate, output);
    }

    /** The same recipe with other rules for the masks. */
    public Recipe withMasks(PruneRecipe otherPrune, UpdateRecipe otherUpdate) {
        return new Recipe(
                name, seed, task, model, data, importance, otherPrune, otherUpdate, train, refine, evaluate, output);
    }

    /** The same recipe with another training mode, for a baseline. */
    public Recipe withMode(TrainMode mode) {
        return new Recipe(
                name,
                seed,
                task,
                model,
                data,
                importance,
                prune,
                update,
                train.withMode(mode),
                refine,
                evaluate,
                output);
    }
}
