package io.sparkpeft.plan;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.config.choice.TunedTensors;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.console.Lines;
import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.PruneMasks;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.run.PhasePlan;
import io.sparkpeft.stage.mask.MaskTasks;
import java.util.ArrayList;
import java.util.List;

/**
 * The phases of a run if every one is accepted.
 *
 * @param phases in order
 */
record PlannedPhases(List<Phase> phases) {

    /**
     * One pass of pruning and tuning.
     *
     * @param sparsity share of the body that is 0 afterwards
     * @param pruned weights that are 0 afterwards
     * @param tunedBody weights of the body that are tuned
     * @param tunedHead weights of the task head, which is always tuned
     * @param atMost whether whole channels are tuned, which may be somewhat fewer weights of the body
     */
    record Phase(double sparsity, long pruned, long tunedBody, long tunedHead, boolean atMost) {
        long tuned() {
            return tunedBody + tunedHead;
        }
    }

    /** @throws io.sparkpeft.failure.JobException if the masks ask for what the model does not have */
    static PlannedPhases of(Recipe recipe, ParameterLayout layout) {
        List<Phase> phases = new ArrayList<>();
        PhasePlan plan = PhasePlan.first(recipe);
        for (int phase = 0; phase < recipe.prune().phases(); phase++) {
            phases.add(phase(recipe, layout, plan.sparsity()));
            plan = plan.afterAcceptance(recipe);
        }
        return new PlannedPhases(List.copyOf(phases));
    }

    private static Phase phase(Recipe recipe, ParameterLayout layout, double sparsity) {
        ParameterMask all = PruneMasks.unpruned(layout);
        long pruned = 0;
        if (sparsity > 0) {
            SelectionTask task = MaskTasks.prune(recipe, all, sparsity);
            pruned = task.candidates().count() - task.keep();
        }
        long left = layout.size(TensorRole.BODY) - pruned;
        TrainMode mode = recipe.train().mode();
        boolean chooses = mode == TrainMode.MASKED || mode == TrainMode.RANDOM_MASK;
        long tuned = left;
        boolean atMost = false;
        if (mode == TrainMode.HEAD_ONLY) {
            tuned = 0;
        } else if (chooses && recipe.update().isAllThatRemains()) {
            atMost = pruned > 0 && recipe.update().tensors() != TunedTensors.ALL;
            tuned = Math.min(
                    left, recipe.update().tensors().filter().all(layout).count());
        } else if (chooses) {
            tuned = MaskTasks.update(recipe, all).keep();
            atMost = recipe.update().granularity() != Granularity.ELEMENT;
        }
        return new Phase(sparsity, pruned, tuned, layout.size(TensorRole.HEAD), atMost);
    }

    long mostTuned() {
        return phases.stream().mapToLong(Phase::tuned).max().orElse(0);
    }

    void describe(ParameterLayout layout, Lines lines) {
        for (int p = 0; p < phases.size(); p++) {
            Phase phase = phases.get(p);
            String pruned = phase.pruned() == 0
                    ? "nothing pruned"
                    : "%,d weights pruned (%s)".formatted(phase.pruned(), Amounts.share(phase.sparsity()));
            double density = (double) phase.tunedBody() / Math.max(1, layout.size(TensorRole.BODY));
            lines.add(
                    "phase " + (p + 1),
                    "%s, %s%,d of the body tuned (%s) and %,d of the head"
                            .formatted(
                                    pruned,
                                    phase.atMost() ? "at most " : "",
                                    phase.tunedBody(),
                                    Amounts.share(density),
                                    phase.tunedHead()));
        }
    }
}
