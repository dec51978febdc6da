package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Tensor;

/** Sees the intermediate results of a forward pass, for comparison with other implementations. */
@FunctionalInterface
public interface ActivationTap {
    /**
     * @param name of the result, such as "layer.0.attention.probabilities"
     * @param value valid during the call only
     */
    void record(String name, Tensor value);
}
