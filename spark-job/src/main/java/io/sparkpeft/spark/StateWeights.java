package io.sparkpeft.spark;

import io.sparkpeft.mask.PruneMasks;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The weights of a model state, made tensor by tensor from the base weights: θ0 inside the prune mask, exactly 0 outside
 * it, and the tuned values where there are any.
 */
public final class StateWeights {
    private final Parameters base;
    private final Optional<ParameterMask> kept;
    private final Optional<TunedValues> tuned;

    private StateWeights(Parameters base, Optional<ParameterMask> kept, Optional<TunedValues> tuned) {
        this.base = base;
        this.kept = kept;
        this.tuned = tuned;
    }

    /** Reads what the state consists of. */
    public static StateWeights open(Parameters base, ModelState state, Configuration configuration) {
        Optional<ParameterMask> kept = state.pruneMask().isNone()
                ? Optional.empty()
                : Optional.of(StateFiles.readMask(state.pruneMask(), base.layout(), configuration));
        Optional<TunedValues> tuned = state.delta().isNone()
                ? Optional.empty()
                : Optional.of(StateFiles.readTuned(state.delta(), base.layout(), configuration));
        return new StateWeights(base, kept, tuned);
    }

    public ParameterLayout layout() {
        return base.layout();
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
        Parameters values = parameters();
        newer.index().scatter(newer.values(), values);
        return new TunedValues(all, all.gather(values));
    }

    /** The prune mask; all BODY weights where nothing is pruned. */
    public ParameterMask kept() {
        return kept.orElseGet(() -> PruneMasks.unpruned(base.layout()));
    }

    /** The tuned weights with their values; none where nothing was tuned. */
    public Optional<TunedValues> tuned() {
        return tuned;
    }

    /** The values of one tensor; the base's own array where the state does not differ from it. Not to be changed. */
    public float[] tensor(int tensor) {
        float[] original = base.tensor(tensor);
        boolean prunes = kept.isPresent()
                && base.layout().tensor(tensor).role() == TensorRole.BODY
                && !kept.get().isFull(tensor);
        boolean tunes = tuned.isPresent() && tuned.get().index().count(tensor) > 0;
        if (!prunes && !tunes) {
            return original;
        }
        float[] values = original.clone();
        if (prunes) {
            RoaringBitmap pruned = RoaringBitmap.flip(kept.get().tensor(tensor), 0L, values.length);
            for (IntIterator i = pruned.getIntIterator(); i.hasNext(); ) {
                values[i.next()] = 0f;
            }
        }
        if (tunes) {
            tuned.get().write(tensor, values);
        }
        return values;
    }

    /** All weights, in arrays of their own. */
    public Parameters parameters() {
        float[][] values = new float[base.layout().count()][];
        for (int t = 0; t < values.length; t++) {
            float[] tensor = tensor(t);
            values[t] = tensor == base.tensor(t) ? tensor.clone() : tensor;
        }
        return new Parameters(base.layout(), values);
    }

    /** The values at the weights of a mask. */
    public float[] gather(MaskIndex index) {
        return index.gather(parameters());
    }
}
