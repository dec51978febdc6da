package io.sparkpeft.mask;

import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;

/**
 * Update masks U, which hold the weights that are tuned: some of the BODY weights kept by pruning, and all of the head.
 * Density is the share of all BODY weights.
 */
public final class UpdateMasks {
    private UpdateMasks() {}

    /**
     * The selection of the BODY weights to tune.
     *
     * @throws IllegalArgumentException if pruning and filter leave fewer weights than the density asks for
     */
    public static SelectionTask task(ParameterMask kept, TensorFilter filter, double density, DensityGuards guards) {
        ParameterMask candidates = kept.intersect(filter.all(kept.layout()));
        long asked = Math.round(density * kept.layout().size(TensorRole.BODY));
        // Where the weights pruned and those tuned are rounded up both, all that remain are one too few.
        long keep = asked == candidates.count() + 1 ? candidates.count() : asked;
        if (keep > candidates.count()) {
            throw new IllegalArgumentException("Cannot tune %d weights (density %s): only %d may be chosen"
                    .formatted(keep, density, candidates.count()));
        }
        return new SelectionTask(candidates, keep, guards);
    }

    /** The update mask of the weights selected. */
    public static ParameterMask finish(ParameterMask selected) {
        return selected.union(ParameterMask.all(selected.layout(), TensorRole.HEAD));
    }

    /** Tunes every weight that pruning left. */
    public static ParameterMask allThatRemains(ParameterMask kept) {
        return kept.intersect(ParameterMask.all(kept.layout(), TensorRole.BODY, TensorRole.HEAD));
    }

    /** Tunes every weight that pruning left in some tensors, and the head. */
    public static ParameterMask allThatRemains(ParameterMask kept, TensorFilter filter) {
        return finish(kept.intersect(filter.all(kept.layout())));
    }

    /** Tunes the task head alone. */
    public static ParameterMask headOnly(ParameterLayout layout) {
        return ParameterMask.all(layout, TensorRole.HEAD);
    }
}
