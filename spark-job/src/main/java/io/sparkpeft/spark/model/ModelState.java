package io.sparkpeft.spark.model;

import java.io.Serializable;

/**
 * An immutable snapshot of the model: the base weights, set to 0 outside the prune mask, with some weights replaced. A
 * run moves from state to state, and every state can be opened again.
 *
 * @param base the pre-trained model
 * @param pruneMask the weights kept; none means all
 * @param delta the weights that were tuned, with their values; none means none
 */
public record ModelState(ModelReference base, Artefact pruneMask, Artefact delta) implements Serializable {
    public static ModelState of(ModelReference base) {
        return new ModelState(base, Artefact.NONE, Artefact.NONE);
    }

    public ModelState withPruneMask(Artefact mask) {
        return new ModelState(base, mask, delta);
    }

    public ModelState withDelta(Artefact newDelta) {
        return new ModelState(base, pruneMask, newDelta);
    }
}
