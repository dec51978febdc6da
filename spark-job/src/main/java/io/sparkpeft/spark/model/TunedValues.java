package io.sparkpeft.spark.model;

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
}
