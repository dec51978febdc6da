package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.DataRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.TrainRecipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.config.bind.RecordWriter;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.dl4j.MaskedAveragingTrainingMaster;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.run.ModeRecipes;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a recipe says of a DL4J network. A key that means nothing for a network must have its default. */
final class NetworkRecipe {
    private static final Set<String> READ = Set.of(
            "name",
            "seed",
            "task.labels",
            "model.path",
            "data.train.paths",
            "data.train.format",
            "data.dev.paths",
            "data.dev.format",
            "data.test.paths",
            "data.test.format",
            "data.label-column",
            "data.feature-columns",
            "data.header",
            "data.columns",
            "data.split.by",
            "data.split.dev",
            "data.split.test",
            "data.shards",
            "data.quarantine-share",
            "importance.criterion",
            "importance.examples",
            "prune.sparsity",
            "prune.criterion",
            "prune.scope",
            "update.density",
            "update.criterion",
            "update.scope",
            "train.mode",
            "train.epochs",
            "train.batch-size",
            "train.local-steps",
            "train.clip-norm",
            "train.moments",
            "evaluate.baselines",
            "evaluate.metric",
            "evaluate.gate.metric",
            "output.directory",
            "output.watts-per-core");
    private static final Set<TrainMode> MODES = EnumSet.of(TrainMode.MASKED, TrainMode.DENSE, TrainMode.RANDOM_MASK);
    private static final List<String> LEAST = List.of("model.path=x", "data.train.paths=x", "data.dev.paths=x");

    private final Recipe recipe;

    private NetworkRecipe(Recipe recipe) {
        this.recipe = recipe;
    }

    /** @throws JobException if the recipe asks for what there is not for a network */
    static NetworkRecipe of(Recipe recipe) {
        Map<String, String> defaults = RecordWriter.flat(RecipeFile.parse("", "defaults", LEAST));
        RecordWriter.flat(recipe).forEach((key, value) -> {
            if (!READ.contains(key) && !value.equals(defaults.get(key))) {
                throw JobException.config(
                        "Invalid %s: %s means nothing for a DL4J network%s".formatted(key, value, hint(key)));
            }
        });
        NetworkRecipe checked = new NetworkRecipe(recipe);
        checked.check();
        return checked;
    }

    private static String hint(String key) {
        return switch (key) {
            case "train.learning-rate", "train.beta1", "train.beta2", "train.epsilon", "train.schedule" ->
                ", whose updater is part of its own configuration";
            case "train.steps" -> "; say train.epochs";
            case "task.type" -> ", which is tuned as a classifier";
            default -> "";
        };
    }

    private void check() {
        TrainRecipe train = recipe.train();
        require(
                train.epochs() == Math.rint(train.epochs()) && train.epochs() <= Integer.MAX_VALUE,
                "train.epochs",
                "%s is no whole number".formatted(train.epochs()));
        modes().forEach(mode -> require(
                MODES.contains(mode),
                mode == train.mode() ? "train.mode" : "evaluate.baselines",
                "%s; for a DL4J network there are masked, dense and random-mask".formatted(Names.value(mode))));
        require(
                recipe.prune().scope() == recipe.update().scope(),
                "update.scope",
                "%s, where prune.scope is %s; for a DL4J network both are the same"
                        .formatted(
                                Names.value(recipe.update().scope()),
                                Names.value(recipe.prune().scope())));
        require(
                recipe.data().split().by() != DataRecipe.SplitRule.TAIL,
                "data.split.by",
                "tail; the rows of tables have no order, use hash");
        settings(train.mode(), "");
    }

    private static void require(boolean holds, String key, String what) {
        if (!holds) {
            throw JobException.config("Invalid %s: %s".formatted(key, what));
        }
    }

    Recipe recipe() {
        return recipe;
    }

    /** The baselines, then the recipe's own mode. */
    List<TrainMode> modes() {
        List<TrainMode> modes = new java.util.ArrayList<>(recipe.evaluate().baselines());
        modes.remove(recipe.train().mode());
        modes.add(recipe.train().mode());
        return modes;
    }

    /**
     * What a training master of one mode is told: same examples, same steps.
     *
     * @param checkpoints directory of its checkpoints; empty for none
     */
    MaskedAveragingSettings settings(TrainMode mode, String checkpoints) {
        Recipe changed = ModeRecipes.of(recipe, mode);
        boolean dense = mode == TrainMode.DENSE;
        return MaskedAveragingTrainingMaster.builder()
                .sparsity(changed.prune().sparsity())
                .density(dense ? 1 : changed.update().density())
                .pruneCriterion(changed.prune().criterion())
                .updateCriterion(changed.updateCriterion())
                .scope(Names.value(recipe.update().scope()))
                .importanceExamples(recipe.importance().examples())
                .batchSizePerWorker(recipe.train().batchSize())
                .averagingFrequency(recipe.train().localSteps())
                .epochs((int) recipe.train().epochs())
                .clipNorm(recipe.train().clipNorm())
                .seed(recipe.seed())
                .checkpointDirectory(checkpoints)
                .moments(recipe.train().moments())
                .build()
                .settings();
    }
}
