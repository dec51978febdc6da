package io.sparkpeft.spark.model;

import io.sparkpeft.mask.PruneMasks;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.param.source.PrunedWeights;
import io.sparkpeft.param.source.TunedWeights;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The weights of a model state, made from the base weights while they are read: θ0 inside the prune mask, exactly 0
 * outside it, and the tuned values where there are any.
 */
public final class StateWeights implements WeightSource {
    private final WeightSource weights;
    private final Optional<ParameterMask> kept;
    private final Optional<TunedValues> tuned;

    private StateWeights(WeightSource base, Optional<ParameterMask> kept, Optional<TunedValues> tuned) {
        WeightSource pruned = kept.isPresent() ? new PrunedWeights(base, kept.get()) : base;
        this.weights = tuned.isPresent()
                ? new TunedWeights(pruned, tuned.get().index(), tuned.get().values())
                : pruned;
        this.kept = kept;
        this.tuned = tuned;
    }

    /** Reads what the state consists of. */
    public static StateWeights open(WeightSource base, ModelState state, Configuration configuration) {
        Optional<ParameterMask> kept = state.pruneMask().isNone()
                ? Optional.empty()
                : Optional.of(StateFiles.readMask(state.pruneMask(), base.layout(), configuration));
        Optional<TunedValues> tuned = state.delta().isNone()
                ? Optional.empty()
                : Optional.of(StateFiles.readTuned(state.delta(), base.layout(), configuration));
        return new StateWeights(base, kept, tuned);
    }

    @Override
    public ParameterLayout layout() {
        return weights.layout();
    }

    @Override
    public void read(int tensor, int from, int count, float[] target, int offset) {
        weights.read(tensor, from, count, target, offset);
    }

    /**
     * Everything that was tuned so far and is not pruned, as one set of values: these, and the earlier ones where these
     * say nothing.
     */
    public TunedValues with(TunedValues newer) {
        if (tuned.isEmpty()) {
            return newer;
        }
        MaskIndex all = new MaskIndex(
                tuned.get().index().mask().union(newer.index().mask()).intersect(kept()));
        return new TunedValues(all, all.gather(new TunedWeights(this, newer.index(), newer.values())));
    }

    /** The prune mask; all BODY weights where nothing is pruned. */
    public ParameterMask kept() {
        return kept.orElseGet(() -> PruneMasks.unpruned(layout()));
    }

    /** The tuned weights with their values; none where nothing was tuned. */
    public Optional<TunedValues> tuned() {
        return tuned;
    }

    /** The values at the weights of a mask. */
    public float[] gather(MaskIndex index) {
        return index.gather(this);
    }
}
