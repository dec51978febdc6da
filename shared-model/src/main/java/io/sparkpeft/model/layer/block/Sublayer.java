package io.sparkpeft.model.layer.block;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.layer.Flow;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Weight;
import java.util.List;
import java.util.Optional;

/** What a residual branch computes. Remembers what the last forward pass found, for backward. */
public interface Sublayer {
    List<Weight> weights();

    /**
     * output = f(input), or residual + f(input).
     *
     * @param input [rows, hidden]
     * @param residual added to the result, where there is one
     * @param output [kept rows, hidden]
     */
    void forward(Pass pass, Flow flow, Tensor input, Optional<Tensor> residual, Tensor output);

    /**
     * Hands the gradients of the weights to the pass.
     *
     * @param input what {@link #forward} was given
     * @param outputGradient is not changed
     * @param inputGradient written, where it is needed
     */
    void backward(Pass pass, Flow flow, Tensor input, Tensor outputGradient, Optional<Tensor> inputGradient);

    /** Whether it can keep fewer rows than it reads. */
    default boolean canNarrow() {
        return false;
    }
}
