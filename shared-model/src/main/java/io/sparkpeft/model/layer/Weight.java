package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Tensor;

/**
 * A tensor of the model in the backend's memory.
 *
 * @param index in the layout
 * @param tensor its live values
 */
public record Weight(int index, Tensor tensor) {}
