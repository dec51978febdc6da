package io.sparkpeft.run;

import io.sparkpeft.config.PruneRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.UpdateRecipe;
import io.sparkpeft.config.choice.TrainMode;

/** The recipe as each mode reads it. */
public final class ModeRecipes {
    private static final String RANDOM = "random";

    private ModeRecipes() {}

    /**
     * The recipe in another mode: dense and head-only prune nothing, random-mask draws both masks instead of choosing
     * them; everything else, the examples and the steps above all, stays the same.
     */
    public static Recipe of(Recipe recipe, TrainMode mode) {
        Recipe changed = recipe.withMode(mode);
        return switch (mode) {
            case MASKED -> changed;
            case RANDOM_MASK ->
                changed.withMasks(
                        prune(recipe.prune(), recipe.prune().sparsity(), RANDOM), update(recipe.update(), RANDOM));
            case DENSE, HEAD_ONLY, PRETRAIN ->
                changed.withMasks(prune(recipe.prune(), 0, recipe.prune().criterion()), recipe.update());
        };
    }

    private static PruneRecipe prune(PruneRecipe prune, double sparsity, String criterion) {
        return new PruneRecipe(
                sparsity,
                criterion,
                prune.scope(),
                prune.minDensity(),
                prune.maxDensity(),
                prune.schedule(),
                prune.phases());
    }

    private static UpdateRecipe update(UpdateRecipe update, String criterion) {
        return new UpdateRecipe(
                update.density(),
                criterion,
                update.tensors(),
                update.granularity(),
                update.scope(),
                update.minDensity(),
                update.maxDensity());
    }
}
