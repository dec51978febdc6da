package io.sparkpeft.run;

import io.sparkpeft.config.PruneRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.mask.refine.PruneSchedule;

/**
 * How sparse the model is to be after the next phase. Follows the recipe's schedule while phases are accepted; after a
 * roll-back the step from the accepted sparsity is halved, and stays so.
 *
 * @param number of the phase, from 1
 * @param accepted sparsity of the last accepted state
 * @param sparsity that this phase prunes to
 * @param step largest rise of sparsity in one phase
 */
public record PhasePlan(int number, double accepted, double sparsity, double step) {
    /** A smaller rise of sparsity is not worth a phase. */
    private static final double SMALLEST_STEP = 0.005;

    public static PhasePlan first(Recipe recipe) {
        return new PhasePlan(1, 0, scheduled(recipe, 1), 1);
    }

    /** The phase after this one was accepted. */
    public PhasePlan afterAcceptance(Recipe recipe) {
        double next = Math.min(scheduled(recipe, number + 1), sparsity + step);
        return new PhasePlan(number + 1, sparsity, Math.max(sparsity, next), step);
    }

    /** The phase after this one was rolled back. */
    public PhasePlan afterRollBack() {
        double half = (sparsity - accepted) / 2;
        return new PhasePlan(number + 1, accepted, accepted + half, half);
    }

    /** Whether the phase would prune so little more, after a roll-back, that it is not worth it. */
    public boolean isTooSmall() {
        return step < SMALLEST_STEP;
    }

    public boolean reaches(Recipe recipe) {
        return sparsity >= recipe.prune().sparsity() - 1e-9;
    }

    private static double scheduled(Recipe recipe, int phase) {
        PruneRecipe prune = recipe.prune();
        return PruneSchedule.named(Names.value(prune.schedule())).sparsity(phase, prune.phases(), 0, prune.sparsity());
    }
}
