package io.sparkpeft.config.file;

import io.sparkpeft.config.DataRecipe;
import io.sparkpeft.config.DataRecipe.SplitRule;
import io.sparkpeft.config.PruneRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.RefineRecipe;
import io.sparkpeft.config.TrainRecipe;
import io.sparkpeft.config.UpdateRecipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.config.bind.Places;
import io.sparkpeft.config.choice.MaskScope;
import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.mask.Granularity;
import java.util.EnumSet;
import java.util.Set;

/** What the keys of a recipe demand of one another. */
final class RecipeRules {
    /** What 1 less a share may be off the decimal number that the recipe means. */
    private static final double SLACK = 1e-9;

    private static final Set<TrainMode> BASELINES =
            EnumSet.of(TrainMode.DENSE, TrainMode.RANDOM_MASK, TrainMode.HEAD_ONLY);

    private final Recipe recipe;
    private final Places places;

    private RecipeRules(Recipe recipe, Places places) {
        this.recipe = recipe;
        this.places = places;
    }

    static void check(Recipe recipe, Places places) {
        NameRules.check(recipe, places);
        RecipeRules rules = new RecipeRules(recipe, places);
        rules.task();
        rules.data();
        rules.split();
        rules.prune();
        rules.update();
        rules.train();
        rules.refine();
        rules.evaluate();
    }

    private void require(boolean holds, String key, String what, Object... arguments) {
        if (!holds) {
            throw places.invalid(key, what.formatted(arguments));
        }
    }

    private void task() {
        boolean languageModel = recipe.task().type().isLanguageModel();
        String type = Names.value(recipe.task().type());
        require(!recipe.model().path().isEmpty(), "model.path", "it is empty; name the checkpoint's directory");
        require(
                !languageModel || recipe.task().labels().isEmpty(),
                "task.labels",
                "a task of type %s has no labels",
                type);
        require(
                recipe.task().labels().stream().distinct().count()
                        == recipe.task().labels().size(),
                "task.labels",
                "a label is named twice");
        require(
                !languageModel || recipe.metric() == Metric.CROSS_ENTROPY,
                "evaluate.metric",
                "%s cannot be measured for a task of type %s",
                Names.value(recipe.metric()),
                type);
        require(
                !languageModel || recipe.data().pairColumn().isEmpty(),
                "data.pair-column",
                "a task of type %s reads single texts",
                type);
    }

    private void data() {
        DataRecipe data = recipe.data();
        require(!data.train().isEmpty(), "data.train.paths", "it is empty; name the training examples");
        require(
                data.longText() == DataRecipe.LongText.TRUNCATE
                        || recipe.task().type().isLanguageModel(),
                "data.long-text",
                "only texts of a language model can be split");
        require(
                data.columns().isEmpty() || !data.header(),
                "data.columns",
                "the files name their columns themselves; set data.header = false if they do not");
    }

    private void split() {
        DataRecipe data = recipe.data();
        DataRecipe.Split split = data.split();
        if (split.by() == SplitRule.FILES) {
            require(
                    !data.dev().isEmpty(),
                    "data.dev.paths",
                    "it is empty; name the examples that phases are judged by");
            require(split.dev() == 0, "data.split.dev", "split.by = files takes data.dev.paths, not a share");
            require(split.test() == 0, "data.split.test", "split.by = files takes data.test.paths, not a share");
            return;
        }
        String by = Names.value(split.by());
        require(data.dev().isEmpty(), "data.dev.paths", "split.by = %s takes dev from the training examples", by);
        require(data.test().isEmpty(), "data.test.paths", "split.by = %s takes test from the training examples", by);
        require(
                split.dev() > 0,
                "data.split.dev",
                "it is 0; split.by = %s takes that share of the examples for dev",
                by);
        require(
                split.dev() + split.test() < 1,
                "data.split.dev",
                "%s for dev and %s for test leave nothing to train on",
                split.dev(),
                split.test());
    }

    private void prune() {
        PruneRecipe prune = recipe.prune();
        boolean pretrain = recipe.train().mode() == TrainMode.PRETRAIN;
        require(prune.isOff() || !pretrain, "prune.sparsity", "train.mode = pretrain does not prune");
        guards("prune", prune.minDensity(), prune.maxDensity(), 1 - prune.sparsity(), prune.isOff());
        require(
                prune.phases() == 1 || !prune.isOff(),
                "prune.phases",
                "%d phases need a prune.sparsity above 0",
                prune.phases());
    }

    private void update() {
        UpdateRecipe update = recipe.update();
        double left = 1 - recipe.prune().sparsity();
        require(
                update.isAllThatRemains() || update.density() <= left + SLACK,
                "update.density",
                "%s is more than the %s that prune.sparsity leaves",
                update.density(),
                rounded(left));
        guards("update", update.minDensity(), update.maxDensity(), update.density(), update.isAllThatRemains());
        if (update.granularity() != Granularity.ELEMENT && !update.isAllThatRemains()) {
            channels(update);
        }
    }

    private void channels(UpdateRecipe update) {
        String whole = Names.value(update.granularity());
        require(
                update.scope() != MaskScope.PER_ROW,
                "update.scope",
                "per-row compares single weights; update.granularity = %s takes whole %s",
                whole,
                whole);
        require(
                update.minDensity() == 0,
                "update.min-density",
                "whole %s seldom meet a least share; it needs update.granularity = element",
                whole);
        require(
                recipe.refine().dropAndGrow().isOff(),
                "refine.drop-and-grow.every-rounds",
                "it exchanges single weights, and update.granularity = %s tunes whole %s",
                whole,
                whole);
    }

    private void guards(String section, double min, double max, double density, boolean off) {
        if (off) {
            return;
        }
        double kept = rounded(density);
        require(
                min <= density + SLACK,
                section + ".min-density",
                "%s is more than the %s that is kept in all",
                min,
                kept);
        require(
                max >= density - SLACK,
                section + ".max-density",
                "%s is less than the %s that is kept in all",
                max,
                kept);
    }

    private static double rounded(double share) {
        return Math.rint(share * 1e9) / 1e9;
    }

    private void train() {
        TrainRecipe train = recipe.train();
        require(
                train.warmupSteps() == 0 || train.warmupShare() == 0,
                "train.warmup-share",
                "the warm-up is set twice, by warmup-steps and by warmup-share");
        require(
                train.steps() == 0 || train.warmupSteps() < train.steps(),
                "train.warmup-steps",
                "%d is not less than the %d of train.steps",
                train.warmupSteps(),
                train.steps());
        require(
                recipe.importance().genericWeight() == 0
                        || !recipe.importance().generic().isEmpty(),
                "importance.generic-weight",
                "it needs text in importance.generic.paths");
    }

    private void refine() {
        RefineRecipe refine = recipe.refine();
        int phases = recipe.prune().phases();
        require(
                refine.maxPhases() == 0 || refine.maxPhases() >= phases,
                "refine.max-phases",
                "%d is less than the %d of prune.phases",
                refine.maxPhases(),
                phases);
        require(
                refine.reference() != RefineRecipe.Reference.DENSE
                        || recipe.evaluate().baselines().contains(TrainMode.DENSE),
                "refine.reference",
                "dense needs dense among evaluate.baselines");
        requireRetention(refine.maxDeltaCe().isPresent(), "refine.max-delta-ce");
    }

    private void evaluate() {
        for (TrainMode mode : recipe.evaluate().baselines()) {
            require(
                    BASELINES.contains(mode),
                    "evaluate.baselines",
                    "%s is no baseline; there are: dense, random-mask, head-only",
                    Names.value(mode));
        }
        requireRetention(recipe.evaluate().gate().maxDeltaCe().isPresent(), "evaluate.gate.max-delta-ce");
    }

    private void requireRetention(boolean limited, String key) {
        require(
                !limited || !recipe.evaluate().retention().isEmpty(),
                key,
                "it needs text in evaluate.retention.paths to be measured on");
    }
}
