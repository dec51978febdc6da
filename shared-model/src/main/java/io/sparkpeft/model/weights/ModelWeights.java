package io.sparkpeft.model.weights;

import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.layer.Weight;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;

/** The weights of one model in the memory of its backend, tensor by tensor. Serves the model's thread. */
public interface ModelWeights extends AutoCloseable {
    ParameterLayout layout();

    /** One tensor; the same object until the weights are closed. */
    Weight weight(int tensor);

    /** The live values of a tensor, as {@link Weight#tensor} says. */
    default Tensor tensor(int tensor) {
        return weight(tensor).tensor();
    }

    /**
     * Replaces the weights of a mask; every other weight keeps its bits.
     *
     * @param values in the order of the index
     * @throws IllegalArgumentException if one of them is not this model's own to change
     */
    void write(MaskIndex index, MaskVector values);

    /** Gives the memory back, or lets go of what is shared; more than once does nothing. */
    @Override
    void close();
}
