package io.sparkpeft.mask;

import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;

/**
 * Prune masks P, which hold the weights that are kept. Sparsity is the share of the BODY weights that are pruned,
 * whatever tensors pruning may choose from. What is pruned stays pruned.
 */
public final class PruneMasks {
    private PruneMasks() {}

    /** The mask that keeps every weight. */
    public static ParameterMask unpruned(ParameterLayout layout) {
        return ParameterMask.all(layout, TensorRole.values());
    }

    /** Share of the BODY weights that are pruned. */
    public static double sparsity(ParameterMask kept) {
        return 1 - kept.density();
    }

    /**
     * The selection, among the weights kept so far, of those that stay at a higher sparsity.
     *
     * @throws IllegalArgumentException if more is pruned already, or the tensors of the filter hold too few weights
     */
    public static SelectionTask task(ParameterMask kept, TensorFilter filter, double sparsity, DensityGuards guards) {
        long body = kept.layout().size(TensorRole.BODY);
        long pruned = body - kept.count(TensorRole.BODY);
        long more = Math.round(sparsity * body) - pruned;
        ParameterMask candidates = kept.intersect(filter.all(kept.layout()));
        if (more < 0 || more > candidates.count()) {
            throw new IllegalArgumentException(
                    "Cannot prune to sparsity %s: of %d weights %d are pruned already and %d may be"
                            .formatted(sparsity, body, pruned, candidates.count()));
        }
        return new SelectionTask(candidates, candidates.count() - more, guards);
    }

    /** The new prune mask: the candidates that were not selected are pruned too. */
    public static ParameterMask finish(ParameterMask kept, SelectionTask task, ParameterMask selected) {
        return kept.without(task.candidates()).union(selected);
    }
}
