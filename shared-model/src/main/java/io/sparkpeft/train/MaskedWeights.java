package io.sparkpeft.train;

import io.sparkpeft.model.Model;
import io.sparkpeft.param.MaskIndex;

/** Puts a k-vector into a model's live weights. */
public final class MaskedWeights {
    private MaskedWeights() {}

    /** Writes the values at the weights of the mask; every other weight keeps its bits. */
    public static void write(Model<?> model, MaskIndex index, float[] values) {
        for (int t = 0; t < index.layout().count(); t++) {
            if (index.count(t) == 0) {
                continue;
            }
            if (index.isFull(t)) {
                model.backend().upload(values, index.offset(t), model.parameter(t));
            } else {
                model.backend().scatter(values, index.offset(t), index.indices(t), model.parameter(t));
            }
        }
    }
}
