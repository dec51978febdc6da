package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Tensor;

/** A tensor of the model, however it is held. */
public interface Weight {
    /** Number of the tensor in the layout. */
    int index();

    int rows();

    int columns();

    /** Its live values in the backend's memory, [rows, columns]. Those of a matrix that is held packed are valid until
     * the next packed one is asked for. */
    Tensor tensor();
}
