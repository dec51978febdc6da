package io.sparkpeft.dl4j.network;

import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;

/**
 * The masks of a network.
 *
 * @param kept prune mask P: the weights that stay
 * @param tuned update mask U ⊆ P
 */
public record Masks(ParameterMask kept, ParameterMask tuned) {
    /** Sets what P prunes to 0. */
    public void prune(Network network) {
        Parameters weights = FlatWeights.split(kept.layout(), network.weights());
        kept.zeroOutside(weights);
        network.setWeights(FlatWeights.join(weights));
    }

    /**
     * Checks bit by bit that pruned weights are 0 and untuned ones as they were.
     *
     * @throws IllegalStateException if one is not
     */
    public void require(Network before, Network after) {
        float[] old = before.weights();
        float[] tunedWeights = after.weights();
        for (int t = 0; t < kept.layout().count(); t++) {
            if (kept.layout().tensor(t).role() == TensorRole.FROZEN) {
                continue;
            }
            int offset = Math.toIntExact(kept.layout().offset(t));
            for (int i = 0; i < kept.layout().tensor(t).size(); i++) {
                float expected = kept.contains(t, i) ? old[offset + i] : 0;
                boolean same = Float.floatToRawIntBits(tunedWeights[offset + i]) == Float.floatToRawIntBits(expected);
                if (!tuned.contains(t, i) && !same) {
                    throw new IllegalStateException("Cannot trust the result: weight %d of %s is %s, not %s"
                            .formatted(i, kept.layout().tensor(t).name(), tunedWeights[offset + i], expected));
                }
            }
        }
    }
}
