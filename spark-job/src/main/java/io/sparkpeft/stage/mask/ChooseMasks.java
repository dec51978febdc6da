package io.sparkpeft.stage.mask;

import io.sparkpeft.config.PruneRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.UpdateRecipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.mask.PruneMasks;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.UpdateMasks;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.StateWeights;
import io.sparkpeft.stage.importance.ImportanceArtefact;
import io.sparkpeft.stage.importance.ImportanceSamples;

/** Turns importance into masks: which weights stay, and which of those are tuned. */
public final class ChooseMasks {
    private final Recipe recipe;
    private final SelectMask select;
    private final ImportanceSamples samples;

    public ChooseMasks(Recipe recipe, Cluster cluster, ImportanceSamples samples) {
        this.recipe = recipe;
        this.select = new SelectMask(cluster);
        this.samples = samples;
    }

    /**
     * The prune mask P: all weights but the least important of the body, as many as make the sparsity. Weights that are
     * pruned already stay so.
     *
     * @param weights of the state
     */
    public ParameterMask prune(ModelState state, StateWeights weights, double sparsity) {
        PruneRecipe prune = recipe.prune();
        SelectionTask task = MaskTasks.prune(recipe, weights.kept(), sparsity);
        ParameterMask selected =
                select.select("prune mask", scoring(state, prune.criterion(), true), task, Names.value(prune.scope()));
        return PruneMasks.finish(weights.kept(), task, selected);
    }

    /** The update mask U ⊆ P: the most important of the weights that are not pruned, and the task head. */
    public ParameterMask update(ModelState state, StateWeights weights) {
        UpdateRecipe update = recipe.update();
        String criterion = recipe.updateCriterion();
        SelectionTask task = MaskTasks.update(recipe, weights.kept());
        return UpdateMasks.finish(
                select.select("update mask", scoring(state, criterion, false), task, Names.value(update.scope())));
    }

    /** The weights that may be tuned. */
    public ParameterMask updateCandidates(StateWeights weights) {
        return weights.kept().intersect(MaskTasks.tunable(recipe).all(weights.layout()));
    }

    /** The exchange of tuned weights: the new ones are chosen as an update mask is. */
    public ParameterMask grow(ModelState state, SelectionTask growth) {
        return select.select(
                "grown weights",
                scoring(state, recipe.updateCriterion(), false),
                growth,
                Names.value(recipe.update().scope()));
    }

    private Scoring scoring(ModelState state, String criterion, boolean pruning) {
        ImportanceStatistic statistic = ImportanceCriterion.named(criterion).statistic();
        // Tuning serves the task alone: what the model knows already is spared by what is not pruned.
        double weight = pruning && statistic != ImportanceStatistic.NONE
                ? recipe.importance().genericWeight()
                : 0;
        return new Scoring(
                state,
                criterion,
                samples.onTask(state, statistic),
                weight > 0 ? samples.onGeneric(state, statistic) : ImportanceArtefact.NONE,
                weight,
                recipe.seed());
    }
}
