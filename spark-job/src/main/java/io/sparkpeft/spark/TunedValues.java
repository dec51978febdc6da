package io.sparkpeft.spark;

import io.sparkpeft.param.MaskIndex;

/**
 * Some weights of a model with the values they were tuned to.
 *
 * @param index which weights
 * @param values absolute, in the order of the index
 */
public record TunedValues(MaskIndex index, float[] values) {
    public TunedValues {
        if (values.length != index.size()) {
            throw new IllegalArgumentException(
                    "Invalid tuned values: %d for %d weights".formatted(values.length, index.size()));
        }
    }

    /** Puts the values of one tensor into place. */
    public void write(int tensor, float[] target) {
        if (index.count(tensor) == 0) {
            return;
        }
        int from = index.offset(tensor);
        if (index.isFull(tensor)) {
            System.arraycopy(values, from, target, 0, target.length);
            return;
        }
        int[] positions = index.indices(tensor);
        for (int i = 0; i < positions.length; i++) {
            target[positions[i]] = values[from + i];
        }
    }
}
