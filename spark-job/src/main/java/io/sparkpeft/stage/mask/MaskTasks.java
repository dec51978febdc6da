package io.sparkpeft.stage.mask;

import io.sparkpeft.config.PruneRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.UpdateRecipe;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.mask.DensityGuards;
import io.sparkpeft.mask.PruneMasks;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.TensorFilter;
import io.sparkpeft.mask.UpdateMasks;
import io.sparkpeft.param.ParameterMask;
import java.util.function.Supplier;

/** What a recipe's masks are to be chosen from, and how many weights. */
public final class MaskTasks {
    private MaskTasks() {}

    /**
     * The choice of the weights that stay at a sparsity.
     *
     * @param kept the weights that are not pruned yet
     * @throws JobException if the recipe asks for what the model does not have
     */
    public static SelectionTask prune(Recipe recipe, ParameterMask kept, double sparsity) {
        PruneRecipe prune = recipe.prune();
        ImportanceCriterion criterion = criterion(prune.criterion(), MaskUse.PRUNE);
        TensorFilter filter = TensorFilter.PRUNING.where(criterion::scores);
        DensityGuards guards = new DensityGuards(prune.minDensity(), prune.maxDensity());
        return asked(() -> PruneMasks.task(kept, filter, sparsity, guards));
    }

    /**
     * The choice of the weights that are tuned.
     *
     * @param kept the weights that are not pruned
     * @throws JobException if the recipe asks for what the model does not have
     */
    public static SelectionTask update(Recipe recipe, ParameterMask kept) {
        UpdateRecipe update = recipe.update();
        DensityGuards guards = new DensityGuards(update.minDensity(), update.maxDensity());
        return asked(() -> UpdateMasks.task(kept, tunable(recipe), update.density(), guards)
                .of(update.granularity()));
    }

    /** The tensors whose weights may be tuned. */
    public static TensorFilter tunable(Recipe recipe) {
        return recipe.update().tensors().filter().where(criterion(recipe.updateCriterion(), MaskUse.UPDATE)::scores);
    }

    private static ImportanceCriterion criterion(String name, MaskUse use) {
        ImportanceCriterion criterion = ImportanceCriterion.named(name);
        if (!criterion.uses().contains(use)) {
            throw JobException.config("Invalid criterion: %s says nothing of which weights to %s"
                    .formatted(name, use == MaskUse.PRUNE ? "prune" : "tune"));
        }
        return criterion;
    }

    private static SelectionTask asked(Supplier<SelectionTask> task) {
        try {
            return task.get();
        } catch (IllegalArgumentException e) {
            throw JobException.config(e.getMessage());
        }
    }
}
